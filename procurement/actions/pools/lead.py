"""The lead of a pool goes to another council: one offers it, an officer of the other accepts or declines."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import leaving, pulse
from procurement.models import Pool, PoolLeadOffer
from procurement.queries.pools import lead as lead_queries
from procurement.queries.pools import pool as queries
from procurement.queries.pools.lead import OfferRow
from procurement.queries.pools.pool import PoolRow
from procurement.rules.pools import lead as rules
from procurement.rules.pools import moving, states
from procurement.rules.pools.states import PoolState
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def offer_lead(db: AsyncSession, actor: Actor, pool_id: UUID, to_code: str) -> None:
    """Offer the lead of a pool to another of its councils; until that accepts, nothing changes.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the pool is past it, it is offered already, or that council is not in the pool.
    """
    pool = await queries.locked_pool(db, pool_id)
    states.check_may_lead(actor, pool.lead_code, await own_code(db, actor))
    standing = await lead_queries.offer(db, pool_id)
    here = [each.body_code for each in await queries.members(db, pool_id) if not each.withdrawn]
    rules.check_can_offer(
        pool.state,
        to_code,
        others=(code for code in here if code != pool.lead_code),
        offered_name=standing.body_name if standing else None,
    )
    await db.execute(
        insert(PoolLeadOffer).values(pool_id=pool_id, body_code=to_code, person_name=actor.name).inline()
    )
    await _tell(db, actor, pool, "pool.lead_offered", to_code)


async def end_offer(db: AsyncSession, actor: Actor, pool_id: UUID) -> None:
    """Take the offer back, as an officer of the lead council, or decline it, as one of the other.

    Raises:
        NotAllowed: an officer of neither.
        Refused: nothing is offered.
    """
    states.check_officer(actor)
    pool = await queries.locked_pool(db, pool_id)
    standing = await lead_queries.offer(db, pool_id)
    if standing is None:
        raise Refused("The lead of this pool is not offered to anybody, or no longer.")
    if await own_code(db, actor) != standing.body_code:
        states.check_may_lead(actor, pool.lead_code, await own_code(db, actor))
    await leaving.end_lead_offer(db, pool_id, [standing.body_code])
    await _tell(db, actor, pool, "pool.lead_offer_ended", standing.body_code)


async def accept_lead(db: AsyncSession, actor: Actor, pool_id: UUID, *, now: datetime | None = None) -> None:
    """Take the lead that was offered to the actor's council.

    The agreement names the earlier lead, so that all signatures end; there is time to sign again.

    Raises:
        NotAllowed: not an officer.
        Refused: the pool went on, or nobody offers it to this council.
    """
    states.check_officer(actor)
    pool = await queries.locked_pool(db, pool_id)
    code = await own_code(db, actor)
    standing: OfferRow | None = await lead_queries.offer(db, pool_id)
    rules.check_is_offered(pool.state, standing.body_code if standing else None, code)
    unbound = await lead_queries.bound(db, pool_id)
    if await db.scalar(select(func.app.take_lead(pool_id))) is None:
        raise Refused("The lead of this pool is not offered to your council, or no longer.")
    later = moving.time_to_sign(pool, now or datetime.now(UTC)) if pool.state == PoolState.AGREEING else None
    if later is not None:
        await db.execute(update(Pool).where(Pool.id == pool_id).values(signs_until=later))
    for each in unbound:
        await audit.record(
            db,
            actor,
            "pool.signature_ended",
            "pool",
            pool_id,
            body_code=each,
            reason="Another council took the lead",
        )
    await audit.record(
        db, actor, "pool.lead_taken", "pool", pool_id, body_code=code, predecessor=pool.lead_name
    )
    await pulse.took_part(db, actor, pool_id, str(code))
    await pulse.changed(db, actor, pool_id)


async def _tell(db: AsyncSession, actor: Actor, pool: PoolRow, action: str, to_code: str) -> None:
    await audit.record(db, actor, action, "pool", pool.id, body_code=to_code)
    await pulse.took_part(db, actor, pool.id, str(await own_code(db, actor)))
    await pulse.tell(db, actor)
