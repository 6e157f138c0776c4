"""What was kept out of markets and why, by body and financial year, and whether it all adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, SmallInteger, Text, bindparam, case, column, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from spend.models import FileState, Marking, PublishedFile
from spend.rules.marking import COUNTED

NO_YEAR: Final = -1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some lines: `counted` in markets, or a reason of `marking.KEPT_OUT`."""

    outcome: str
    lines: int
    pence: int


@dataclass(frozen=True, slots=True)
class BodyYear:
    """What a body published in one year, and how much of it is in markets; no year: lines without a date."""

    body_code: str
    body_name: str
    year: int | None
    lines: int
    pence: int
    counted_lines: int
    counted_pence: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The register of files beside the lines that were looked at; equal unless files are still being marked.

    Attributes:
        read, read_pence: of the files that count.
        marked, marked_pence: of the lines that were looked at.
        behind: bodies whose files changed since their lines were looked at last.
    """

    read: int
    read_pence: int
    marked: int
    marked_pence: int
    behind: Sequence[str]

    @property
    def agrees(self) -> bool:
        """Whether they are equal, to the line and the penny."""
        return (self.read, self.read_pence) == (self.marked, self.marked_pence)


_NEWEST = (
    select(Marking.body_code, Marking.counts, Marking.versions)
    .ext(distinct_on(Marking.body_code))
    .where(
        Marking.body_code.in_(select(PublishedFile.body_code).where(PublishedFile.state == FileState.CURRENT))
    )
    .order_by(Marking.body_code, Marking.marked_at.desc(), Marking.id.desc())
    .subquery()
)
_PART = (
    func.jsonb_to_recordset(_NEWEST.c.counts["years"])
    .table_valued(
        column("year", SmallInteger),
        column("outcome", Text),
        column("lines", BigInteger),
        column("pence", BigInteger),
        name="part",
    )
    .render_derived(with_types=True)
)
_BODY = bindparam("body", type_=Text)
_YEAR = bindparam("year", type_=SmallInteger)
_CHOSEN = (
    or_(_BODY == "", _NEWEST.c.body_code == _BODY),
    or_(_YEAR == 0, func.coalesce(_PART.c.year, NO_YEAR) == _YEAR),
)
_OUTCOMES: Final = (
    select(_PART.c.outcome, func.sum(_PART.c.lines), func.sum(_PART.c.pence))
    .select_from(_NEWEST)
    .join(_PART, onclause=_PART.c.outcome.is_not(None))
    .where(*_CHOSEN)
    .group_by(_PART.c.outcome)
)
_COUNTED_LINES = case((_PART.c.outcome == COUNTED, _PART.c.lines), else_=0)
_COUNTED_PENCE = case((_PART.c.outcome == COUNTED, _PART.c.pence), else_=0)
_YEARS: Final = (
    select(
        _NEWEST.c.body_code,
        Organisation.short_name,
        _PART.c.year,
        func.sum(_PART.c.lines),
        func.sum(_PART.c.pence),
        func.sum(_COUNTED_LINES),
        func.sum(_COUNTED_PENCE),
    )
    .select_from(_NEWEST)
    .join(_PART, onclause=_PART.c.outcome.is_not(None))
    .join(Organisation, Organisation.code == _NEWEST.c.body_code)
    .where(*_CHOSEN)
    .group_by(_NEWEST.c.body_code, Organisation.short_name, _PART.c.year)
    .order_by(Organisation.short_name, _NEWEST.c.body_code, _PART.c.year.desc().nulls_last())
)
_REGISTERED: Final = (
    select(
        PublishedFile.body_code,
        func.sum(PublishedFile.read).label("read"),
        func.sum(PublishedFile.amount_read_pence).label("pence"),
        func.array_agg(PublishedFile.lines_name).label("names"),
    )
    .where(PublishedFile.state == FileState.CURRENT)
    .group_by(PublishedFile.body_code)
    .subquery()
)
_RECONCILED: Final = (
    select(
        Organisation.short_name,
        _REGISTERED.c.read,
        _REGISTERED.c.pence,
        _REGISTERED.c.names,
        _NEWEST.c.versions["files"],
        _NEWEST.c.counts,
    )
    .select_from(_REGISTERED)
    .join(Organisation, Organisation.code == _REGISTERED.c.body_code)
    .outerjoin(_NEWEST, _NEWEST.c.body_code == _REGISTERED.c.body_code)
    .where(or_(_BODY == "", _REGISTERED.c.body_code == _BODY))
    .order_by(Organisation.short_name)
)


async def outcomes(db: AsyncSession, *, body: str = "", year: int = 0) -> dict[str, Outcome]:
    """Return what became of the lines of a body and a year; left out, of all.

    Args:
        db: the session.
        body: the register's code, or empty.
        year: in which the financial year starts, 0 for all, `NO_YEAR` for lines without a date.
    """
    rows = await db.execute(_OUTCOMES, {"body": body, "year": year})
    return {row[0]: Outcome(row[0], int(row[1]), int(row[2])) for row in rows}


async def body_years(db: AsyncSession, *, body: str = "", year: int = 0) -> list[BodyYear]:
    """Return what each body published in each year, and how much of it is in markets."""
    rows = await db.execute(_YEARS, {"body": body, "year": year})
    return [BodyYear(row[0], row[1], row[2], *(int(value) for value in row[3:])) for row in rows]


async def reconciliation(db: AsyncSession, *, body: str = "") -> Reconciliation:
    """Return the register of files beside the lines that were looked at."""
    read = pence = marked = marked_pence = 0
    behind: list[str] = []
    for name, file_lines, file_pence, names, files, counts in await db.execute(_RECONCILED, {"body": body}):
        read, pence = read + int(file_lines), pence + int(file_pence)
        if counts is not None:
            years: list[dict[str, Any]] = counts.get("years", [])
            marked += sum(part["lines"] for part in years)
            marked_pence += sum(part["pence"] for part in years)
        if sorted(names) != sorted(files or []):
            behind.append(str(name))
    return Reconciliation(read, pence, marked, marked_pence, behind)
