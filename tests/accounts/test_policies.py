"""A forgotten WHERE shows nothing to the wrong role: raw `select *` as each, over every table there is."""

from __future__ import annotations

import asyncpg
import pytest

from accounts.actions import load_demonstration
from accounts.actions.demonstration import PEOPLE
from accounts.actions.passwords import Passwords
from store.db import transaction
from store.migrations import plain
from tests import build
from tests.databases import TESTER
from values.actors import PUBLIC, Actor, Role

# Tables that the application may read without a policy, each with its reason.
OPEN = {
    "alembic_version": "which migrations ran",
    "organisation": "the register of bodies is published",
    "organisation_succession": "the register of bodies is published",
    "published_file": "which published files were read is itself published",
    "published_file_total": "what they come to is published with them",
    "marking": "how their lines were sorted is published",
    "market_release": "results made of published payments",
    "market_release_part": "results made of published payments",
    "market_cell": "results made of published payments",
    "market_body_year": "results made of published payments",
    "market_measure": "results made of published payments",
}
OURS = ("person", "credential", "membership", "session", "token", "throttle", "mail")
ENTER = """select set_config('app.person', $1, false), set_config('app.organisation', $2, false),
                  set_config('app.roles', $3, false)"""


@pytest.fixture
async def app_role(database):
    """A raw connection of the application's role."""
    connection = await asyncpg.connect(plain(database.app))
    yield connection
    await connection.close()


@pytest.fixture
async def people(db, owner, sessions_app):
    """Two of Leeds, one of Camden, one operator; each with a session, and rows in every table."""
    made = {
        "officer": await build.person(db),
        "colleague": await build.person(db, Role.APPROVER),
        "stranger": await build.person(db, organisation_id=build.council("CMD")),
        "operator": await build.person(db, Role.OPERATOR, organisation_id=build.council("LGA")),
    }
    await db.commit()
    for built in made.values():
        await owner.execute(
            """insert into session (id, token_hash, person_id, organisation_id)
               values (gen_random_uuid(), $1, $2, $3)""",
            built.id.bytes,
            built.id,
            built.organisation_id,
        )
        await owner.execute(
            """insert into token (id, kind, token_hash, email, organisation_id, role, expires_at)
               values (gen_random_uuid(), 'invitation', $1, 'x@example.org', $2, 'officer', now())""",
            built.id.bytes,
            built.organisation_id,
        )
    await owner.execute("insert into throttle values ('k', 1, now())")
    await owner.execute(
        """insert into mail (id, to_address, subject, body)
           values (gen_random_uuid(), 'x@example.org', 's', 'b')"""
    )
    return made


async def enter(connection, actor: Actor) -> None:
    await connection.execute("select 1")
    await connection.fetch(
        ENTER, str(actor.person_id or ""), str(actor.organisation_id or ""), ",".join(sorted(actor.roles))
    )


async def everything(connection, table: str) -> list:
    """All rows that come when all that may be read is asked for; none where nothing may be."""
    columns = await connection.fetch(
        """select column_name from information_schema.column_privileges
           where table_schema = 'public' and table_name = $1 and grantee = 'bt_app'
           and privilege_type = 'SELECT'""",
        table,
    )
    if not columns:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f'select * from "{table}"')
        return []
    names = ", ".join(f'"{row["column_name"]}"' for row in columns)
    return await connection.fetch(f'select {names} from "{table}"')


async def test_no_table_is_open_that_is_not_listed(owner):
    rows = await owner.fetch(
        """select relname from pg_class c where relkind in ('r', 'p', 'v', 'm', 'f')
           and relnamespace = 'public'::regnamespace and not relrowsecurity
           and (has_table_privilege('bt_app', c.oid, 'select,insert,update,delete')
             or has_any_column_privilege('bt_app', c.oid, 'select,insert,update'))"""
    )
    assert {row["relname"] for row in rows} <= OPEN.keys()


async def test_the_open_tables_cannot_be_written_by_the_application(owner):
    for table in OPEN:
        assert not await owner.fetchval(
            "select has_table_privilege('bt_app', $1::regclass, 'insert,update,delete,truncate')", table
        ), table


async def test_no_table_outside_our_schema_is_reached(owner):
    rows = await owner.fetch(
        """select n.nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace
           where relkind in ('r', 'p', 'v', 'm')
           and n.nspname not in ('public', 'pg_catalog', 'information_schema')
           and n.nspname not like 'pg_toast%'
           and has_schema_privilege('bt_app', n.oid, 'usage')
           and has_table_privilege('bt_app', c.oid, 'select,insert,update,delete')"""
    )
    assert rows == []


async def test_the_application_owns_nothing_and_bypasses_nothing(owner, app_role):
    assert await owner.fetchval("select count(*) from pg_class where relowner = 'bt_app'::regrole") == 0
    role = await owner.fetchrow("select * from pg_roles where rolname = 'bt_app'")
    for power in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb"):
        assert role[power] is False
    for attempt in (
        "set role bt_owner",
        "set role bt_jobs",
        "alter table person disable row level security",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(attempt)
    await app_role.execute("set row_security = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.fetch("select * from person")


async def test_every_definer_function_has_a_fixed_search_path_and_is_not_for_everybody(owner):
    rows = await owner.fetch(
        """select proname, proconfig, has_function_privilege('public', p.oid, 'execute') as anybody
           from pg_proc p where prosecdef and pronamespace = 'app'::regnamespace"""
    )
    assert len(rows) > 15
    for row in rows:
        assert row["proconfig"] == ["search_path=pg_catalog, public"], row["proname"]
    assert [row["proname"] for row in rows if row["anybody"] and row["proname"] != "enqueue_job"] == []


@pytest.mark.parametrize("table", OURS)
async def test_the_public_sees_nothing(app_role, people, table):
    await enter(app_role, PUBLIC)
    assert await everything(app_role, table) == []


async def test_nobody_reads_what_proves_who_somebody_is(app_role, people):
    await enter(app_role, people["operator"].actor)
    for attempt in (
        "select password_hash from credential",
        "select totp_secret from credential",
        "select token_hash from session",
        "select token_hash from token",
        "select * from session",
        "select * from token",
        "select * from throttle",
        "update credential set password_hash = ''",
        "update person set email = 'x@example.org'",
        "update person set second_factor_at = null",
        "update session set second_factor_at = now()",
        "update session set person_id = organisation_id",
        "insert into session (id, token_hash, person_id, organisation_id) select id, '', id, id from person",
        "insert into person (id, email, name) select id, 'x@example.org', 'x' from organisation limit 1",
        "update mail set body = ''",
        "delete from mail",
        "update audit_entry set action = ''",
        "delete from audit_entry",
        "update organisation set name = ''",
        "insert into organisation (id) select id from organisation",
        "select app.step_up(id, '') from session",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(attempt)


async def test_an_officer_sees_colleagues_and_their_own_session_and_no_mail(app_role, people):
    officer, colleague = people["officer"], people["colleague"]
    await enter(app_role, officer.actor)
    seen = {table: await everything(app_role, table) for table in OURS}
    assert {row["id"] for row in seen["person"]} == {officer.id, colleague.id}
    assert {row["person_id"] for row in seen["membership"]} == {officer.id, colleague.id}
    assert [row["person_id"] for row in seen["session"]] == [officer.id]
    assert {row["organisation_id"] for row in seen["token"]} == {build.council()}
    assert not seen["mail"] + seen["credential"] + seen["throttle"]


async def test_an_operator_sees_all_people_and_only_their_own_sessions(app_role, people):
    await enter(app_role, people["operator"].actor)
    assert len(await everything(app_role, "person")) == 4
    assert len(await everything(app_role, "token")) == 4
    assert len(await everything(app_role, "mail")) == 1
    assert [row["person_id"] for row in await everything(app_role, "session")] == [people["operator"].id]


async def test_somebody_half_signed_in_sees_only_themself(app_role, people):
    officer = people["officer"]
    await enter(app_role, Actor(officer.id, None, frozenset(), officer.name))
    assert [row["id"] for row in await everything(app_role, "person")] == [officer.id]
    assert await everything(app_role, "token") == []


@pytest.mark.parametrize("who", ["officer", "colleague", "stranger"])
async def test_nobody_gives_themself_a_role(app_role, people, who):
    person = people[who]
    await enter(app_role, person.actor)
    for role in ("operator", "sector_lead"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(
                "insert into membership (person_id, organisation_id, role) values ($1, $2, $3)",
                person.id,
                person.organisation_id,
                role,
            )


async def test_an_approver_adds_nobody_from_outside_and_reaches_no_other_council(app_role, people):
    await enter(app_role, people["colleague"].actor)
    stranger = people["stranger"]
    for organisation_id in (build.council(), stranger.organisation_id):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(
                "insert into membership (person_id, organisation_id, role) values ($1, $2, 'officer')",
                stranger.id,
                organisation_id,
            )
    assert await app_role.execute("delete from membership where person_id = $1", stranger.id) == "DELETE 0"
    assert await app_role.execute("delete from session where person_id = $1", stranger.id) == "DELETE 0"
    assert await app_role.execute("update person set name = 'x'") == "UPDATE 1"


async def test_the_worker_reads_no_password_no_secret_and_no_token(database, people):
    connection = await asyncpg.connect(plain(database.jobs))
    try:
        for column, table in (
            ("password_hash", "credential"),
            ("totp_secret", "credential"),
            ("token_hash", "session"),
            ("token_hash", "token"),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select {column} from {table}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select * from app.password_facts('x@example.org')")
    finally:
        await connection.close()


async def test_the_actor_of_one_transaction_is_gone_in_the_next(sessions_app, people):
    async with transaction(sessions_app, people["operator"].actor) as db:
        assert (await (await db.connection()).exec_driver_sql("select count(*) from person")).scalar() == 4
    async with transaction(sessions_app, PUBLIC) as db:
        assert (await (await db.connection()).exec_driver_sql("select count(*) from person")).scalar() == 0


async def test_the_demonstration_loads_twice_with_the_workers_rights(sessions_jobs, owner, database):
    for expected in (len(PEOPLE), 0):
        async with transaction(sessions_jobs, TESTER) as db:
            assert await load_demonstration(db, TESTER, Passwords(cheap=True), build.SEALER) == expected
    people = await owner.fetch("select * from person")
    assert all(row["demonstration"] and row["email"].endswith("@example.org") for row in people)
