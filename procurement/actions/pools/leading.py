"""What the lead council does with its pool: open it for agreeing, hand it to tender, close or dissolve it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import pulse
from procurement.models import Pool
from procurement.queries.pools import pool as queries
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.pool import PoolRow
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states
from procurement.rules.pools.states import PoolState
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def open_agreeing(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Open a pool for agreeing before joining ends, because it holds already.

    Raises:
        Refused: it does not hold yet.
    """
    pool = await _led(db, actor, pool_id)
    outlook = await terms_queries.outlook(db, pool_id)
    rules.check_can_open(
        state=pool.state,
        settling=await queries.is_settling(db, pool_id),
        holds=outlook is not None and outlook.holds,
    )
    await _move(db, actor, pool, PoolState.AGREEING, "The lead council opened it, because its terms hold")


async def hand_over(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Hand a committed pool to tender; from here on nobody leaves it.

    Raises:
        Refused: it is not committed.
    """
    pool = await _led(db, actor, pool_id)
    rules.check_can_hand_over(state=pool.state, settling=await queries.is_settling(db, pool_id))
    await _move(db, actor, pool, PoolState.HANDED_OVER, "The lead council handed it to tender")


async def close(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Close a pool whose tender has led to contracts.

    Raises:
        Refused: it was not handed to tender.
    """
    pool = await _led(db, actor, pool_id)
    await _move(db, actor, pool, PoolState.CLOSED, "The lead council closed it")


async def dissolve(db: AsyncSession, actor: Actor, pool_id: UUID, *, reason: str) -> None:
    """Dissolve a pool; its members' needs are free again.

    Raises:
        Refused: it has ended already, or no reason was given.
    """
    pool = await _led(db, actor, pool_id)
    if not reason:
        raise Refused("Say why the pool is dissolved", "reason")
    await _move(db, actor, pool, PoolState.DISSOLVED, reason)


async def _led(db: AsyncSession, actor: Actor, pool_id: UUID) -> PoolRow:
    pool = await queries.locked_pool(db, pool_id)
    states.check_may_lead(actor, pool.lead_code, await own_code(db, actor))
    return pool


async def _move(db: AsyncSession, actor: Actor, pool: PoolRow, to: PoolState, reason: str) -> None:
    states.check_pool_move(pool.state, to)
    await db.execute(
        update(Pool)
        .where(Pool.id == pool.id)
        .values(state=to.value, state_reason=reason, state_changed_at=func.statement_timestamp())
    )
    await audit.record(db, actor, f"pool.{to.value}", "pool", pool.id, reason=reason)
    await pulse.took_part(db, actor, pool.id, pool.lead_code)
    await pulse.changed(db, actor, pool.id)
