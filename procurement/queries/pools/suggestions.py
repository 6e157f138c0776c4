"""Suggested pools of the last run: the list, one with its members, and the run that made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import Need, SuggestedNeed, SuggestedPool, SuggestionKept, SuggestionRun
from spend.rules.categories import taxonomy
from values.refusals import Missing

SORTS: Final[Mapping[str, Any]] = {
    "saving": SuggestedPool.saving_pence,
    "value": SuggestedPool.joint_value_pence,
    "councils": SuggestedPool.council_count,
    "start": SuggestedPool.first_start_on,
    "category": SuggestedPool.category,
}
_POOL: Final = (
    SuggestedPool.id,
    SuggestedPool.run_id,
    SuggestedPool.category,
    SuggestedPool.region_code,
    SuggestedPool.first_start_on,
    SuggestedPool.last_start_on,
    SuggestedPool.need_count,
    SuggestedPool.council_count,
    SuggestedPool.joint_value_pence,
    SuggestedPool.saving_pence,
    SuggestedPool.saving_low_pence,
    SuggestedPool.saving_high_pence,
    SuggestedPool.demonstration,
)
_RUN: Final = (
    SuggestionRun.id,
    SuggestionRun.made_at,
    SuggestionRun.seconds,
    SuggestionRun.need_count,
    SuggestionRun.pooled_count,
    SuggestionRun.pool_count,
    SuggestionRun.left_out,
    SuggestionRun.objective_pence,
    SuggestionRun.bound_pence,
    SuggestionRun.gap_share,
    SuggestionRun.greedy_pence,
    SuggestionRun.part_count,
    SuggestionRun.settled_count,
    SuggestionRun.searched_count,
    SuggestionRun.wish_count,
    SuggestionRun.model,
)
# A run's id is made at its start, so that the last by id is the last that began.
_LAST: Final = (
    select(SuggestionRun.id).order_by(SuggestionRun.made_at.desc(), SuggestionRun.id.desc()).limit(1)
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: what it found, how good that is at least, and what it assumed."""

    id: UUID
    made_at: datetime
    seconds: float
    need_count: int
    pooled_count: int
    pool_count: int
    left_out: dict[str, int]
    objective_pence: int
    bound_pence: int
    gap_share: float
    greedy_pence: int
    part_count: int
    settled_count: int
    searched_count: int
    wish_count: int
    model: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """A suggested pool."""

    id: UUID
    run_id: UUID
    category: str
    region_code: str | None
    first_start_on: date
    last_start_on: date
    need_count: int
    council_count: int
    joint_value_pence: int
    saving_pence: int
    saving_low_pence: int
    saving_high_pence: int
    demonstration: bool

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)


@dataclass(frozen=True, slots=True)
class SuggestedMember:
    """A need in a suggested pool that is still open."""

    need_id: UUID
    title: str
    body_code: str
    body_name: str
    value_pence: int
    first_start_on: date
    last_start_on: date
    fair_pence: int
    proportional_pence: int

    @property
    def told(self) -> str:
        """The need in a sentence."""
        return f"“{self.title}” ({self.body_name})"


@dataclass(frozen=True, slots=True)
class SuggestionFilter:
    """Which suggested pools a list shows; an empty text leaves all.

    Attributes:
        own: pools with a need of the council with this code only.
    """

    category: str = ""
    region_code: str = ""
    own: str = ""
    sort: str = "saving"
    descending: bool = True

    @property
    def plain(self) -> bool:
        """Whether nothing was filtered."""
        return not (self.category or self.region_code or self.own)


async def last_run(db: AsyncSession) -> RunRow | None:
    """Return the last run, or None where there never was one."""
    row = (await db.execute(select(*_RUN).where(SuggestionRun.id.in_(_LAST)))).first()
    return RunRow(*row) if row else None


def _filtered(
    query: Select[*tuple[Any, ...]], run_id: UUID, wanted: SuggestionFilter
) -> Select[*tuple[Any, ...]]:
    query = query.where(SuggestedPool.run_id == run_id)
    if wanted.category:
        query = query.where(SuggestedPool.category == wanted.category)
    if wanted.region_code:
        query = query.where(SuggestedPool.region_code == wanted.region_code)
    if wanted.own:
        member = exists().where(
            SuggestedNeed.pool_id == SuggestedPool.id, SuggestedNeed.body_code == wanted.own
        )
        query = query.where(member)
    return query


async def listed(
    db: AsyncSession, run_id: UUID, wanted: SuggestionFilter, *, offset: int, limit: int
) -> tuple[int, list[SuggestedRow]]:
    """Return how many suggested pools of a run a filter lets through, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(SuggestedPool), run_id, wanted))
    column = SORTS[wanted.sort]
    order = column.desc() if wanted.descending else column.asc()
    found = _filtered(select(*_POOL), run_id, wanted).order_by(order, SuggestedPool.id)
    rows = await db.execute(found.offset(offset).limit(limit))
    return total or 0, [SuggestedRow(*row) for row in rows]


async def suggested(db: AsyncSession, pool_id: UUID) -> SuggestedRow:
    """Return a suggested pool.

    Raises:
        Missing: it was never there, is of an older run, or is not theirs to see.
    """
    row = (await db.execute(select(*_POOL).where(SuggestedPool.id == pool_id))).first()
    if row is None:
        raise Missing("suggested pool")
    return SuggestedRow(*row)


async def run_of(db: AsyncSession, pool: SuggestedRow) -> tuple[RunRow, bool]:
    """Return the run that proposed a pool, and whether it is the last."""
    row = (await db.execute(select(*_RUN).where(SuggestionRun.id == pool.run_id))).one()
    return RunRow(*row), await db.scalar(_LAST) == pool.run_id


async def suggested_members(db: AsyncSession, pool_id: UUID) -> Sequence[SuggestedMember]:
    """Return the needs of a suggested pool that are still open, the largest first."""
    rows = await db.execute(
        select(
            SuggestedNeed.need_id,
            Need.title,
            SuggestedNeed.body_code,
            Organisation.short_name,
            SuggestedNeed.value_pence,
            SuggestedNeed.first_start_on,
            SuggestedNeed.last_start_on,
            SuggestedNeed.fair_pence,
            SuggestedNeed.proportional_pence,
        )
        .join(Need, Need.id == SuggestedNeed.need_id)
        .join(Organisation, Organisation.code == SuggestedNeed.body_code)
        .where(SuggestedNeed.pool_id == pool_id)
        .order_by(SuggestedNeed.value_pence.desc(), SuggestedNeed.need_id)
    )
    return [SuggestedMember(*row) for row in rows]


async def pools_of_market(
    db: AsyncSession, run_id: UUID, category: str, region_code: str | None
) -> list[tuple[UUID, tuple[str, ...]]]:
    """Return the suggested pools of a run in one market: each with the ids of its needs."""
    rows = await db.execute(
        select(SuggestedPool.id, func.array_agg(SuggestedNeed.need_id))
        .join(SuggestedNeed, SuggestedNeed.pool_id == SuggestedPool.id)
        .where(
            SuggestedPool.run_id == run_id,
            SuggestedPool.category == category,
            SuggestedPool.region_code.is_not_distinct_from(region_code),
        )
        .group_by(SuggestedPool.id, SuggestedPool.saving_pence)
        .order_by(SuggestedPool.saving_pence.desc(), SuggestedPool.id)
    )
    return [(pool_id, tuple(sorted(map(str, ids)))) for pool_id, ids in rows]


async def pool_with(db: AsyncSession, run_id: UUID, need_id: UUID) -> UUID | None:
    """Return the suggested pool of a run that a need is in, or None."""
    return await db.scalar(
        select(SuggestedNeed.pool_id)
        .join(SuggestedPool, SuggestedPool.id == SuggestedNeed.pool_id)
        .where(SuggestedPool.run_id == run_id, SuggestedNeed.need_id == need_id)
    )


async def kept(db: AsyncSession) -> dict[str, Any] | None:
    """Return what the last run kept for the next; for jobs only."""
    return await db.scalar(
        select(SuggestionKept.kept)
        .join(SuggestionRun, SuggestionRun.id == SuggestionKept.run_id)
        .order_by(SuggestionRun.made_at.desc(), SuggestionRun.id.desc())
        .limit(1)
    )
