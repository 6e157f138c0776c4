"""One pool: its row, its members and what they bring, who in it is the reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from procurement.models import Need, Pool, PoolMember, PoolPulse, PoolStake
from procurement.rules.pools.states import STAGE_WORDS, STATE_WORDS, PoolState, Stage
from spend.rules.categories import taxonomy
from values.refusals import Missing

LEAD: Final = aliased(Organisation)
COUNCILS: Final = (
    select(func.count())
    .where(PoolMember.pool_id == Pool.id, PoolMember.stage != Stage.WITHDRAWN)
    .scalar_subquery()
)
COLUMNS: Final = (
    Pool.id,
    Pool.title,
    Pool.category,
    Pool.purpose,
    Pool.lead_code,
    LEAD.short_name,
    Pool.region_code,
    Pool.vote_rule,
    Pool.quorum,
    Pool.largest,
    Pool.cap_pence,
    Pool.first_start_on,
    Pool.last_start_on,
    Pool.joins_until,
    Pool.signs_until,
    Pool.state,
    Pool.state_reason,
    Pool.state_changed_at,
    Pool.demonstration,
    Pool.lead_since,
    COUNCILS,
)


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool as every council may read it.

    Attributes:
        councils: how many are in it, as far as the reader may know.
    """

    id: UUID
    title: str
    category: str
    purpose: str
    lead_code: str
    lead_name: str
    region_code: str | None
    vote_rule: str
    quorum: int
    largest: int
    cap_pence: int
    first_start_on: date
    last_start_on: date
    joins_until: datetime
    signs_until: datetime
    state: str
    state_reason: str
    state_changed_at: datetime
    demonstration: bool
    lead_since: datetime
    councils: int

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return STATE_WORDS[PoolState(self.state)]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A council in a pool."""

    body_code: str
    body_name: str
    region_code: str | None
    stage: str
    standing: str | None
    left_reason: str
    joined_at: datetime
    stage_changed_at: datetime

    @property
    def stage_words(self) -> tuple[str, str]:
        """Its stage in words, and the colour of the tag."""
        return STAGE_WORDS[Stage(self.stage)]

    @property
    def withdrawn(self) -> bool:
        """Whether it has left."""
        return self.stage == Stage.WITHDRAWN


@dataclass(frozen=True, slots=True)
class StakeRow:
    """What a member brings; only members, and sector leads, get any."""

    need_id: UUID
    need_title: str
    body_code: str
    value_pence: int
    volume: int | None
    unit: str


async def pool_row(db: AsyncSession, pool_id: UUID) -> PoolRow:
    """Return a pool.

    Raises:
        Missing: no such pool, or not theirs to see.
    """
    query = select(*COLUMNS).join(LEAD, LEAD.code == Pool.lead_code).where(Pool.id == pool_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("pool")
    return PoolRow(*row)


async def members(db: AsyncSession, pool_id: UUID) -> Sequence[MemberRow]:
    """Return the councils of a pool in the order in which they joined, those who left as well."""
    rows = await db.execute(
        select(
            PoolMember.body_code,
            Organisation.short_name,
            Organisation.region_code,
            PoolMember.stage,
            PoolMember.standing,
            PoolMember.left_reason,
            PoolMember.joined_at,
            PoolMember.stage_changed_at,
        )
        .join(Organisation, Organisation.code == PoolMember.body_code)
        .where(PoolMember.pool_id == pool_id)
        .order_by(PoolMember.joined_at, PoolMember.body_code)
    )
    return [MemberRow(*row) for row in rows]


async def stakes(db: AsyncSession, pool_id: UUID) -> Sequence[StakeRow]:
    """Return what the members bring, as far as the reader may know; none for councils outside."""
    rows = await db.execute(
        select(
            PoolStake.need_id,
            func.coalesce(Need.title, ""),
            PoolStake.body_code,
            PoolStake.value_pence,
            PoolStake.volume,
            PoolStake.unit,
        )
        .outerjoin(Need, Need.id == PoolStake.need_id)
        .where(PoolStake.pool_id == pool_id, PoolStake.active)
        .order_by(PoolStake.body_code, PoolStake.need_id)
    )
    return [StakeRow(*row) for row in rows]


async def is_settling(db: AsyncSession, pool_id: UUID) -> bool:
    """Tell whether the terms of a pool are still to be solved after its last change."""
    query = select(PoolPulse.changed > PoolPulse.settled).where(PoolPulse.pool_id == pool_id)
    return bool(await db.scalar(query))


async def locked_pool(db: AsyncSession, pool_id: UUID) -> PoolRow:
    """Return a pool that nobody else changes until this transaction ends.

    Raises:
        Missing: no such pool, or not theirs to see.
    """
    await db.execute(select(PoolPulse.pool_id).where(PoolPulse.pool_id == pool_id).with_for_update())
    return await pool_row(db, pool_id)
