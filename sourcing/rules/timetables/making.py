"""A timetable: what was asked, checked and taken step by step, with what a person should know besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sourcing.rules.holidays import in_words
from sourcing.rules.law import ACT_BEGAN, Law, with_amount
from sourcing.rules.overrides import Overrides
from sourcing.rules.thresholds import is_public_contract, threshold
from sourcing.rules.timetables import awarding, below, inviting, living
from sourcing.rules.timetables.asked import Asked, Procedure, check
from sourcing.rules.timetables.steps import Course, Step
from values.money import format_pence
from values.refusals import Refused

USER_CHOICE: Final = (
    "A user choice contract needs no transparency, award, details or termination notice (Schedule 5, "
    "paragraph 15; sections 44(3), 50(6), 53(6) and 80(4)), so that there is nothing to count."
)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The steps of a procurement in their order.

    Attributes:
        warnings: what a person should know before they rely on it.
        version: the fingerprint of the tables that it rests on.
        holidays_as_of: when the list of bank holidays was published.
    """

    asked: Asked
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    version: str
    holidays_as_of: date

    @property
    def not_computed(self) -> str:
        """Why a step has no day, or could not be checked; empty where all is computed."""
        return next((step.not_computed for step in self.steps if step.not_computed), "")


def timetable(asked: Asked, law: Law, overrides: Overrides | None = None) -> Timetable:
    """Return the lawful calendar of a procurement.

    Args:
        asked: what is known and what was chosen.
        law: the tables.
        overrides: what a named officer sets instead, by the code of a step (a day) or of a row (a number).

    Raises:
        Refused: the question contradicts itself or the law, or an override fits nothing.
    """
    check(asked)
    if asked.ground == "user-choice":
        raise Refused(USER_CHOICE, "ground")
    if asked.ground and law.ground(asked.ground) is None:
        raise Refused(f"There is no ground of direct award called “{asked.ground}”.", "ground")
    course = _course(law, overrides or {})
    _compare_value(course, asked)
    if asked.begins < ACT_BEGAN:
        course.warnings.append(
            f"The Procurement Act 2023 is about procurements that began on or after {in_words(ACT_BEGAN)}. "
            "An earlier one stays under the earlier rules, whatever its later dates."
        )
    tenders_in = inviting.take_invitation(course, asked)
    way = below if asked.procedure is Procedure.BELOW_THRESHOLD else awarding
    way.take_award(course, asked, tenders_in)
    if asked.procedure is not Procedure.BELOW_THRESHOLD:
        living.take_life(course, asked)
    _check_overrides(course, overrides or {})
    return Timetable(asked, tuple(course.steps), tuple(course.warnings), law.version, law.holidays.as_of)


def _course(law: Law, overrides: Overrides) -> Course:
    """Return a course under the law with the numbers that officers set."""
    instead: dict[str, str] = {}
    for code, override in overrides.items():
        if isinstance(override.value, int):
            found = with_amount(law, code, override.value)
            if found is None:
                raise Refused(f"The tables of the law have no number of days called “{code}”.")
            law, before = found
            instead[code] = "no minimum" if before is None else f"{before} days"
    return Course(law, overrides, instead)


def _check_overrides(course: Course, overrides: Overrides) -> None:
    taken = {step.code for step in course.steps}
    for code, override in overrides.items():
        if isinstance(override.value, date) and code not in taken:
            raise Refused(f"This timetable has no step called “{code}”.")


def _compare_value(course: Course, asked: Asked) -> None:
    """Compare the value with the threshold, which decides which procedures there are."""
    on, touch = asked.begins, asked.light_touch
    try:
        row = threshold(course.law, asked.contract, light_touch=touch, commenced_on=on)
    except Refused as unknown:
        if unknown.field:
            raise
        if asked.value_gross is not None:
            course.warnings.append(f"The value was not compared. {unknown.message}")
        return
    if asked.value_gross is None:
        return
    value, least = format_pence(asked.value_gross), format_pence(row.value_gross_pence)
    public = is_public_contract(
        course.law,
        asked.contract,
        light_touch=touch,
        commenced_on=on,
        value_gross_pence=asked.value_gross,
    )
    if public and asked.procedure is Procedure.BELOW_THRESHOLD:
        raise Refused(
            f"{value} with VAT is not below the threshold of {least} that holds on {in_words(on)} "
            f"({row.basis.source}). Choose another procedure.",
            "value_gross",
        )
    if not public and asked.procedure is not Procedure.BELOW_THRESHOLD:
        course.warnings.append(
            f"{value} with VAT is below the threshold of {least} that holds on {in_words(on)} "
            f"({row.basis.source}). It is no public contract: the rules below the threshold are enough."
        )


def as_told(made: Timetable) -> Mapping[str, Any]:
    """Return a timetable for programs: what the command prints and the interface answers."""
    return {
        "procedure": made.asked.procedure.value,
        "steps": [_step(step) for step in made.steps],
        "warnings": list(made.warnings),
        "complete": not made.not_computed,
        "law": {"version": made.version, "bank_holidays_as_of": made.holidays_as_of.isoformat()},
    }


def _step(step: Step) -> dict[str, Any]:
    by = step.overridden
    return {
        "name": step.name,
        "date": step.on.isoformat() if step.on else None,
        "rule": f"{step.rule} ({step.source})",
        "kind": step.kind.value,
        "note": step.note,
        "source": step.source,
        "checked": step.checked,
        "code": step.code,
        "not_computed": step.not_computed or None,
        "overridden": {"officer": by.officer, "reason": by.reason, "instead_of": by.instead_of}
        if by
        else None,
    }
