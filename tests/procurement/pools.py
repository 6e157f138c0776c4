"""A builder of pools for tests that need one in some state, without walking all the way there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.needs import write_need
from procurement.actions.pools import pulse
from procurement.models import (
    ApproverAuthority,
    Pool,
    PoolAgreement,
    PoolCommitment,
    PoolMember,
    PoolPulse,
    PoolSignature,
    PoolStake,
    PoolTerms,
)
from procurement.queries.pools import pool as queries
from procurement.queries.pools import terms as terms_queries
from procurement.rules.needs import Wanted
from procurement.rules.pools.states import PoolState, Stage, VoteRule, check_stage_move
from procurement.tasks import settle_pool
from store import audit
from store.db import Sessions, transaction
from store.jobs import Work
from tests import build
from tests.databases import TESTER
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Refused

VALUES = {"LDS": 90_000_000, "CMD": 60_000_000, "SLF": 40_000_000}
WANTED = Wanted(
    "Library system",
    category="library-systems",
    outcomes="Residents borrow by phone",
    volume=1000,
    unit="loan",
    earliest_start_on=date(2027, 4, 1),
    latest_start_on=date(2027, 9, 30),
)


async def build_pool(
    db: AsyncSession,
    *,
    state: PoolState = PoolState.FORMING,
    stage: Stage = Stage.INTERESTED,
    values: Mapping[str, int] | None = None,
    vote_rule: VoteRule = VoteRule.COUNCIL,
    quorum: int = 3,
    joins_in: timedelta = timedelta(days=30),
    signs_in: timedelta = timedelta(days=60),
) -> UUID:
    """A pool of councils (code → value in pence; the first leads), each with a need that it brings."""
    pool_id, now, values = uuid7(), datetime.now(UTC), values or VALUES
    await db.execute(
        insert(Pool).values(
            id=pool_id,
            title="Library systems together",
            category=WANTED.category,
            purpose="One library system for several councils",
            lead_code=next(iter(values)),
            vote_rule=vote_rule,
            quorum=quorum,
            cap_pence=400_000_000,
            first_start_on=WANTED.earliest_start_on,
            last_start_on=WANTED.latest_start_on,
            joins_until=now + joins_in,
            signs_until=now + signs_in,
            state=state,
        )
    )
    await db.execute(insert(PoolPulse).values(pool_id=pool_id))
    for code, value_pence in values.items():
        need_id = await write_need(db, TESTER, code, WANTED)
        await db.execute(insert(PoolMember).values(pool_id=pool_id, body_code=code, stage=stage))
        await db.execute(insert(PoolTerms).values(pool_id=pool_id, body_code=code))
        await db.execute(
            insert(PoolStake).values(
                pool_id=pool_id, need_id=need_id, body_code=code, value_pence=value_pence, volume=1000
            )
        )
    return pool_id


async def settled(sessions: Sessions, pool_id: UUID) -> dict[str, object]:
    """Settle a pool as the worker does; return its row and, by council, stage and standing."""
    await settle_pool(Work(sessions, TESTER), pool_id=str(pool_id))
    return await looked_at(sessions, pool_id)


async def looked_at(sessions: Sessions, pool_id: UUID) -> dict[str, object]:
    """How a pool stands: its state, and by council stage and standing."""
    async with transaction(sessions, TESTER) as db:
        pool = await db.get_one(Pool, pool_id)
        rows = await db.execute(
            select(PoolMember.body_code, PoolMember.stage, PoolMember.standing).where(
                PoolMember.pool_id == pool_id
            )
        )
        return {"state": pool.state, **{code: (stage, standing) for code, stage, standing in rows}}


async def make_version(db: AsyncSession, pool_id: UUID) -> int:
    """Another version of a pool's agreement, as a row."""
    number = await terms_queries.last_version(db, pool_id) + 1
    text = f"Agreement, version {number}"
    digest = hashlib.sha256(text.encode()).digest()
    await db.execute(
        insert(PoolAgreement).values(
            pool_id=pool_id, version=number, text=text, sha256=digest, person_name="tests"
        )
    )
    return number


async def sign(sessions: Sessions, actor: Actor, pool_id: UUID, code: str, sum_pence: int) -> None:
    """Sign the last version for a council, as rows that the database lets an approver write."""
    limit = {"limit_pence": 10**15, "set_by_name": "tests"}
    operator = Actor(uuid7(), build.council("LGA"), frozenset({Role.OPERATOR}), "tests")
    async with transaction(sessions, operator) as db:
        await db.execute(
            upsert(ApproverAuthority)
            .values(body_code=code, person_id=actor.person_id, **limit)
            .on_conflict_do_update(constraint="pk_approver_authority", set_=limit)
            .inline()
        )
    async with transaction(sessions, actor) as db:
        pool = await queries.locked_pool(db, pool_id)
        if pool.state != PoolState.AGREEING:
            raise Refused("not now")
        member = next(each for each in await queries.members(db, pool_id) if each.body_code == code)
        check_stage_move(member.stage, Stage.BOUND)
        version = await terms_queries.last_version(db, pool_id)
        if not version:
            raise Refused("no version yet")
        key = {"pool_id": pool_id, "version": version, "body_code": code}
        earlier = await db.scalar(select(func.max(PoolSignature.turn)).filter_by(**key))
        text = select(PoolAgreement.sha256).filter_by(pool_id=pool_id, version=version).scalar_subquery()
        by = {"sha256": text, "person_id": actor.person_id, "person_name": actor.name}
        key["turn"] = (earlier or 0) + 1
        await db.execute(insert(PoolSignature).values(**key, **by).inline())
        await db.execute(
            insert(PoolCommitment).values(**key, sum_pence=sum_pence, until_on=date(2029, 1, 1)).inline()
        )
        await db.execute(
            update(PoolMember)
            .where(PoolMember.pool_id == pool_id, PoolMember.body_code == code)
            .values(stage=Stage.BOUND.value)
        )
        await audit.record(db, actor, "pool.signed", "pool", pool_id, body_code=code, version=version)
        await pulse.changed(db, actor, pool_id)
