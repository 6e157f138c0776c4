"""A pool begins with a need, and its lead changes its rules while members may still leave freely."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import joining, pulse
from procurement.models import Pool, PoolPulse
from procurement.queries import needs
from procurement.queries.pools import pool as queries
from procurement.queries.pools import stakes
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.pool import PoolRow
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states
from procurement.rules.pools.joining import Charter
from procurement.rules.pools.states import VoteRule
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


async def start_pool(
    db: AsyncSession,
    actor: Actor,
    need_id: UUID,
    charter: Charter,
    *,
    vote_rule: VoteRule,
    own_region: bool,
    now: datetime,
) -> UUID:
    """Start a pool from an open need of the actor's council, which leads it; return the pool.

    Args:
        db: the transaction.
        actor: an officer.
        need_id: what the council brings; the pool is for its category.
        charter: the rules of the pool.
        vote_rule: how its members will vote.
        own_region: only councils of the lead's region may join.
        now: this instant.

    Raises:
        Refused: rules that no pool could live by, or a need that does not fit them.
    """
    states.check_officer(actor)
    rules.check_charter(charter, now)
    need = await needs.need_row(db, need_id)
    code = await own_code(db, actor) or ""
    pool_id = uuid7()
    await db.execute(
        insert(Pool).values(
            id=pool_id,
            category=need.category,
            lead_code=code,
            region_code=await stakes.region_of(db, code) if own_region else None,
            vote_rule=vote_rule.value,
            **_values(charter),
        )
    )
    await db.execute(insert(PoolPulse).values(pool_id=pool_id))
    pool = await queries.locked_pool(db, pool_id)
    await audit.record(db, actor, "pool.started", "pool", pool_id, body_code=code, title=charter.title)
    await joining.enter(db, pool, code, None)
    await joining.bring(db, pool, code, need_id)
    await pulse.took_part(db, actor, pool_id, code)
    await pulse.changed(db, actor, pool_id)
    return pool_id


async def change_pool(
    db: AsyncSession, actor: Actor, pool_id: UUID, charter: Charter, *, now: datetime
) -> None:
    """Change the rules of a pool, or put its dates off.

    Raises:
        Refused: members joined under rules that this would break.
    """
    pool = await queries.locked_pool(db, pool_id)
    states.check_may_lead(actor, pool.lead_code, await own_code(db, actor))
    before = charter_of(pool)
    rules.check_charter(charter, now, before)
    here = [member for member in await queries.members(db, pool_id) if not member.withdrawn]
    rules.check_change(pool.state, before, charter, others=len(here) - 1)
    if charter.largest < len(here):
        raise Refused(f"{len(here)} councils are in the pool already", "largest")
    if charter.cap_pence < await terms_queries.joint_pence(db, pool_id):
        raise Refused("What the members bring is above that already", "cap_pence")
    for name, first_on, last_on in await stakes.windows(db, pool_id):
        if first_on > charter.last_start_on or last_on < charter.first_start_on:
            raise Refused(f"{name} could not start on any of these days", "first_start_on")
    changed = [
        each.name for each in fields(Charter) if getattr(before, each.name) != getattr(charter, each.name)
    ]
    if not changed:
        return
    await db.execute(update(Pool).where(Pool.id == pool_id).values(**_values(charter)))
    dates = {name: getattr(charter, name).isoformat() for name in changed if name.endswith("_until")}
    await audit.record(db, actor, "pool.changed", "pool", pool_id, changed=changed, **dates)
    await pulse.took_part(db, actor, pool_id, pool.lead_code)
    await pulse.changed(db, actor, pool_id)


def charter_of(pool: PoolRow) -> Charter:
    """Return the rules of a pool."""
    return Charter(**{each.name: getattr(pool, each.name) for each in fields(Charter)})


def _values(charter: Charter) -> dict[str, object]:
    return {each.name: getattr(charter, each.name) for each in fields(Charter)}
