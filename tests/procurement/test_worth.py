"""What a pool is worth: the tab, the baseline, what came of it; and what the market is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from procurement.actions.pools import worth as actions
from procurement.actions.pools.settling import settle
from procurement.models import PoolStake
from procurement.queries.pools import worth as queries
from procurement.queries.pools.stakes import committed_pairs
from procurement.rules.pools.states import PoolState, Stage
from store.db import transaction
from tests import build
from tests.databases import TESTER
from tests.procurement.pools import build_pool
from values.actors import Role
from values.refusals import NotAllowed, Refused

FOUR = {"LDS": 90_000_000, "CMD": 60_000_000, "SLF": 40_000_000, "BST": 30_000_000}


async def told(owner, pool):
    rows = await owner.fetch(
        "select council_count, value_pence from pool_total where pool_id = $1 order by number", pool
    )
    return [tuple(row) for row in rows]


async def test_members_see_shares_that_add_up(db, client):
    pool = await build_pool(db)
    member = await build.person(db)
    await db.commit()
    await client.sign_in(member)
    page = await client.open(f"/pools/{pool}/worth")
    assert "What each council gains" in page.text
    lines = (await client.open(f"/pools/{pool}/worth.csv")).text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("council,value_pence,saving_pence")
    fair = [int(line.split(",")[2]) for line in lines[1:]]
    by_value = [int(line.split(",")[5]) for line in lines[1:]]
    assert len(fair) == 3
    assert sum(fair) == sum(by_value)


async def test_a_pool_that_does_not_pay_says_so(db, client):
    small = {"LDS": 10_000_000, "CMD": 8_000_000, "SLF": 6_000_000}
    uneven = {"LDS": 190_000_000, "CMD": 150_000_000, "SLF": 100_000}
    places = [f"/pools/{await build_pool(db, values=values)}/worth" for values in (small, uneven, FOUR)]
    member = await build.person(db)
    await db.commit()
    await client.sign_in(member)
    await client.open(places[0])
    assert "As it stands, this pool does not pay" in client.text
    assert "taking part costs" not in client.text
    await client.open(places[1])
    assert "By the fair shares, taking part costs Salford more than it gains" in client.text
    await client.open(places[2])
    assert "does not pay" not in client.text
    assert "taking part costs" not in client.text


async def test_who_is_outside_does_not_learn_what_members_bring(db, client):
    pool = await build_pool(db)
    stranger = await build.person(db, organisation_id=build.council("BST"))
    await db.commit()
    await client.sign_in(stranger)
    assert (await client.open(f"/pools/{pool}/worth")).status_code == 404


async def test_a_total_is_told_once_and_only_of_enough_councils(db, owner):
    few = await build_pool(db, state=PoolState.AGREEING)
    enough = await build_pool(db, state=PoolState.AGREEING, values=FOUR)
    forming = await build_pool(db, values=FOUR)
    assert "fewer than" in await actions.tell_total(db, few)
    assert await actions.tell_total(db, enough) is None
    assert await actions.tell_total(db, enough) is None
    assert "not agreeing" in await actions.tell_total(db, forming)
    await db.commit()
    assert await told(owner, few) == []
    assert await told(owner, enough) == [(4, 220_000_000)]


async def test_a_changed_estimate_is_not_told_by_itself(db, owner):
    pool = await build_pool(db, state=PoolState.AGREEING, values=FOUR)
    assert await actions.tell_total(db, pool) is None
    await db.execute(
        update(PoolStake)
        .where(PoolStake.pool_id == pool, PoolStake.body_code == "BST")
        .values(value_pence=35_000_000)
    )
    assert "worked out" in await actions.tell_total(db, pool)
    # Once three have changed, no one of them can be told apart.
    await db.execute(
        update(PoolStake)
        .where(PoolStake.pool_id == pool, PoolStake.body_code.in_(["CMD", "SLF"]))
        .values(value_pence=50_000_000)
    )
    assert await actions.tell_total(db, pool) is None
    await db.commit()
    assert await told(owner, pool) == [(4, 220_000_000), (4, 225_000_000)]


async def test_the_public_reads_totals_and_nothing_else(db, client, database):
    pool = await build_pool(db, state=PoolState.AGREEING, values=FOUR)
    hidden = await build_pool(db, values=FOUR)
    await actions.tell_total(db, pool)
    await db.commit()
    listed = await client.open("/demand")
    assert "£2,200,000<" in listed.text
    assert str(hidden) not in listed.text
    assert "Leeds" not in (await client.open(f"/demand/{pool}")).text
    assert (await client.open(f"/demand/{hidden}")).status_code == 404
    rows = (await client.open("/api/v1/demand")).json()["rows"]
    assert [row["value_pence"] for row in rows] == [220_000_000]


async def test_whose_estimates_made_a_total_nobody_reads(db, sessions_app):
    pool = await build_pool(db, state=PoolState.AGREEING, values=FOUR)
    await actions.tell_total(db, pool)
    officer = await build.person(db)
    await db.commit()
    async with transaction(sessions_app, officer.actor) as own:
        with pytest.raises(Exception, match="permission denied"):
            await own.execute(text("select * from pool_total_basis"))
        await own.rollback()


async def test_what_was_expected_is_kept_at_committing(db):
    pool = await build_pool(db, state=PoolState.AGREEING, stage=Stage.INTERESTED)
    await actions.keep_baseline(db, TESTER, pool)
    kept = await queries.baseline(db, pool)
    assert kept is not None
    assert kept.number == 1
    assert sum(member["saving_pence"] for member in kept.members) == kept.saving_pence
    await actions.keep_baseline(db, TESTER, pool)
    again = await queries.baseline(db, pool)
    assert again is not None
    assert again.number == 2


async def test_bound_members_tell_prices_and_the_model_learns(db, owner, sessions_app):
    pool = await build_pool(db, state=PoolState.HANDED_OVER)
    await owner.execute("select 1")
    officer = await build.person(db)
    approver = await build.person(db, Role.APPROVER, second_factor=True)
    await db.commit()
    async with transaction(sessions_app, officer.actor) as own:
        with pytest.raises(NotAllowed):
            await actions.tell_outcome(own, officer.actor, pool, before_pence=1000, after_pence=900)
    await owner.execute("update pool_member set stage = 'bound' where pool_id = $1", pool)
    async with transaction(sessions_app, officer.actor) as own:
        await actions.tell_outcome(own, officer.actor, pool, before_pence=1000, after_pence=900)
        ratios = await queries.observations(own, "library-systems")
    assert ratios == [(pytest.approx(190 / 90), pytest.approx(0.9))]
    async with transaction(sessions_app, approver.actor) as own:
        with pytest.raises(NotAllowed):
            await actions.tell_outcome(own, approver.actor, pool, before_pence=1000, after_pence=900)


async def test_prices_are_told_only_after_handing_over(db, owner, sessions_app):
    pool = await build_pool(db, state=PoolState.COMMITTED, signs_in=timedelta(days=90))
    officer = await build.person(db)
    await db.commit()
    await owner.execute("update pool_member set stage = 'bound' where pool_id = $1", pool)
    async with transaction(sessions_app, officer.actor) as own:
        with pytest.raises(Refused, match="handed to tender"):
            await actions.tell_outcome(own, officer.actor, pool, before_pence=1000, after_pence=900)


async def test_the_form_says_what_is_missing(db, owner, client):
    pool = await build_pool(db, state=PoolState.HANDED_OVER)
    officer = await build.person(db)
    await db.commit()
    await owner.execute("update pool_member set stage = 'bound' where pool_id = $1", pool)
    await client.sign_in(officer)
    wrong = await client.post(f"/pools/{pool}/worth", before_pence="x", after_pence="")
    assert wrong.status_code == 422
    assert "Enter a price in pounds, such as 12.50" in wrong.text
    done = await client.post(f"/pools/{pool}/worth", before_pence="12.50", after_pence="11")
    assert done.status_code in (200, 303)
    page = await client.open(f"/pools/{pool}/worth")
    assert "£12.50" in page.text


@pytest.mark.parametrize("path", ["/pools/{}/worth", "/pools/{}/worth.csv"])
async def test_the_market_does_not_see_the_tab(db, client, path):
    pool = await build_pool(db, state=PoolState.AGREEING)
    supplier = await build.person(db, Role.SUPPLIER, organisation_id=await build.organisation(db))
    await db.commit()
    await client.sign_in(supplier)
    assert (await client.open(path.format(pool))).status_code == 403


async def test_a_pool_that_commits_keeps_its_baseline_and_tells_its_total(db, owner):
    pool = await build_pool(db, state=PoolState.AGREEING, values=FOUR)
    await db.commit()
    await owner.execute(
        """insert into pool_agreement (pool_id, version, text, sha256, person_name)
           values ($1, 1, 'text', sha256('text'::bytea), 'Somebody')""",
        pool,
    )
    await owner.execute(
        """insert into pool_signature (pool_id, version, body_code, sha256, person_id, person_name)
           select pool_id, 1, body_code, sha256('text'::bytea), gen_random_uuid(), 'Somebody'
           from pool_member where pool_id = $1""",
        pool,
    )
    await owner.execute("update pool_member set stage = 'bound' where pool_id = $1", pool)
    assert (await settle(db, pool, datetime.now(UTC)))["state"] == "committed"
    await settle(db, pool, datetime.now(UTC))
    await db.commit()
    baselines = await owner.fetch("select number, saving_pence from pool_baseline where pool_id = $1", pool)
    assert [row["number"] for row in baselines] == [1]
    assert baselines[0]["saving_pence"] > 0
    assert await told(owner, pool) == [(4, 220_000_000)]


async def test_needs_that_committed_together_are_pairs_to_learn_from(db):
    await build_pool(db, state=PoolState.AGREEING)
    assert await committed_pairs(db) == []
    await build_pool(db, state=PoolState.COMMITTED)
    assert len(await committed_pairs(db)) == 3
