"""Raw SQL as each role: who reads and writes versions, signatures, sums and limits."""

from __future__ import annotations

import hashlib
from uuid import UUID

import asyncpg
import pytest

from procurement.actions.pools import signatures as actions
from procurement.rules.pools.states import PoolState, Stage
from store.db import transaction
from store.migrations import plain
from tests import build
from tests.procurement.pools import build_pool
from tests.procurement.signing import approver, make_version, wanted
from values.actors import PUBLIC, Role

TABLES = ("pool_agreement", "pool_signature", "pool_commitment", "approver_authority")


@pytest.fixture
async def cast(db, sessions_app):
    """A pool with a version that Leeds signed; people who read it or try to write."""
    pool_id = await build_pool(db, state=PoolState.AGREEING, stage=Stage.CONDITIONAL)
    made = {
        "officer": await build.person(db),
        "leeds": await approver(db),
        "second": await approver(db, limit_pence=1000),
        "camden": await approver(db, "CMD"),
        "camden_officer": await build.person(db, organisation_id=build.council("CMD")),
        "outside": await build.person(db, organisation_id=build.council("MAN")),
        "lead": await build.person(db, Role.SECTOR_LEAD, organisation_id=build.council("LGA")),
        "operator": await build.person(db, Role.OPERATOR, organisation_id=build.council("LGA")),
        "supplier": await build.person(db, Role.SUPPLIER, organisation_id=await build.organisation(db)),
    }
    await db.commit()
    await make_version(sessions_app, made["officer"].actor, pool_id)
    async with transaction(sessions_app, made["leeds"].actor) as signing:
        await actions.sign(signing, made["leeds"].actor, pool_id, await wanted(signing, pool_id))
    return pool_id, made


@pytest.fixture
async def acting(cast, database):
    """A raw connection of the application's role that acts as somebody."""
    _, people = cast
    connection = await asyncpg.connect(plain(database.app))

    async def enter(who: str) -> asyncpg.Connection:
        actor = people[who].actor if who in people else PUBLIC
        for name, value in (
            ("person", actor.person_id or ""),
            ("organisation", actor.organisation_id or ""),
            ("roles", ",".join(sorted(actor.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value))
        return connection

    yield enter
    await connection.close()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        # versions, signatures, sums, limits
        ("leeds", (1, 1, 1, 2)),
        ("officer", (1, 1, 1, 2)),
        ("camden", (1, 1, 0, 1)),
        ("camden_officer", (1, 1, 0, 1)),
        ("outside", (0, 0, 0, 0)),
        ("lead", (1, 1, 0, 0)),
        ("operator", (0, 0, 0, 3)),
        ("supplier", (0, 0, 0, 0)),
        ("public", (0, 0, 0, 0)),
    ],
)
async def test_each_reads_what_is_theirs(acting, who, seen):
    connection = await acting(who)
    found = tuple([await connection.fetchval(f"select count(*) from {table}") for table in TABLES])
    assert found == seen


async def refuses(connection: asyncpg.Connection, sql: str, *values: object) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql, *values)


VERSION = """insert into pool_agreement (pool_id, version, text, sha256, person_name)
             values ($1, 2, 'x', $2, 'x')"""
RIGHT = hashlib.sha256(b"x").digest()


async def test_only_the_leads_officer_adds_versions_and_only_under_their_own_hash(acting, cast):
    pool_id, _ = cast
    for who in ("leeds", "camden", "camden_officer", "outside", "lead", "operator", "supplier", "public"):
        await refuses(await acting(who), VERSION, pool_id, RIGHT)
    connection = await acting("officer")
    await refuses(connection, VERSION, pool_id, b"0" * 32)
    await connection.execute(VERSION, pool_id, RIGHT)
    for sql in ("update pool_agreement set text = 'y'", "delete from pool_agreement"):
        await refuses(connection, sql)


SIGNATURE = """insert into pool_signature (pool_id, version, body_code, turn, sha256, person_id, person_name)
               select $1, $2, $3, 1, coalesce($5, sha256), $4, 'x' from pool_agreement
               where pool_id = $1 and version = $2"""


async def test_a_signature_is_ones_own_for_ones_own_council_under_the_last_text(acting, cast, owner):
    pool_id, people = cast
    camden = people["camden"].id
    connection = await acting("camden")
    await refuses(connection, SIGNATURE, pool_id, 1, "SLF", camden, None)
    await refuses(connection, SIGNATURE, pool_id, 1, "CMD", people["leeds"].id, None)
    await refuses(connection, SIGNATURE, pool_id, 1, "CMD", camden, b"0" * 32)
    officer = await acting("camden_officer")
    await refuses(officer, SIGNATURE, pool_id, 1, "CMD", people["camden_officer"].id, None)
    await owner.execute(VERSION, pool_id, RIGHT)
    await refuses(await acting("camden"), SIGNATURE, pool_id, 1, "CMD", camden, None)
    await connection.execute(SIGNATURE, pool_id, 2, "CMD", camden, None)


async def test_nobody_is_bound_without_a_signature(acting, cast):
    pool_id, _ = cast
    await refuses(
        await acting("camden"),
        "update pool_member set stage = 'bound' where pool_id = $1 and body_code = 'CMD'",
        pool_id,
    )


COMMITMENT = """insert into pool_commitment (pool_id, version, body_code, sum_pence, until_on)
                values ($1, 1, $2, $3, '2027-01-01')"""


async def test_nobody_commits_past_their_limit_or_under_somebody_elses_signature(acting, cast):
    pool_id, people = cast
    connection = await acting("camden")
    await refuses(connection, COMMITMENT, pool_id, "CMD", 5)  # not signed
    await connection.execute(SIGNATURE, pool_id, 1, "CMD", people["camden"].id, None)
    await refuses(connection, COMMITMENT, pool_id, "CMD", 100_000_001)
    await refuses(await acting("second"), COMMITMENT, pool_id, "LDS", 5)
    connection = await acting("camden")
    await connection.execute(COMMITMENT, pool_id, "CMD", 100_000_000)
    await refuses(connection, "update pool_commitment set sum_pence = 1")


async def test_a_signature_ends_once_and_is_changed_in_nothing_else(acting, cast):
    connection = await acting("camden")
    assert await connection.execute("update pool_signature set ended_at = now()") == "UPDATE 0"
    connection = await acting("leeds")
    await refuses(connection, "update pool_signature set person_name = 'x'")
    await refuses(connection, "update pool_signature set ended_reason = 'x'")  # without ending it
    ended = "update pool_signature set ended_at = now(), ended_reason = 'x'"
    assert await connection.execute(ended) == "UPDATE 1"
    assert await connection.execute(ended) == "UPDATE 0"
    await refuses(connection, "delete from pool_signature")


LIMIT = """insert into approver_authority (body_code, person_id, limit_pence, set_by_name)
           values ($1, $2, 5, 'x')
           on conflict on constraint pk_approver_authority do update set limit_pence = 5"""
LIMIT_OF = "select limit_pence from approver_authority where person_id = $1"
RAISE = "update approver_authority set limit_pence = 9 where person_id = $1"


async def test_limits_are_set_by_another_approver_of_the_council_or_an_operator(acting, cast, owner):
    _, people = cast
    leeds: UUID = people["leeds"].id
    for who in ("leeds", "officer", "camden", "lead", "supplier", "public"):
        await refuses(await acting(who), LIMIT, "LDS", leeds)
    for who in ("second", "operator"):
        await owner.execute("update approver_authority set limit_pence = 7 where person_id = $1", leeds)
        await (await acting(who)).execute(LIMIT, "LDS", leeds)
        assert await owner.fetchval(LIMIT_OF, leeds) == 5
    assert await (await acting("leeds")).execute(RAISE, leeds) == "UPDATE 0"
