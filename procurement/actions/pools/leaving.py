"""A council leaves a pool: its signature ends, its need is free, the pool is solved again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import pulse
from procurement.models import PoolLeadOffer, PoolMember, PoolSignature, PoolStake
from procurement.queries.pools import pool as queries
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states
from procurement.rules.pools.states import Stage
from spend.queries import own_code
from store import audit
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed


async def withdraw(db: AsyncSession, actor: Actor, pool_id: UUID, *, reason: str) -> None:
    """Take the actor's council out of a pool: freely until it is bound, then with a reason.

    Raises:
        Refused: it leads the pool, has left, may not leave any more, or gave no reason.
    """
    if not actor.has(Role.OFFICER, Role.APPROVER):
        raise NotAllowed("Only an officer or an approver of the council can do this.")
    pool = await queries.locked_pool(db, pool_id)
    code = await own_code(db, actor)
    own = next((each for each in await queries.members(db, pool_id) if each.body_code == code), None)
    if own is None or code is None:
        raise Missing("member")
    rules.check_can_withdraw(pool, own.stage, leads=code == pool.lead_code, reason=reason)
    states.check_stage_move(own.stage, Stage.WITHDRAWN)
    # The people of a council that has left no longer see what the members brought: first what needs seeing.
    await end_signatures(db, pool_id, [code], reason)
    await free_stakes(db, pool_id, [code])
    await end_lead_offer(db, pool_id, [code])
    await set_stage(db, pool_id, [code], Stage.WITHDRAWN, reason)
    was_bound = own.stage == Stage.BOUND
    await audit.record(
        db, actor, "pool.withdrawn", "pool", pool_id, body_code=code, reason=reason, was_bound=was_bound
    )
    await pulse.took_part(db, actor, pool_id, code)
    await pulse.changed(db, actor, pool_id)


async def set_stage(
    db: AsyncSession, pool_id: UUID, codes: Collection[str], stage: Stage, reason: str = ""
) -> None:
    """Set how far councils are; whoever is new or has left stands nowhere until the pool is solved."""
    values: dict[str, object] = {"stage": stage.value, "left_reason": reason}
    if stage in (Stage.WITHDRAWN, Stage.INTERESTED):
        values["standing"] = None
    await db.execute(
        update(PoolMember)
        .where(PoolMember.pool_id == pool_id, PoolMember.body_code.in_(codes))
        .values(stage_changed_at=func.statement_timestamp(), **values)
    )


async def end_signatures(db: AsyncSession, pool_id: UUID, codes: Collection[str], reason: str) -> None:
    """End the signatures of councils that are no longer bound, with the reason."""
    await db.execute(
        update(PoolSignature)
        .where(
            PoolSignature.pool_id == pool_id,
            PoolSignature.body_code.in_(codes),
            PoolSignature.ended_at.is_(None),
        )
        .values(ended_at=func.statement_timestamp(), ended_reason=reason)
    )


async def end_lead_offer(db: AsyncSession, pool_id: UUID, codes: Collection[str]) -> None:
    """Let a pool's lead no longer be offered to councils that leave, or that do not want it."""
    await db.execute(
        delete(PoolLeadOffer).where(PoolLeadOffer.pool_id == pool_id, PoolLeadOffer.body_code.in_(codes))
    )


async def free_stakes(db: AsyncSession, pool_id: UUID, codes: Collection[str]) -> None:
    """Free the needs of councils that are no longer in a pool for another one."""
    await db.execute(
        update(PoolStake)
        .where(PoolStake.pool_id == pool_id, PoolStake.body_code.in_(codes), PoolStake.active)
        .values(active=False, changed_at=func.statement_timestamp())
    )
