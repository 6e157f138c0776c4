"""Settling a pool: all terms solved together, the pool moved by clock and quorum. For the jobs role.

It alone reads the terms of all members. Of one council's terms it tells that council only; the others learn
who is in and who waits.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import leaving, signatures, worth
from procurement.models import Pool, PoolMember, PoolOutlook, PoolPulse, PoolSignature, PoolTerms
from procurement.queries.pools import pool as queries
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.pool import PoolRow
from procurement.rules.pools import moving, states, terms
from procurement.rules.pools.moving import Move
from procurement.rules.pools.states import ALIVE, OPEN, PoolState, Stage
from procurement.rules.pools.terms import Solved
from store import audit
from values.actors import Actor
from values.years import london_today

# What a pool does by itself, nobody did; the timeline says so.
SETTLER: Final = Actor(name="Buy Together")
# Forming, agreeing, committed, and once back: more moves at one instant would be a fault of the rules.
MOST_MOVES: Final = 6


async def settle(db: AsyncSession, pool_id: UUID, now: datetime) -> dict[str, str | bool]:
    """Solve a pool's terms and move it as far as it goes by itself. Safe to run twice and at once.

    Returns:
        The state it is in, and whether it holds.
    """
    pool = await queries.locked_pool(db, pool_id)
    query = select(PoolPulse.changed).where(PoolPulse.pool_id == pool_id)
    changed = int(await db.scalar(query) or 0)
    if pool.state in ALIVE:
        await signatures.end_lapsed(db, SETTLER, pool, london_today(now))
        pool = await _sign_again(db, pool, now)
    members = await terms_queries.all_terms(db, pool_id)
    company = terms.solve(members, lead_code=pool.lead_code, quorum=pool.quorum)
    committed = False
    for _ in range(MOST_MOVES):
        move = moving.next_state(pool, members, company, now)
        if move is None:
            break
        committed = move.to is PoolState.COMMITTED
        pool = await _moved(db, pool, move)
        members = [member for member in members if member.code not in move.leaving]
        company = terms.solve(members, lead_code=pool.lead_code, quorum=pool.quorum)
    if pool.state == PoolState.DISSOLVED:
        await _let_go(db, pool)
    await _write_outlook(db, pool, company, changed)
    if committed:
        await worth.keep_baseline(db, SETTLER, pool_id)
    # What may not be told stays untold; the worth tab says what was.
    await worth.tell_total(db, pool_id)
    return {"state": pool.state, "holds": company.holds}


async def _sign_again(db: AsyncSession, pool: PoolRow, now: datetime) -> PoolRow:
    """End signatures under earlier versions; whoever is bound by none of the last is to sign again."""
    version = await terms_queries.last_version(db, pool.id)
    await db.execute(
        update(PoolSignature)
        .where(
            PoolSignature.pool_id == pool.id,
            PoolSignature.version < version,
            PoolSignature.ended_at.is_(None),
        )
        .values(ended_at=func.statement_timestamp(), ended_reason=f"Version {version} took its place")
    )
    signers = await terms_queries.signers(db, pool.id, version)
    bound = await db.scalars(
        select(PoolMember.body_code).where(PoolMember.pool_id == pool.id, PoolMember.stage == Stage.BOUND)
    )
    unsigned = sorted(set(bound) - signers)
    if not unsigned:
        return pool
    await leaving.set_stage(db, pool.id, unsigned, Stage.CONDITIONAL)
    await audit.record(db, SETTLER, "pool.sign_again", "pool", pool.id, body_codes=unsigned, version=version)
    later = moving.time_to_sign(pool, now) if pool.state in OPEN else None
    if later is None:
        return pool
    await db.execute(update(Pool).where(Pool.id == pool.id).values(signs_until=later))
    return dataclasses.replace(pool, signs_until=later)


async def _moved(db: AsyncSession, pool: PoolRow, move: Move) -> PoolRow:
    states.check_pool_move(pool.state, move.to)
    signs_until = move.signs_until or pool.signs_until
    await db.execute(
        update(Pool)
        .where(Pool.id == pool.id)
        .values(
            state=move.to.value,
            state_reason=move.reason,
            state_changed_at=func.statement_timestamp(),
            signs_until=signs_until,
        )
    )
    await audit.record(db, SETTLER, f"pool.{move.to.value}", "pool", pool.id, reason=move.reason)
    await _leave(db, pool.id, move.leaving)
    return dataclasses.replace(pool, state=move.to.value, state_reason=move.reason, signs_until=signs_until)


async def _leave(db: AsyncSession, pool_id: UUID, reasons: Mapping[str, str]) -> None:
    for code, reason in reasons.items():
        await leaving.set_stage(db, pool_id, [code], Stage.WITHDRAWN, reason)
        await leaving.end_signatures(db, pool_id, [code], reason)
        await leaving.free_stakes(db, pool_id, [code])
        await leaving.end_lead_offer(db, pool_id, [code])
        await audit.record(
            db, SETTLER, "pool.withdrawn", "pool", pool_id, body_code=code, reason=reason, by_itself=True
        )


async def _let_go(db: AsyncSession, pool: PoolRow) -> None:
    """Let the members of a dissolved pool go: nothing binds them, their needs are free."""
    codes = [member.body_code for member in await queries.members(db, pool.id)]
    await leaving.end_signatures(db, pool.id, codes, "The pool was dissolved")
    await leaving.free_stakes(db, pool.id, codes)
    await leaving.end_lead_offer(db, pool.id, codes)


async def _write_outlook(db: AsyncSession, pool: PoolRow, company: Solved, changed: int) -> None:
    pool_id = pool.id
    if pool.state in ALIVE:
        for standing, codes in (("in", company.inside), ("waiting", tuple(company.waiting))):
            await db.execute(
                update(PoolMember)
                .where(PoolMember.pool_id == pool_id, PoolMember.body_code.in_(codes))
                .values(standing=standing)
            )
        await _write_lacking(db, pool_id, company)
        found = {
            "settled": changed,
            "settled_at": func.statement_timestamp(),
            "holds": company.holds,
            "quorum_lacking": company.quorum_lacking,
            "inside": list(company.inside),
            "waiting": sorted(company.waiting),
        }
        await db.execute(
            insert(PoolOutlook)
            .values(pool_id=pool_id, **found)
            .on_conflict_do_update(index_elements=["pool_id"], set_=found)
        )
    await db.execute(update(PoolPulse).where(PoolPulse.pool_id == pool_id).values(settled=changed))


async def _write_lacking(db: AsyncSession, pool_id: UUID, company: Solved) -> None:
    lacking = {code: waits.as_json() for code, waits in company.waiting.items()}
    for code in (*company.inside, *lacking):
        kept = lacking.get(code, {})
        await db.execute(
            update(PoolTerms)
            .where(PoolTerms.pool_id == pool_id, PoolTerms.body_code == code, PoolTerms.lacking != kept)
            .values(lacking=kept)
        )
