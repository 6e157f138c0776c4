"""What a pool is worth: what its members bring, what is believed of volume, baseline and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.pooling.needs import Model
from procurement.models import PoolBaseline, PoolOutcome, PoolOutlook, PoolTotal
from procurement.queries.pools.pool import StakeRow
from procurement.rules.pools import worth as rules


@dataclass(frozen=True, slots=True)
class Basis:
    """What a pool's worth is computed from.

    Attributes:
        values: who brings what, in pence, of those whose worth is told.
        all_in: whether that is everybody who is here, because terms do not hold yet.
        observed: how many prices of earlier pools the model rests on.
    """

    values: tuple[tuple[str, int], ...]
    all_in: bool
    model: Model
    observed: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a pool was expected to save when it committed."""

    number: int
    made_at: datetime
    saving_pence: int
    low_pence: int
    high_pence: int
    members: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a member paid a unit before the pool, and pays in it."""

    body_code: str
    before_pence: int
    after_pence: int
    person_name: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """What the market is told of a pool."""

    council_count: int
    value_pence: int
    told_at: datetime


async def basis(db: AsyncSession, pool_id: UUID, category: str, stakes: Sequence[StakeRow]) -> Basis:
    """Return what a pool's worth is computed from."""
    outlook = (
        await db.execute(select(PoolOutlook.inside, PoolOutlook.holds).where(PoolOutlook.pool_id == pool_id))
    ).first()
    inside, holds = outlook or ([], False)
    values = rules.brought((stake.body_code, stake.value_pence) for stake in stakes)
    observed = await observations(db, category)
    return Basis(
        rules.company(values, inside, holds=holds),
        not holds,
        rules.learned(Model(), observed),
        len(observed),
    )


async def observations(db: AsyncSession, category: str) -> list[tuple[float, float]]:
    """Return (joint over own volume, price after over before) of members of pools that are through."""
    found = func.app.pool_observations(category).table_valued("volume_ratio", "price_ratio")
    rows = await db.execute(
        select(found.c.volume_ratio.cast(Float), found.c.price_ratio.cast(Float)).select_from(found)
    )
    return [(float(volume), float(price)) for volume, price in rows]


async def baseline(db: AsyncSession, pool_id: UUID) -> Baseline | None:
    """Return what was expected when the pool last committed, or None where it has not."""
    query = (
        select(
            PoolBaseline.number,
            PoolBaseline.made_at,
            PoolBaseline.saving_pence,
            PoolBaseline.low_pence,
            PoolBaseline.high_pence,
            PoolBaseline.members,
        )
        .where(PoolBaseline.pool_id == pool_id)
        .order_by(PoolBaseline.number.desc())
        .limit(1)
    )
    row = (await db.execute(query)).first()
    return Baseline(*row) if row else None


async def outcomes(db: AsyncSession, pool_id: UUID) -> list[Outcome]:
    """Return what members told of their prices, in the order of their codes."""
    rows = await db.execute(
        select(
            PoolOutcome.body_code,
            PoolOutcome.before_pence,
            PoolOutcome.after_pence,
            PoolOutcome.person_name,
            PoolOutcome.told_at,
        )
        .where(PoolOutcome.pool_id == pool_id)
        .order_by(PoolOutcome.body_code)
    )
    return [Outcome(*row) for row in rows]


async def last_total(db: AsyncSession, pool_id: UUID) -> Total | None:
    """Return what the market was last told of a pool, or None where it was told nothing."""
    query = (
        select(PoolTotal.council_count, PoolTotal.value_pence, PoolTotal.told_at)
        .where(PoolTotal.pool_id == pool_id)
        .order_by(PoolTotal.number.desc())
        .limit(1)
    )
    row = (await db.execute(query)).first()
    return Total(*row) if row else None
