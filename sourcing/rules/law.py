"""The law as values: each row of the tables with what stands behind it, found by its code and a day."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol, TypeVar

from sourcing.rules import tables
from sourcing.rules.holidays import Holidays, in_words
from values.refusals import Refused

# Procurements that began earlier stay under the earlier rules (Find a Tender, notice types and sequences).
ACT_BEGAN: Final = date(2025, 2, 24)
DIVISIONS: Final = ("england_and_wales", "scotland", "northern_ireland")


@dataclass(frozen=True, slots=True)
class Basis:
    """What stands behind a row: its section or regulation, how it was checked, and when it holds."""

    source: str
    checked: str
    valid_from: date
    valid_until: date | None
    note: str

    def holds(self, on: date) -> bool:
        """Tell whether the row holds on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which estimated value, VAT included, a contract of one kind is a public contract."""

    code: str
    kind: str
    authority: str
    words: str
    value_gross_pence: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Sum:
    """Another sum, VAT included, on which a duty depends; `over` says that the sum itself is not enough."""

    code: str
    words: str
    over: bool
    value_gross_pence: int
    basis: Basis

    def is_reached(self, *, value_gross_pence: int) -> bool:
        """Tell whether a value with VAT calls for the duty."""
        if self.over:
            return value_gross_pence > self.value_gross_pence
        return value_gross_pence >= self.value_gross_pence


@dataclass(frozen=True, slots=True)
class Period:
    """An entry of the tables of section 54.

    Attributes:
        days: None where there is no minimum.
        in_notice: the tender notice must say that the entry is relied on (regulation 18(2)(s)).
    """

    code: str
    stage: str
    entry: int
    days: int | None
    words: str
    in_notice: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Limit:
    """Another time limit: so many days, months or years, and from when they count."""

    code: str
    words: str
    amount: int
    unit: str
    counts: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the central digital platform."""

    code: str
    name: str
    trigger: str
    due: str
    content: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Standstill:
    """A length of standstill in working days, or an exception from it, which has none."""

    code: str
    kind: str
    working_days: int | None
    words: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a contract may be awarded without a competition."""

    code: str
    paragraphs: str
    name: str
    words: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A ground of changing a contract, with its cap, or a limit; `percent` is None where there is none."""

    code: str
    kind: str
    name: str
    words: str
    percent: int | None
    basis: Basis


class Row(Protocol):
    """What all rows have."""

    @property
    def code(self) -> str:
        """The row's name; several rows may have it, for days that do not overlap."""
        ...

    @property
    def basis(self) -> Basis:
        """What stands behind it."""
        ...


RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True)
class Law:
    """All tables, as an argument: a decision rests on these rows and no others.

    Attributes:
        version: a fingerprint of the tables, to be kept with a date that was computed from them.
    """

    thresholds: tuple[Threshold, ...]
    sums: tuple[Sum, ...]
    periods: tuple[Period, ...]
    limits: tuple[Limit, ...]
    notices: tuple[Notice, ...]
    standstill: tuple[Standstill, ...]
    grounds: tuple[Ground, ...]
    changes: tuple[ChangeRule, ...]
    holidays: Holidays
    version: str

    def sum(self, code: str, on: date) -> Sum:
        """Return a sum in force on a day."""
        return in_force(self.sums, code, on)

    def limit(self, code: str, on: date) -> Limit:
        """Return a time limit in force on a day."""
        return in_force(self.limits, code, on)

    def notice(self, code: str, on: date) -> Notice:
        """Return a notice that is in use on a day."""
        return in_force(self.notices, code, on)

    def standstill_rule(self, code: str, on: date) -> Standstill:
        """Return a rule about standstill in force on a day."""
        return in_force(self.standstill, code, on)

    def change(self, code: str, on: date) -> ChangeRule:
        """Return a rule about changes of a contract in force on a day."""
        return in_force(self.changes, code, on)

    def ground(self, code: str) -> Ground | None:
        """Return a ground of direct award, or None where there is none of this name."""
        return next((each for each in self.grounds if each.code == code), None)


def in_force(rows: Iterable[RowT], code: str, on: date) -> RowT:
    """Return the row of this name that holds on a day; before the Act began, the one of its first day.

    Raises:
        Refused: the tables have none for the day, so that nothing can be said.
    """
    day = max(on, ACT_BEGAN)
    for row in rows:
        if row.code == code and row.basis.holds(day):
            return row
    raise Refused(f"The tables of the law have no “{code}” that holds on {in_words(day)}.")


def with_amount(law: Law, code: str, amount: int) -> tuple[Law, int | None] | None:
    """Return the law with another number of days in one row, and the number it had.

    None where no row of periods, limits or lengths of standstill has the name.
    """
    for period in law.periods:
        if period.code == code:
            other = tuple(replace(row, days=amount) if row.code == code else row for row in law.periods)
            return replace(law, periods=other), period.days
    for limit in law.limits:
        if limit.code == code:
            other = tuple(replace(row, amount=amount) if row.code == code else row for row in law.limits)
            return replace(law, limits=other), limit.amount
    for rule in law.standstill:
        if rule.code == code and rule.working_days is not None:
            other = tuple(
                replace(row, working_days=amount) if row.code == code else row for row in law.standstill
            )
            return replace(law, standstill=other), rule.working_days
    return None


@functools.cache
def law() -> Law:
    """Return the law as the tables of this version have it."""
    return Law(
        _rows("thresholds", _threshold),
        _rows("money", _sum),
        _rows("periods", _period),
        _rows("limits", _limit),
        _rows("notices", _notice),
        _rows("standstill", _standstill),
        _rows("direct-award", _ground),
        _rows("modifications", _change),
        _holidays(),
        tables.version(),
    )


Made = TypeVar("Made")


def _rows(code: str, make: Callable[[Mapping[str, str], Basis], Made]) -> tuple[Made, ...]:
    return tuple(make(row, basis_of(row)) for row in tables.table(code).rows)


def basis_of(row: Mapping[str, str]) -> Basis:
    """Return what stands behind a row, from its cells."""
    return Basis(
        row["source"],
        row["checked"],
        date.fromisoformat(row["valid_from"]),
        tables.day_or_none(row["valid_until"]),
        row["note"],
    )


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _threshold(row: Mapping[str, str], basis: Basis) -> Threshold:
    value = int(row["value_gross_pence"])
    return Threshold(row["code"], row["kind"], row["authority"], row["words"], value, basis)


def _sum(row: Mapping[str, str], basis: Basis) -> Sum:
    over = {"over": True, "at least": False}[row["comparison"]]
    return Sum(row["code"], row["words"], over, int(row["value_gross_pence"]), basis)


def _period(row: Mapping[str, str], basis: Basis) -> Period:
    in_notice = row["stated_in_notice"] == "yes"
    days = _number(row["days"])
    return Period(row["code"], row["stage"], int(row["entry"]), days, row["words"], in_notice, basis)


def _limit(row: Mapping[str, str], basis: Basis) -> Limit:
    return Limit(row["code"], row["words"], int(row["amount"]), row["unit"], row["counts"], basis)


def _notice(row: Mapping[str, str], basis: Basis) -> Notice:
    return Notice(row["code"], row["name"], row["trigger"], row["due"], row["content"], basis)


def _standstill(row: Mapping[str, str], basis: Basis) -> Standstill:
    return Standstill(row["code"], row["kind"], _number(row["working_days"]), row["words"], basis)


def _ground(row: Mapping[str, str], basis: Basis) -> Ground:
    return Ground(row["code"], row["paragraphs"], row["name"], row["words"], basis)


def _change(row: Mapping[str, str], basis: Basis) -> ChangeRule:
    return ChangeRule(row["code"], row["kind"], row["name"], row["words"], _number(row["percent"]), basis)


def _holidays() -> Holidays:
    table = tables.table("bank-holidays")
    days = frozenset(
        date.fromisoformat(row["day"]) for row in table.rows if any(row[name] for name in DIVISIONS)
    )
    if table.reaches_from is None or table.reaches_until is None:
        raise ValueError("the table of bank holidays does not say which days it reaches")
    return Holidays(days, table.reaches_from, table.reaches_until, table.as_of)
