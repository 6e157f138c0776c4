"""Raw SQL as each role: members and sector leads read; a council speaks and votes for itself alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from procurement.actions.pools import lines as actions
from procurement.actions.pools import sounding
from procurement.actions.pools import votes as vote_actions
from procurement.rules.pools.lines import Outcome, Stance
from store.db import transaction
from store.migrations import plain
from tests import build
from tests.procurement.pools import build_pool
from values.actors import PUBLIC, Role

TABLES = ("pool_line", "pool_stance", "pool_vote", "pool_ballot", "pool_sounding", "pool_line_change")
DENIED = (asyncpg.InsufficientPrivilegeError,)


@pytest.fixture
async def actors(db):
    supplier = await build.organisation(db)
    made = {
        "lead": await build.person(db),
        "member": await build.person(db, organisation_id=build.council("CMD")),
        "approver": await build.person(
            db, Role.APPROVER, organisation_id=build.council("CMD"), second_factor=True
        ),
        "stranger": await build.person(db, organisation_id=build.council("MAN")),
        "sector lead": await build.person(
            db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
        ),
        "supplier": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
    }
    await db.commit()
    return {who: person.actor for who, person in made.items()} | {"public": PUBLIC}


@pytest.fixture
async def world(db, actors, sessions_app):
    """A pool with a line on which Leeds has voted and which a supplier was asked about."""
    pool, lead = await build_pool(db), actors["lead"]
    await db.commit()
    async with transaction(sessions_app, lead) as own:
        line = await actions.propose(own, lead, pool, "Works offline", Stance.MUST)
        await sounding.record_sounding(own, lead, pool, "Invented Ltd", failing=[line], note="")
        vote = await vote_actions.open_vote(
            own,
            lead,
            pool,
            line,
            question="?",
            choices=[Outcome.COMMON, Outcome.OPTION],
            lot="",
            closes_on=(datetime.now(UTC) + timedelta(days=3)).date(),
        )
        await vote_actions.cast(own, lead, pool, vote, "option")
    return {"pool": pool, "line": line, "vote": vote}


@pytest.fixture
async def run(database, actors):
    """Runs a statement as somebody, over a raw connection of the application's role."""
    connection = await asyncpg.connect(plain(database.app))

    async def ran(who, sql, *values):
        actor = actors[who]
        for name, value in (
            ("person", actor.person_id or ""),
            ("organisation", actor.organisation_id or ""),
            ("roles", ",".join(sorted(actor.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value))
        return await connection.fetch(sql, *values)

    yield ran
    await connection.close()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("lead", True),
        ("member", True),
        ("approver", True),
        ("sector lead", True),
        ("stranger", False),
        ("supplier", False),
        ("public", False),
    ],
)
async def test_members_and_sector_leads_read(run, world, who, sees):
    for table in TABLES:
        assert bool(await run(who, f"select * from {table}")) is sees, table


BALLOT = """insert into pool_ballot (pool_id, vote_id, body_code, choice, person_id, person_name)
            values ($1, $2, $3, $4, $5, 'x')"""
STANCE = """insert into pool_stance (pool_id, line_id, body_code, stance, person_name)
            values ($1, $2, $3, 'accept', 'x')"""


async def test_a_council_speaks_and_votes_for_itself_alone(run, world, actors):
    pool, line, vote = world.values()
    person = actors["member"].person_id
    with pytest.raises(DENIED):
        await run("member", STANCE, pool, line, "SLF")
    with pytest.raises(DENIED):
        await run("member", BALLOT, pool, vote, "SLF", "option", person)
    with pytest.raises(DENIED):
        await run("member", BALLOT, pool, vote, "CMD", "option", actors["lead"].person_id)
    with pytest.raises(DENIED):
        await run("member", BALLOT, pool, vote, "CMD", "dropped", person)
    with pytest.raises(DENIED):
        await run("approver", BALLOT, pool, vote, "CMD", "option", actors["approver"].person_id)
    for sql in (
        "update pool_stance set stance = 'cannot' returning 1",
        "update pool_ballot set choice = 'common' returning 1",
    ):
        assert await run("member", sql) == []
    await run("member", STANCE, pool, line, "CMD")
    await run("member", BALLOT, pool, vote, "CMD", "option", person)


@pytest.mark.parametrize("who", ["stranger", "sector lead", "supplier", "public"])
async def test_nobody_from_outside_writes(run, world, actors, who):
    pool, line, vote = world.values()
    code = "MAN" if who == "stranger" else "LDS"
    with pytest.raises(DENIED):
        await run(who, STANCE, pool, line, code)
    with pytest.raises(DENIED):
        await run(who, BALLOT, pool, vote, code, "option", actors[who].person_id or pool)
    with pytest.raises(DENIED):
        await run(
            who,
            "insert into pool_line (id, pool_id, position, text, body_code) values ($1, $2, 9, 'x', $3)",
            line,
            pool,
            code,
        )
    for table in ("pool_line set outcome = 'option'", "pool_vote set outcome = 'common'"):
        assert await run(who, f"update {table} returning 1") == []


async def test_only_the_lead_settles_lines_and_opens_and_closes_votes(run, world):
    pool, line, _ = world.values()
    for table in ("pool_line set outcome = 'option'", "pool_vote set closed_at = now()"):
        assert await run("member", f"update {table} returning 1") == []
    with pytest.raises(DENIED):
        await run(
            "member",
            "insert into pool_vote (id, pool_id, line_id, question, choices, weighed_by, weights, opened_by,"
            " closes_at) values ($2, $1, $2, '?', array['lot','option'], 'council', '{}', 'x',"
            " now() + interval '1 day')",
            pool,
            line,
        )


async def test_a_ballot_is_cast_only_while_the_vote_is_open(run, world, actors, owner):
    pool, _, vote = world.values()
    person = actors["member"].person_id
    await owner.execute("update pool_vote set closes_at = now() - interval '1 second'")
    with pytest.raises(DENIED):
        await run("member", BALLOT, pool, vote, "CMD", "option", person)
    with pytest.raises(DENIED):
        await run("lead", "update pool_ballot set choice = 'common' where body_code = 'LDS'")
    await owner.execute("update pool_vote set closes_at = now() + interval '1 day', closed_at = now()")
    with pytest.raises(DENIED):
        await run("member", BALLOT, pool, vote, "CMD", "option", person)


async def test_the_database_keeps_a_hard_need_hard(run, world, owner):
    with pytest.raises(asyncpg.CheckViolationError, match="a council says must"):
        await run("lead", "update pool_line set outcome = 'dropped'")
    await owner.execute("update pool_stance set stance = 'cannot'")
    with pytest.raises(asyncpg.CheckViolationError, match="a council says cannot"):
        await run("lead", "update pool_line set outcome = 'common'")
    # A council that left bars nothing.
    await owner.execute("update pool_member set stage = 'withdrawn' where body_code = 'LDS'")
    await owner.execute("update pool_line set outcome = 'common'")


async def test_history_soundings_and_closed_votes_are_never_rewritten(run, world, owner):
    for sql in (
        "update pool_line_change set reason = 'x'",
        "delete from pool_line_change",
        "update pool_sounding set note = 'x'",
        "delete from pool_line",
        "delete from pool_ballot",
        "update pool_vote set weights = '{}'",
    ):
        with pytest.raises(DENIED):
            await run("lead", sql)
    await owner.execute("update pool_vote set closed_at = now()")
    assert await run("lead", "update pool_vote set outcome = 'common' returning 1") == []
