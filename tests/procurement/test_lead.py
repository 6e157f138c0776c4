"""The lead of a pool goes to another council: offered, accepted, declined, refused, seen by members."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from procurement.actions.pools import lead as actions
from procurement.actions.pools import leading, leaving
from procurement.actions.pools import signatures as signing
from procurement.models import Pool, PoolTerms
from procurement.queries.pools import pool as pools
from procurement.rules.pools import lead as rules
from procurement.rules.pools.signing import Wanted
from procurement.rules.pools.states import PoolState
from store.db import transaction
from tests import build
from tests.procurement.pools import build_pool, settled, sign
from tests.procurement.signing import make_version
from values.actors import Role
from values.refusals import NotAllowed, Refused


@pytest.fixture
async def officers(db):
    """An officer, who also approves, of each of three councils in the pool and of one outside."""
    made = {
        code: await build.person(
            db, Role.OFFICER, Role.APPROVER, organisation_id=build.council(code), second_factor=True
        )
        for code in ("LDS", "CMD", "SLF", "BST")
    }
    await db.commit()
    return made


@pytest.fixture
async def pool(db):
    """A pool that Leeds leads, with Camden and Salford."""
    made = await build_pool(db)
    await db.commit()
    return made


@pytest.fixture
def do(officers, pool, sessions_app):
    """Do something as the officer of a council."""

    async def done(code, action, *args, **more):
        actor = officers[code].actor
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, pool, *args, **more)

    return done


async def lead_of(owner, pool) -> str:
    return await owner.fetchval("select lead_code from pool where id = $1", pool)


async def trail(owner) -> list[str]:
    rows = await owner.fetch(
        """select action, details ->> 'body_code' as code from audit_entry
           where subject_kind = 'pool' order by id"""
    )
    return [f"{row['action']} {row['code']}" for row in rows]


async def test_the_lead_is_offered_accepted_and_recorded(do, pool, owner, sessions_jobs):
    await do("LDS", actions.offer_lead, "CMD")
    assert await lead_of(owner, pool) == "LDS"
    await do("CMD", actions.accept_lead)
    assert await lead_of(owner, pool) == "CMD"
    assert await trail(owner) == ["pool.lead_offered CMD", "pool.lead_taken CMD"]
    assert await owner.fetchval("select count(*) from pool_lead_offer") == 0
    await settled(sessions_jobs, pool)
    # Leeds is a member as any other; Camden runs the pool.
    with pytest.raises(NotAllowed):
        await do("LDS", leading.open_agreeing)
    with pytest.raises(Refused, match="cannot leave"):
        await do("CMD", leaving.withdraw, reason="")
    await do("LDS", leaving.withdraw, reason="")
    await do("CMD", leading.dissolve, reason="Too few")


async def test_an_offer_is_taken_back_declined_and_falls_with_the_council_that_leaves(do, pool, owner):
    await do("LDS", actions.offer_lead, "CMD")
    with pytest.raises(Refused, match="offered to Camden already"):
        await do("LDS", actions.offer_lead, "SLF")
    with pytest.raises(NotAllowed):
        await do("SLF", actions.end_offer)
    await do("LDS", actions.end_offer)
    with pytest.raises(Refused, match="or no longer"):
        await do("CMD", actions.accept_lead)
    await do("LDS", actions.offer_lead, "SLF")
    await do("SLF", actions.end_offer)
    await do("LDS", actions.offer_lead, "SLF")
    await do("SLF", leaving.withdraw, reason="")
    assert await owner.fetchval("select count(*) from pool_lead_offer") == 0
    with pytest.raises(Refused, match="Choose a council that is in this pool"):
        await do("LDS", actions.offer_lead, "SLF")
    assert await lead_of(owner, pool) == "LDS"


async def test_only_an_officer_of_the_lead_offers_and_to_nobody_else_than_members(
    do, officers, pool, sessions_app
):
    for code, to_code in (("CMD", "SLF"), ("BST", "BST")):
        with pytest.raises(NotAllowed):
            await do(code, actions.offer_lead, to_code)
    for to_code in ("BST", "LDS", "nobody"):
        with pytest.raises(Refused, match="Choose a council"):
            await do("LDS", actions.offer_lead, to_code)
    with pytest.raises(Refused, match="not offered to your council"):
        await do("CMD", actions.accept_lead)


@pytest.mark.parametrize(
    "state", [state for state in PoolState if state not in (PoolState.FORMING, PoolState.AGREEING)]
)
async def test_a_pool_that_is_bound_or_over_keeps_its_lead(do, pool, owner, state):
    await do("LDS", actions.offer_lead, "CMD")
    await owner.execute("alter table pool disable trigger tg_pool_move")
    await owner.execute("update pool set state = $1", state)
    for code, action, args in (("LDS", actions.offer_lead, ("SLF",)), ("CMD", actions.accept_lead, ())):
        with pytest.raises(Refused, match="only while a pool is forming or agreeing"):
            await do(code, action, *args)
    # Nor does the database let anybody past the rule.
    assert await owner.fetchval("select app.take_lead($1)", pool) is None
    assert await lead_of(owner, pool) == "LDS"


async def test_what_was_signed_under_the_earlier_lead_ends_and_is_signed_anew(
    client, do, db, officers, pool, owner, sessions_app, sessions_jobs
):
    await db.execute(update(Pool).values(state=PoolState.AGREEING))
    await db.execute(update(PoolTerms).values(cap_pence=95_000_000))
    await db.commit()
    await make_version(sessions_app, officers["LDS"].actor, pool)
    for code in ("LDS", "CMD"):
        await sign(sessions_app, officers[code].actor, pool, code, 90_000_000)
    near = datetime.now(UTC) + timedelta(days=2)
    await owner.execute("update pool set joins_until = now() - interval '1 day', signs_until = $1", near)
    await do("LDS", actions.offer_lead, "SLF")
    await do("SLF", actions.accept_lead)
    stood = await settled(sessions_jobs, pool)
    assert stood["state"] == "agreeing"
    assert {code: stood[code][0] for code in ("LDS", "CMD")} == {"LDS": "conditional", "CMD": "conditional"}
    assert await owner.fetchval("select count(*) from pool_signature where ended_at is null") == 0
    assert await owner.fetchval("select signs_until from pool") > near + timedelta(days=11)
    said = await trail(owner)
    assert {"pool.signature_ended LDS", "pool.signature_ended CMD", "pool.lead_taken SLF"} <= set(said)
    # The text that names the earlier lead is not to be signed any more.
    actor = officers["CMD"].actor
    async with transaction(sessions_app, actor) as own:
        row = await pools.pool_row(own, pool)
        wanted = Wanted(b"", 1, datetime.now(UTC).date())
        with pytest.raises(Refused, match="names an earlier lead"):
            await signing.check(own, actor, row, wanted)
    await client.sign_in(officers["CMD"])
    await client.open(f"/pools/{pool}/agreement")
    assert "Salford leads this pool now, and makes a new version" in client.text
    assert "Sign this version" not in client.text
    await make_version(sessions_app, officers["SLF"].actor, pool, reason="Salford leads")
    await client.open(f"/pools/{pool}/agreement")
    assert "Sign this version" in client.text
    async with transaction(sessions_app, actor) as own:
        assert (await signing.standing(own, actor, await pools.pool_row(own, pool))).leads_on


@pytest.mark.parametrize(("who", "sees"), [("LDS", 1), ("CMD", 1), ("SLF", 1), ("BST", 0)])
async def test_raw_sql_shows_an_offer_to_members_and_lets_nobody_take_what_is_not_theirs(
    do, officers, pool, owner, sessions_app, who, sees
):
    await do("LDS", actions.offer_lead, "CMD")
    async with transaction(sessions_app, officers[who].actor) as db:
        assert len((await db.execute(text("select * from pool_lead_offer"))).all()) == sees
    if who != "CMD":
        async with transaction(sessions_app, officers[who].actor) as db:
            assert await db.scalar(text("select app.take_lead(:pool)"), {"pool": pool}) is None
        assert await lead_of(owner, pool) == "LDS"
    async with sessions_app(info={"actor": officers[who].actor}) as db:
        with pytest.raises(DBAPIError):
            await db.execute(text("update pool set lead_code = 'SLF'"))


async def test_the_lead_is_handed_on_by_pages(client, officers, pool, owner, sessions_jobs):
    place = f"/pools/{pool}"
    await settled(sessions_jobs, pool)
    await client.sign_in(officers["LDS"])
    await client.open(place)
    assert "Offer the lead to another council" in client.text
    await client.submit_after(f"{place}/lead")
    assert client.errors() == ["Choose one of the answers that are offered"]
    await client.submit(f"{place}/lead", to_code="CMD")
    await client.follow()
    assert "It offers the lead to Camden" in client.text
    await client.open(f"{place}/lead")
    assert "Until an officer there accepts, your council leads" in client.text
    client.client.cookies.clear()
    await client.sign_in(officers["SLF"])
    await client.open(f"{place}/lead")
    assert "does not offer the lead to your council" in client.text
    client.client.cookies.clear()
    await client.sign_in(officers["CMD"])
    await client.open("/council")
    assert "You are asked to lead" in client.text
    await client.open(f"{place}/lead")
    await client.submit(f"{place}/lead/accept")
    await client.follow()
    assert "Your council leads the pool" in client.text
    assert "Change the rules" in client.text
    assert await lead_of(owner, pool) == "CMD"
    await client.open(f"{place}/timeline")
    assert "Took the lead of the pool for Camden, after Leeds" in client.text
    await client.post(f"{place}/lead/accept")
    assert client.errors() == ["The lead of this pool is not offered to your council, or no longer."]
    client.client.cookies.clear()
    await client.sign_in(officers["BST"])
    await client.open(f"{place}/lead")
    assert client.status == 404


def test_words_say_when_the_lead_stays():
    with pytest.raises(Refused, match="forming or agreeing"):
        rules.check_open(PoolState.COMMITTED)
    rules.check_open(PoolState.FORMING)
