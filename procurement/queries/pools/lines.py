"""The requirements of a pool: its lines with what each council says, their history, what suppliers said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import (
    NeedLine,
    PoolLine,
    PoolLineChange,
    PoolMember,
    PoolSounding,
    PoolStake,
    PoolStance,
)
from procurement.queries.pools.pool import pool_row
from procurement.rules.pools import lines as rules
from procurement.rules.pools.lines import Asked, Outcome, Part, Stance, Status
from procurement.rules.pools.specification import Specification, SpecifiedLine
from procurement.rules.pools.states import Stage
from values.refusals import Missing
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class StanceRow:
    """What a council that is here says to a line."""

    line_id: UUID
    body_code: str
    body_name: str
    stance: str
    reason: str
    person_name: str
    changed_at: datetime

    @property
    def words(self) -> str:
        """The stance in words."""
        return rules.STANCE_WORDS[Stance(self.stance)]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the stances of the councils that are in the pool."""

    id: UUID
    position: int
    text: str
    body_code: str
    body_name: str
    outcome: str | None
    lot: str
    reworded_at: datetime | None
    added_at: datetime
    said: Sequence[StanceRow]

    @property
    def stances(self) -> dict[str, Stance]:
        """The stance of each council that said one."""
        return {each.body_code: Stance(each.stance) for each in self.said}

    @property
    def hard(self) -> bool:
        """Whether a council must have it."""
        return rules.is_hard(self.stances)

    @property
    def part(self) -> Part:
        """Where it stands in the specification."""
        return rules.part(self.outcome, self.stances)

    @property
    def overruled(self) -> bool:
        """Whether it was decided once, and what councils said since bars that."""
        return self.outcome is not None and rules.standing(self.outcome, self.stances) is None

    @property
    def part_words(self) -> str:
        """Where it stands, in words."""
        if self.part is Part.OPEN:
            return "Not settled"
        words = rules.OUTCOME_WORDS[Outcome.COMMON if self.part is Part.ALL else Outcome(self.part.value)]
        return f"In the lot “{self.lot}”" if self.part is Part.LOT else words

    def status(self, councils: int) -> Status:
        """How the stances go together in a pool of so many councils."""
        return rules.status(self.stances, councils)

    def names(self, stance: str) -> list[str]:
        """The short names of the councils with this stance, in the order of the alphabet."""
        return sorted(each.body_name for each in self.said if each.stance == stance)

    def of(self, code: str | None) -> StanceRow | None:
        """What one council says."""
        return next((each for each in self.said if each.body_code == code), None)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of a line; the council is empty where it was the clock."""

    body_name: str
    person_name: str
    what: str
    before: str
    after: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SoundingRow:
    """What a supplier said last about a line, and who wrote it down."""

    line_id: UUID
    supplier_name: str
    can_meet: bool
    note: str
    body_name: str
    person_name: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """How the outcome of a line came about: by vote, or by the lead council."""

    voted: bool
    body_name: str
    reason: str
    at: datetime


_LINE: Final = (
    PoolLine.id,
    PoolLine.position,
    PoolLine.text,
    PoolLine.body_code,
    Organisation.short_name,
    PoolLine.outcome,
    PoolLine.lot,
    PoolLine.reworded_at,
    PoolLine.added_at,
)


async def lines(db: AsyncSession, pool_id: UUID) -> list[LineRow]:
    """Return the lines of a pool in their order."""
    found = await db.execute(
        select(*_LINE)
        .join(Organisation, Organisation.code == PoolLine.body_code)
        .where(PoolLine.pool_id == pool_id)
        .order_by(PoolLine.position)
    )
    said = await _said(db, pool_id)
    return [LineRow(*row, said=said[row[0]]) for row in found]


async def line(db: AsyncSession, pool_id: UUID, line_id: UUID) -> LineRow:
    """Return one line.

    Raises:
        Missing: the pool has no such line, or it is not theirs to see.
    """
    found = next((each for each in await lines(db, pool_id) if each.id == line_id), None)
    if found is None:
        raise Missing("line")
    return found


async def _said(db: AsyncSession, pool_id: UUID) -> Mapping[UUID, list[StanceRow]]:
    rows = await db.execute(
        select(
            PoolStance.line_id,
            PoolStance.body_code,
            Organisation.short_name,
            PoolStance.stance,
            PoolStance.reason,
            PoolStance.person_name,
            PoolStance.changed_at,
        )
        .join(Organisation, Organisation.code == PoolStance.body_code)
        .join(
            PoolMember,
            (PoolMember.pool_id == PoolStance.pool_id) & (PoolMember.body_code == PoolStance.body_code),
        )
        .where(PoolStance.pool_id == pool_id, PoolMember.stage != Stage.WITHDRAWN)
        .order_by(Organisation.short_name)
    )
    found: defaultdict[UUID, list[StanceRow]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(StanceRow(*row))
    return found


async def changes(db: AsyncSession, line_id: UUID) -> list[ChangeRow]:
    """Return the history of a line, the last first."""
    rows = await db.execute(
        select(
            func.coalesce(Organisation.short_name, ""),
            PoolLineChange.person_name,
            PoolLineChange.what,
            PoolLineChange.before,
            PoolLineChange.after,
            PoolLineChange.reason,
            PoolLineChange.at,
        )
        .outerjoin(Organisation, Organisation.code == PoolLineChange.body_code)
        .where(PoolLineChange.line_id == line_id)
        .order_by(PoolLineChange.at.desc(), PoolLineChange.id.desc())
    )
    return [ChangeRow(*row) for row in rows]


async def decisions(db: AsyncSession, pool_id: UUID) -> dict[UUID, Decision]:
    """Return how each line that was decided came to its outcome."""
    rows = await db.execute(
        select(
            PoolLineChange.line_id,
            PoolLineChange.what == "vote closed",
            func.coalesce(Organisation.short_name, ""),
            PoolLineChange.reason,
            PoolLineChange.at,
        )
        .ext(distinct_on(PoolLineChange.line_id))
        .outerjoin(Organisation, Organisation.code == PoolLineChange.body_code)
        .where(
            PoolLineChange.pool_id == pool_id,
            (PoolLineChange.what == "outcome")
            | ((PoolLineChange.what == "vote closed") & (PoolLineChange.after != "")),
        )
        .order_by(PoolLineChange.line_id, PoolLineChange.at.desc(), PoolLineChange.id.desc())
    )
    return {row[0]: Decision(*row[1:]) for row in rows}


async def soundings(db: AsyncSession, pool_id: UUID) -> list[SoundingRow]:
    """Return the last that each supplier said about each line, by supplier."""
    supplier = func.lower(PoolSounding.supplier_name)
    rows = await db.execute(
        select(
            PoolSounding.line_id,
            PoolSounding.supplier_name,
            PoolSounding.can_meet,
            PoolSounding.note,
            Organisation.short_name,
            PoolSounding.person_name,
            PoolSounding.said_at,
        )
        .ext(distinct_on(supplier, PoolSounding.line_id))
        .join(Organisation, Organisation.code == PoolSounding.body_code)
        .where(PoolSounding.pool_id == pool_id)
        .order_by(supplier, PoolSounding.line_id, PoolSounding.said_at.desc(), PoolSounding.id.desc())
    )
    return [SoundingRow(*row) for row in rows]


async def own_need_lines(db: AsyncSession, pool_id: UUID, code: str) -> list[tuple[UUID, str, str]]:
    """Return the requirements of the needs that a council brings: need, must or nice, text."""
    rows = await db.execute(
        select(NeedLine.need_id, NeedLine.kind, NeedLine.text)
        .join(PoolStake, PoolStake.need_id == NeedLine.need_id)
        .where(PoolStake.pool_id == pool_id, PoolStake.body_code == code, PoolStake.active)
        .order_by(NeedLine.need_id, NeedLine.position)
    )
    return [(need_id, kind, text) for need_id, kind, text in rows]


def as_asked(found: Sequence[LineRow], said: Sequence[SoundingRow]) -> list[Asked]:
    """Return lines as their costs are counted from."""
    failing: defaultdict[UUID, set[str]] = defaultdict(set)
    for each in said:
        if not each.can_meet:
            failing[each.line_id].add(each.supplier_name)
    return [
        Asked(each.id, each.position, each.stances, each.outcome, frozenset(failing[each.id]))
        for each in found
    ]


async def specification(db: AsyncSession, pool_id: UUID) -> Specification:
    """Return what a pool will ask for, line by line with who asked for it and how it was settled."""
    pool = await pool_row(db, pool_id)
    decided = await decisions(db, pool_id)
    return Specification(
        pool.title,
        [
            SpecifiedLine(
                number=each.position,
                text=each.text,
                hard=each.hard,
                part=each.part,
                lot=each.lot if each.part is Part.LOT else "",
                must=each.names(Stance.MUST),
                nice=each.names(Stance.NICE),
                cannot=each.names(Stance.CANNOT),
                settled_by=_settled_by(each, decided.get(each.id)),
            )
            for each in await lines(db, pool_id)
        ],
    )


def _settled_by(found: LineRow, decision: Decision | None) -> str:
    if found.overruled:
        return "What was decided does not stand: a council has said since that it bars it."
    if found.outcome is None or decision is None:
        return "" if found.part is Part.OPEN else "No council objects."
    day = decision.at.astimezone(LONDON)
    when = f"{day.day} {day:%B} {day.year}"
    if decision.voted:
        return f"Decided by vote on {when}."
    return f"Decided by {decision.body_name} on {when}: {decision.reason}"
