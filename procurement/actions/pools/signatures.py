"""Signing the agreement of a pool, and the ways in which a signature ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import leaving, pulse
from procurement.models import PoolCommitment, PoolMember, PoolSignature
from procurement.queries import authority
from procurement.queries.pools import agreements
from procurement.queries.pools import pool as pools
from procurement.queries.pools.agreements import SignatureRow
from procurement.queries.pools.pool import PoolRow
from procurement.rules.pools import signing as rules
from procurement.rules.pools import states
from procurement.rules.pools.signing import Standing, Wanted
from procurement.rules.pools.states import Stage
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Missing, Refused


async def standing(db: AsyncSession, actor: Actor, pool: PoolRow) -> Standing:
    """Return how the actor's council stands to the agreement of a pool."""
    code = await own_code(db, actor)
    stage = await db.scalar(
        select(PoolMember.stage).where(PoolMember.pool_id == pool.id, PoolMember.body_code == code)
    )
    last = await agreements.last_version(db, pool.id)
    live = await agreements.live_signature(db, pool.id, code or "")
    signed = live is not None and last is not None and live.version == last.version
    return Standing(
        stage=stage,
        last=(last.version, last.sha256) if last else None,
        named=last is not None and code in last.parties,
        signed_by=live.person_name if live and signed else "",
        limit_pence=await authority.own_limit(db, actor),
        leads_on=last is None or last.made_at >= pool.lead_since,
    )


async def check(
    db: AsyncSession, actor: Actor, pool: PoolRow, wanted: Wanted, now: datetime | None = None
) -> Standing:
    """Refuse what cannot be signed; asked once before the code is used up, and again under the lock.

    Raises:
        NotAllowed: not an approver.
        Refused: with what is in the way.
    """
    now = now or datetime.now(UTC)
    rules.check_approver(actor)
    found = await standing(db, actor, pool)
    rules.check_can_sign(pool.state, pool.signs_until, found, now)
    rules.check_wanted(wanted, found, pool.signs_until, now)
    return found


async def sign(
    db: AsyncSession, actor: Actor, pool_id: UUID, wanted: Wanted, *, now: datetime | None = None
) -> int:
    """Bind the actor's council by signing the last version; return its number.

    The second factor is asked for by the caller, just before.

    Raises:
        NotAllowed: not an approver.
        Refused: somebody was quicker, a new version was made, or the pool went on.
    """
    pool = await pools.locked_pool(db, pool_id)
    found = await check(db, actor, pool, wanted, now)
    code = str(await own_code(db, actor))
    if found.last is None:
        raise Missing("agreement")
    version = found.last[0]
    await leaving.end_signatures(db, pool_id, [code], f"Version {version} was signed in its place")
    earlier = await db.scalar(
        select(func.coalesce(func.max(PoolSignature.turn), 0)).where(
            PoolSignature.pool_id == pool_id,
            PoolSignature.version == version,
            PoolSignature.body_code == code,
        )
    )
    key = {"pool_id": pool_id, "version": version, "body_code": code, "turn": (earlier or 0) + 1}
    await db.execute(
        insert(PoolSignature)
        .values(**key, sha256=wanted.sha256, person_id=actor.person_id, person_name=actor.name)
        .inline()
    )
    await db.execute(
        insert(PoolCommitment).values(**key, sum_pence=wanted.sum_pence, until_on=wanted.until_on).inline()
    )
    if found.stage != Stage.BOUND:
        states.check_stage_move(str(found.stage), Stage.BOUND)
        await leaving.set_stage(db, pool_id, [code], Stage.BOUND)
    # Without the sum: that is for the council alone.
    await audit.record(
        db, actor, "pool.signed", "pool", pool_id, body_code=code, version=version, sha256=wanted.sha256.hex()
    )
    await pulse.changed(db, actor, pool_id)
    await pulse.took_part(db, actor, pool_id, code)
    return version


async def take_back(db: AsyncSession, actor: Actor, pool_id: UUID, *, reason: str) -> None:
    """Take the signature of the actor's council back; the council stays in the pool, on its conditions.

    Raises:
        NotAllowed: not an approver.
        Refused: there is no reason or no signature, or the pool was handed over.
    """
    rules.check_approver(actor)
    pool = await pools.locked_pool(db, pool_id)
    rules.check_can_take_back(pool.state)
    if not reason:
        raise Refused("Say why the signature is taken back", "reason")
    code = str(await own_code(db, actor))
    live = await agreements.live_signature(db, pool_id, code)
    if live is None:
        raise Refused("No signature of your council stands.")
    await leaving.end_signatures(db, pool_id, [code], reason)
    await leaving.set_stage(db, pool_id, [code], Stage.CONDITIONAL)
    await _tell_end(db, actor, pool_id, live, reason)
    await pulse.changed(db, actor, pool_id)
    await pulse.took_part(db, actor, pool_id, code)


async def end_lapsed(db: AsyncSession, actor: Actor, pool: PoolRow, today: date) -> int:
    """End the signatures whose commitment's day is over; return how many. Needs the rights of the jobs role.

    From the handing over on, nothing ends by itself: the tender counts on it.
    """
    if pool.state not in rules.REVOCABLE:
        return 0
    lapsed = await agreements.lapsed(db, pool.id, today)
    for row in lapsed:
        await leaving.end_signatures(db, pool.id, [row.body_code], rules.LAPSED)
        await _tell_end(db, actor, pool.id, row, rules.LAPSED)
    return len(lapsed)


async def _tell_end(db: AsyncSession, actor: Actor, pool_id: UUID, row: SignatureRow, reason: str) -> None:
    await audit.record(
        db,
        actor,
        "pool.signature_ended",
        "pool",
        pool_id,
        body_code=row.body_code,
        version=row.version,
        signed_by=row.person_name,
        reason=reason,
    )
