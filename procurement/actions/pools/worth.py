"""Keeping what a pool was expected to save, what came of it, and telling the market its total."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from analytics import disclosure
from analytics.pooling.worth import worth
from procurement.models import (
    Pool,
    PoolBaseline,
    PoolMember,
    PoolOutcome,
    PoolStake,
    PoolTotal,
    PoolTotalBasis,
)
from procurement.queries.pools import pool as pools
from procurement.queries.pools import worth as queries
from procurement.rules.pools.states import PoolState, Stage, check_officer
from spend.queries import own_code
from store import audit
from store.db import take_turns
from values.actors import Actor
from values.refusals import NotAllowed, Refused

TOLD_IN: Final = frozenset({PoolState.AGREEING, PoolState.COMMITTED})


async def keep_baseline(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Write down what a pool that commits is expected to save. Needs the rights of the jobs role."""
    pool = await pools.pool_row(db, pool_id)
    basis = await queries.basis(db, pool_id, pool.category, await pools.stakes(db, pool_id))
    found = worth(basis.values, basis.model)
    last = await db.scalar(select(func.max(PoolBaseline.number)).where(PoolBaseline.pool_id == pool_id))
    await db.execute(
        insert(PoolBaseline).values(
            pool_id=pool_id,
            number=(last or 0) + 1,
            saving_pence=found.saving_pence,
            low_pence=found.low_pence,
            high_pence=found.high_pence,
            model={**asdict(basis.model), "observed": basis.observed},
            members=[
                {
                    "body_code": member.id,
                    "value_pence": member.value_pence,
                    "saving_pence": member.saving_pence,
                }
                for member in found.members
            ],
        )
    )
    await audit.record(db, actor, "pool.baseline_kept", "pool", pool_id, number=(last or 0) + 1)


async def tell_total(db: AsyncSession, pool_id: UUID) -> str | None:
    """Tell the market the total of a pool, where nobody's part can be worked out from it.

    Safe to repeat: the same total is not told twice. Needs the rights of the jobs role.

    Returns:
        Why it was not told, in words, or None.
    """
    state = await db.scalar(select(Pool.state).where(Pool.id == pool_id))
    if state not in TOLD_IN:
        return "the pool is not agreeing or committed"
    # One total is told at a time, of whatever pool: each is judged with all that was told before.
    await take_turns(db, "procurement.telling")
    parts = await _parts(db, pool_id)
    last = await db.execute(
        select(PoolTotalBasis.number, PoolTotalBasis.contributors)
        .where(PoolTotalBasis.pool_id == pool_id)
        .order_by(PoolTotalBasis.number.desc())
        .limit(1)
    )
    number, contributors = last.one_or_none() or (0, [])
    if set(contributors) == set(parts):
        return None
    everything = [set(contributors) for contributors in await db.scalars(select(PoolTotalBasis.contributors))]
    if reason := disclosure.why_not(parts, everything):
        return reason
    number += 1
    await db.execute(
        insert(PoolTotal).values(
            pool_id=pool_id, number=number, council_count=len(parts), value_pence=sum(parts.values())
        )
    )
    await db.execute(
        insert(PoolTotalBasis).values(pool_id=pool_id, number=number, contributors=sorted(parts))
    )
    return None


async def _parts(db: AsyncSession, pool_id: UUID) -> dict[str, int]:
    """Return what each council that has not left contributes to a pool's total.

    The name of a part is the council with its needs and their estimates: whoever changes one is another.
    """
    rows = await db.execute(
        select(PoolStake.body_code, PoolStake.need_id, PoolStake.value_pence)
        .join(
            PoolMember,
            (PoolMember.pool_id == PoolStake.pool_id) & (PoolMember.body_code == PoolStake.body_code),
        )
        .where(PoolStake.pool_id == pool_id, PoolStake.active, PoolMember.stage != Stage.WITHDRAWN)
        .order_by(PoolStake.body_code, PoolStake.need_id)
    )
    brought: dict[str, list[tuple[UUID, int]]] = {}
    for code, need_id, value_pence in rows:
        brought.setdefault(code, []).append((need_id, value_pence))
    return {
        " ".join([code, *(f"{need_id}={value_pence}" for need_id, value_pence in needs)]): sum(
            value_pence for _, value_pence in needs
        )
        for code, needs in brought.items()
    }


async def tell_outcome(
    db: AsyncSession, actor: Actor, pool_id: UUID, *, before_pence: int, after_pence: int
) -> None:
    """Write down what the own council paid a unit before the pool, and pays in it.

    Raises:
        NotAllowed: not an officer of a council that was bound.
        Refused: the pool has no contracts yet.
    """
    check_officer(actor)
    pool = await pools.locked_pool(db, pool_id)
    code = await own_code(db, actor)
    own = next((each for each in await pools.members(db, pool_id) if each.body_code == code), None)
    if own is None or own.stage != Stage.BOUND:
        raise NotAllowed("Only councils that were bound tell what they pay.")
    if pool.state not in (PoolState.HANDED_OVER, PoolState.CLOSED):
        raise Refused("Prices can be told once the pool was handed to tender.")
    values = {"before_pence": before_pence, "after_pence": after_pence, "person_name": actor.name}
    await db.execute(
        insert(PoolOutcome)
        .values(pool_id=pool_id, body_code=code, **values)
        .on_conflict_do_update(
            index_elements=[PoolOutcome.pool_id, PoolOutcome.body_code],
            set_={**values, "told_at": func.statement_timestamp()},
        )
    )
    await audit.record(db, actor, "pool.outcome_told", "pool", pool_id, body_code=code)
