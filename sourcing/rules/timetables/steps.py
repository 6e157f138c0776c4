"""Steps of a timetable, and the course that takes them one after the other."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sourcing.rules.counting import working_days_before
from sourcing.rules.holidays import Holidays, Unreached, in_words
from sourcing.rules.law import Basis, Law
from sourcing.rules.overrides import Overridden, Override, Overrides
from values.refusals import Refused


class Kind(enum.StrEnum):
    """What a step's day is: the first lawful one, the last lawful one, or one that somebody chose."""

    EARLIEST = "earliest"
    LATEST = "latest"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a timetable.

    Attributes:
        name: in lower case, as it stands in JSON; "standstill ends" is fixed.
        on: None where it could not be computed; `not_computed` then says why.
        rule: what was counted, in words.
        source, checked: where the rule stands, and how we know.
        overridden: who set something else than the tables give, and why.
    """

    code: str
    name: str
    on: date | None
    kind: Kind
    rule: str
    source: str
    checked: str
    note: str = ""
    not_computed: str = ""
    overridden: Overridden | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a step is called and rests on. `row` is the code of the row of the tables that gave its number."""

    code: str
    name: str
    words: str
    basis: Basis
    note: str = ""
    row: str = ""


@dataclass(slots=True)
class Course:
    """Takes steps in their order; what cannot be computed is marked, and so is what follows from it.

    Attributes:
        law: with the numbers that overrides put in.
        instead_of: for rows with another number, what the tables have, in words.
    """

    law: Law
    overrides: Overrides
    instead_of: dict[str, str] = field(default_factory=dict[str, str])
    steps: list[Step] = field(default_factory=list[Step])
    warnings: list[str] = field(default_factory=list[str])

    def given(self, rule: Rule, on: date) -> date:
        """Take a step on a day that was asked for and that nothing before it bounds."""
        return self._take(rule, on, Kind.CHOSEN, "", given=self._day_override(rule.code)) or on

    def earliest(
        self,
        rule: Rule,
        after: date | None,
        count: Callable[[date], date],
        *,
        chosen: date | None = None,
        asked_as: str = "",
    ) -> date | None:
        """Take a step on its first lawful day, or on a later one that somebody chose.

        Args:
            rule: what it is and rests on.
            after: the day that it is counted from; None where that could not be computed.
            count: gives the first lawful day.
            chosen: the day that was asked for.
            asked_as: the field it was asked in, for the refusal.

        Raises:
            Refused: the chosen day is too early, and no officer answers for it.
        """
        lawful, why = _counted(after, count)
        override = self._day_override(rule.code)
        if chosen and lawful and chosen < lawful and not override:
            raise Refused(
                f"“{rule.name[0].upper()}{rule.name[1:]}” on {in_words(chosen)} is too early: the first "
                f"lawful day is {in_words(lawful)} ({rule.basis.source}).",
                asked_as,
            )
        if chosen is None:
            return self._take(rule, lawful, Kind.EARLIEST, why, given=override)
        note = f"The first lawful day is {in_words(lawful)}." if lawful and chosen > lawful else ""
        if why:
            note = f"Could not be checked. {why}"
        return self._take(_noted(rule, note), chosen, Kind.CHOSEN, "", given=override)

    def latest(self, rule: Rule, after: date | None, count: Callable[[date], date]) -> date | None:
        """Take a step on its last lawful day.

        Where the tables gave the number of days it says what no weekend moves, and five working days before.
        """
        on, why = _counted(after, count)
        if on and rule.row:
            rule = _noted(rule, _reminder(on, self.law.holidays))
        return self._take(rule, on, Kind.LATEST, why, given=self._day_override(rule.code))

    def _day_override(self, code: str) -> Override | None:
        override = self.overrides.get(code)
        return override if override and isinstance(override.value, date) else None

    def _take(
        self, rule: Rule, on: date | None, kind: Kind, why: str, *, given: Override | None
    ) -> date | None:
        shown: Overridden | None = None
        if given and isinstance(given.value, date):
            instead = in_words(on) if on else "a day that could not be computed"
            shown = Overridden(given.officer, given.reason, instead)
            on, kind, why = given.value, Kind.CHOSEN, ""
        elif rule.row in self.instead_of:
            number = self.overrides[rule.row]
            shown = Overridden(number.officer, number.reason, self.instead_of[rule.row])
        self.steps.append(
            Step(
                rule.code,
                rule.name,
                on,
                kind,
                rule.words,
                rule.basis.source,
                rule.basis.checked,
                rule.note,
                why,
                shown,
            )
        )
        return on


def _counted(after: date | None, count: Callable[[date], date]) -> tuple[date | None, str]:
    if after is None:
        return None, "It follows from a day that could not be computed."
    try:
        return count(after), ""
    except Unreached as unreached:
        return None, unreached.message


def _noted(rule: Rule, note: str) -> Rule:
    words = " ".join(part for part in (note, rule.note) if part)
    return Rule(rule.code, rule.name, rule.words, rule.basis, words, rule.row)


def _reminder(on: date, holidays: Holidays) -> str:
    try:
        early = in_words(working_days_before(on, 5, holidays))
        if holidays.is_working_day(on):
            return f"Five working days before it is {early}."
    except Unreached:
        return ""
    return (
        f"It is a {on:%A} and no working day, which does not move it. Five working days before it is {early}."
    )
