"""Needs in pools: which a council could bring, which pool has one, when those of a pool could start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from procurement.models import Need, Pool, PoolStake
from procurement.rules.needs import NeedState
from procurement.rules.pools.states import ALIVE, PoolState

COMMITTED: Final = (PoolState.COMMITTED, PoolState.HANDED_OVER, PoolState.CLOSED)


@dataclass(frozen=True, slots=True)
class Offered:
    """An open need of one's own that is in no pool; `value_pence` is None where it has no estimate yet."""

    id: UUID
    title: str
    value_pence: int | None
    earliest_start_on: date | None
    latest_start_on: date | None


@dataclass(frozen=True, slots=True)
class PoolOfNeed:
    """The pool, alive, that a need is in."""

    id: UUID
    title: str
    window: tuple[date, date]


async def offered(db: AsyncSession, code: str, category: str) -> Sequence[Offered]:
    """Return a council's open needs of a category that are in no pool, the last changed first."""
    taken = select(PoolStake.need_id).where(PoolStake.need_id == Need.id, PoolStake.active).exists()
    rows = await db.execute(
        select(Need.id, Need.title, Need.value_pence, Need.earliest_start_on, Need.latest_start_on)
        .where(Need.body_code == code, Need.state == NeedState.OPEN, Need.category == category, ~taken)
        .order_by(Need.changed_at.desc(), Need.id)
    )
    return [Offered(*row) for row in rows]


async def pool_of_need(db: AsyncSession, need_id: UUID) -> PoolOfNeed | None:
    """Return the pool, alive, that a need of the reader's council is in."""
    row = (
        await db.execute(
            select(Pool.id, Pool.title, Pool.first_start_on, Pool.last_start_on)
            .join(PoolStake, PoolStake.pool_id == Pool.id)
            .where(PoolStake.need_id == need_id, PoolStake.active, Pool.state.in_(ALIVE))
        )
    ).first()
    return PoolOfNeed(row[0], row[1], (row[2], row[3])) if row else None


async def own_need(db: AsyncSession, pool_id: UUID, code: str) -> UUID | None:
    """Return the need that a council brings to a pool."""
    return await db.scalar(
        select(PoolStake.need_id).where(
            PoolStake.pool_id == pool_id, PoolStake.body_code == code, PoolStake.active
        )
    )


async def windows(db: AsyncSession, pool_id: UUID) -> Sequence[tuple[str, date, date]]:
    """Return when the needs in a pool could start: (council, earliest, latest); for its members."""
    rows = await db.execute(
        select(Organisation.short_name, Need.earliest_start_on, Need.latest_start_on)
        .join(PoolStake, PoolStake.need_id == Need.id)
        .join(Organisation, Organisation.code == Need.body_code)
        .where(PoolStake.pool_id == pool_id, PoolStake.active)
        .order_by(Organisation.short_name)
    )
    return [(name, first, last) for name, first, last in rows if first and last]


async def region_of(db: AsyncSession, code: str) -> str | None:
    """Return the region that a council lies in."""
    return await db.scalar(select(Organisation.region_code).where(Organisation.code == code))


async def committed_pairs(db: AsyncSession) -> list[tuple[UUID, UUID]]:
    """Return the pairs of needs that ended in one pool which committed: councils found them alike.

    Needs the jobs role.
    """
    one, other = aliased(PoolStake), aliased(PoolStake)
    rows = await db.execute(
        select(one.need_id, other.need_id)
        .join(other, (other.pool_id == one.pool_id) & (other.need_id > one.need_id))
        .join(Pool, Pool.id == one.pool_id)
        .where(Pool.state.in_(COMMITTED), one.active, other.active)
        .order_by(one.need_id, other.need_id)
    )
    return [(first, second) for first, second in rows]
