"""Pools on a real database: what follows a change, and what happens at once is not lost."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from procurement.actions.needs import move_need, write_need
from procurement.actions.pools import joining, leading, leaving
from procurement.actions.pools.joining import WantedTerms
from procurement.models import Need, Pool
from procurement.rules.needs import NeedState
from procurement.rules.pools.states import PoolState, Stage
from procurement.tasks import settle_due_pools, settle_pool
from store.db import transaction
from store.jobs import Work
from tests import build
from tests.databases import TESTER
from tests.procurement.pools import VALUES, WANTED, build_pool, looked_at, make_version, settled, sign
from values.actors import Role
from values.refusals import NotAllowed, Refused

CODES = tuple(VALUES)
PAST = timedelta(days=-1)


@pytest.fixture
async def people(db):
    """Of each of five councils somebody who is officer and approver, by code."""
    made = {
        code: await build.person(db, Role.OFFICER, Role.APPROVER, organisation_id=build.council(code))
        for code in (*CODES, "BST", "CON")
    }
    await db.commit()
    return {code: person.actor for code, person in made.items()}


async def entries(owner, pool, action):
    return await owner.fetch(
        "select * from audit_entry where subject_kind = 'pool' and subject_id = $1 and action = $2",
        str(pool),
        action,
    )


async def open_need(sessions_jobs, code, value_pence):
    wanted = dataclasses.replace(WANTED, value_pence=value_pence)
    async with transaction(sessions_jobs, TESTER) as db:
        need = await write_need(db, TESTER, code, wanted)
        await db.execute(update(Need).where(Need.id == need).values(state="open"))
    return need


async def test_a_pool_goes_from_forming_to_committed_and_is_told(
    db, owner, people, sessions_app, sessions_jobs
):
    pool = await build_pool(db, joins_in=timedelta(seconds=-1))
    await db.commit()
    assert (await settled(sessions_jobs, pool))["state"] == PoolState.AGREEING
    await make_version(db, pool)
    await db.commit()
    await asyncio.gather(*(sign(sessions_app, people[code], pool, code, VALUES[code]) for code in CODES))
    found = await settled(sessions_jobs, pool)
    assert found == {"state": "committed", **dict.fromkeys(CODES, ("bound", "in"))}
    assert len(await entries(owner, pool, "pool.signed")) == 3
    for action in ("pool.agreeing", "pool.committed"):
        assert len(await entries(owner, pool, action)) == 1
    assert await owner.fetchval("select count(*) from pool_signature where ended_at is null") == 3

    await make_version(db, pool)
    await db.commit()
    found = await settled(sessions_jobs, pool)
    assert found["state"] == "agreeing"
    assert found["LDS"] == ("conditional", "in")
    assert await owner.fetchval("select count(*) from pool_signature where ended_at is null") == 0


async def test_a_bound_council_leaves_with_a_reason_and_the_rest_goes_back(
    db, owner, people, sessions_app, sessions_jobs
):
    pool = await build_pool(db, state=PoolState.AGREEING, signs_in=timedelta(days=31))
    await make_version(db, pool)
    await db.commit()
    for code in CODES:
        await sign(sessions_app, people[code], pool, code, VALUES[code])
    await settled(sessions_jobs, pool)
    with pytest.raises(Refused):
        async with transaction(sessions_app, people["SLF"]) as session:
            await joining.set_terms(session, people["SLF"], pool, WantedTerms(cap_pence=1))
    async with transaction(sessions_app, people["SLF"]) as session:
        await leaving.withdraw(session, people["SLF"], pool, reason="The library closes")
    # Before it is worked out again, nobody hands a pool over that may no longer hold.
    with pytest.raises(Refused):
        async with transaction(sessions_app, people["LDS"]) as session:
            await leading.hand_over(session, people["LDS"], pool)
    found = await settled(sessions_jobs, pool)
    assert (found["state"], found["SLF"]) == ("agreeing", ("withdrawn", None))
    ended = await owner.fetchrow("select * from pool_signature where body_code = 'SLF'")
    assert ended["ended_reason"] == "The library closes"
    assert await owner.fetchval("select count(*) from pool_stake where active and body_code = 'SLF'") == 0


async def test_the_clock_settles_what_is_due_and_what_was_left(db, owner, sessions_jobs):
    short = await build_pool(db, values={"LDS": 1, "CMD": 2}, joins_in=PAST)
    unsigned = await build_pool(db, state=PoolState.AGREEING, joins_in=2 * PAST, signs_in=PAST)
    left = await build_pool(db)
    await db.commit()
    assert await settle_due_pools(Work(sessions_jobs, TESTER)) == {"pools": 3}
    assert await settle_due_pools(Work(sessions_jobs, TESTER)) == {"pools": 0}
    assert (await looked_at(sessions_jobs, left))["LDS"] == ("interested", "in")
    for pool in (short, unsigned):
        assert (await looked_at(sessions_jobs, pool))["state"] == "dissolved"
        assert (
            await owner.fetchval("select count(*) from pool_stake where active and pool_id = $1", pool) == 0
        )
        assert len(await entries(owner, pool, "pool.dissolved")) == 1


async def test_one_pool_that_cannot_be_settled_keeps_no_other_waiting(db, owner, sessions_jobs):
    broken, whole = await build_pool(db), await build_pool(db)
    await db.commit()
    await owner.execute(
        "create function fail() returns trigger language plpgsql as $$ begin raise 'broken'; end $$"
    )
    await owner.execute(
        "create trigger fail before insert on pool_outlook for each row "
        f"when (new.pool_id = '{broken}') execute function fail()"
    )
    await settle_due_pools(Work(sessions_jobs, TESTER))
    assert (await looked_at(sessions_jobs, whole))["LDS"] == ("interested", "in")
    assert (await looked_at(sessions_jobs, broken))["LDS"] == ("interested", None)


async def test_settling_twice_at_once_moves_once(db, owner, sessions_jobs):
    pool = await build_pool(db, joins_in=PAST)
    await db.commit()
    work = Work(sessions_jobs, TESTER)
    await asyncio.gather(*(settle_pool(work, pool_id=str(pool)) for _ in range(3)))
    assert len(await entries(owner, pool, "pool.agreeing")) == 1
    assert await owner.fetchval("select count(*) from pool_outlook") == 1
    before = await owner.fetch("select * from pool_member order by body_code")
    await settle_pool(work, pool_id=str(pool))
    assert await owner.fetch("select * from pool_member order by body_code") == before


async def test_two_councils_that_want_the_last_place_at_once(db, people, sessions_app, sessions_jobs):
    pool = await build_pool(db)
    await db.execute(update(Pool).where(Pool.id == pool).values(largest=4))
    await db.commit()
    needs = {code: await open_need(sessions_jobs, code, 5_000_000) for code in ("BST", "CON")}

    async def join(code):
        async with transaction(sessions_app, people[code]) as session:
            await joining.join_pool(session, people[code], pool, needs[code], now=datetime.now(UTC))

    came = await asyncio.gather(*(join(code) for code in needs), return_exceptions=True)
    assert [type(each) for each in sorted(came, key=lambda each: each is None)] == [Refused, type(None)]
    assert len(await looked_at(sessions_jobs, pool)) == 1 + 4


async def test_a_cap_lowered_while_the_pool_settles_counts(db, owner, people, sessions_app, sessions_jobs):
    pool = await build_pool(db, joins_in=PAST, signs_in=timedelta(days=40))
    await db.commit()

    async def lower():
        async with transaction(sessions_app, people["SLF"]) as session:
            await joining.set_terms(session, people["SLF"], pool, WantedTerms(cap_pence=1_000))

    work = Work(sessions_jobs, TESTER)
    await asyncio.gather(lower(), settle_pool(work, pool_id=str(pool)), settle_pool(work, pool_id=str(pool)))
    found = await settled(sessions_jobs, pool)
    # Whichever came first: the pool had its three and opened, or had two and was dissolved.
    assert found["state"] in ("agreeing", "dissolved")
    assert await owner.fetchval("select cap_pence from pool_terms where body_code = 'SLF'") == 1_000
    if found["state"] == "agreeing":
        assert found["SLF"] == ("conditional", "waiting")
        lacking = await owner.fetchval("select lacking from pool_terms where body_code = 'SLF'")
        assert "over_cap_pence" in lacking
    assert len(await entries(owner, pool, "pool.terms_set")) == 1


async def test_a_need_is_not_taken_back_while_it_joins(db, people, sessions_app, sessions_jobs):
    pool = await build_pool(db)
    await db.commit()
    need = await open_need(sessions_jobs, "BST", 5_000_000)
    actor = people["BST"]

    async def join():
        async with transaction(sessions_app, actor) as session:
            await joining.join_pool(session, actor, pool, need, now=datetime.now(UTC))

    async def archive():
        async with transaction(sessions_app, actor) as session:
            await move_need(session, actor, need, NeedState.ARCHIVED)

    came = await asyncio.gather(join(), archive(), return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in came) == 1


async def test_a_council_that_left_joins_again_with_nothing_of_before(db, owner, people, sessions_app):
    pool = await build_pool(db, stage=Stage.INTERESTED)
    await db.commit()
    actor = people["CMD"]
    need = await owner.fetchval("select need_id from pool_stake where body_code = 'CMD'")
    await owner.execute("update need set state = 'open', value_pence = 7 where id = $1", need)
    async with transaction(sessions_app, actor) as session:
        await joining.set_terms(session, actor, pool, WantedTerms(cap_pence=5))
        await leaving.withdraw(session, actor, pool, reason="")
        await joining.join_pool(session, actor, pool, need, now=datetime.now(UTC))
    row = await owner.fetchrow("select * from pool_stake where body_code = 'CMD'")
    assert (row["active"], row["value_pence"]) == (True, 7)
    assert await owner.fetchval("select cap_pence from pool_terms where body_code = 'CMD'") is None
    assert await owner.fetchval("select stage from pool_member where body_code = 'CMD'") == "interested"


async def test_only_the_lead_leads(db, people, sessions_app):
    pool = await build_pool(db)
    await db.commit()
    for step in (leading.open_agreeing, leading.hand_over, leading.close):
        with pytest.raises(NotAllowed):
            async with transaction(sessions_app, people["CMD"]) as session:
                await step(session, people["CMD"], pool)
    with pytest.raises(Refused):
        async with transaction(sessions_app, people["LDS"]) as session:
            await leaving.withdraw(session, people["LDS"], pool, reason="x")
