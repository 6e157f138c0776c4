"""Raw SQL as each role: drafts, budgets and contracts stay with the council."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text

from procurement.actions import importing
from store.db import transaction
from store.migrations import plain
from values.actors import PUBLIC

PRIVATE = ("need_detail", "need_version", "contract", "contract_set_aside")
OWN = ("need_detail", "need_line", "need_version", "contract", "contract_set_aside")
ENTER = """select set_config('app.person', $1, false), set_config('app.organisation', $2, false),
                  set_config('app.roles', $3, false)"""


@pytest.fixture
async def seen(database, people, needs, sessions_app):
    """What `select` gives to each reader, from a raw connection of the application's role."""
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        register = b"Contract Title,End Date\nMaps,2027-03-31\n,2027-03-31\n"
        await importing.import_contracts(db, actor, "register.csv", register, body_code="LDS")
    connection = await asyncpg.connect(plain(database.app))

    async def ask(who: str, table: str) -> list[asyncpg.Record]:
        actor = people[who].actor if who in people else PUBLIC
        roles = ",".join(sorted(actor.roles))
        await connection.execute(
            ENTER.replace("$1", f"'{actor.person_id or ''}'")
            .replace("$2", f"'{actor.organisation_id or ''}'")
            .replace("$3", f"'{roles}'")
        )
        return await connection.fetch(f"select * from {table}")

    yield ask
    await connection.close()


async def test_the_own_council_sees_all_that_is_its(seen):
    for who in ("officer", "approver"):
        assert len(await seen(who, "need")) == 2
        for table in OWN:
            assert await seen(who, table), (who, table)
        assert {row["budget_low_pence"] for row in await seen(who, "need_detail")} == {123_456}


@pytest.mark.parametrize("who", ["stranger", "lead"])
async def test_others_see_open_needs_without_budgets(seen, needs, who):
    rows = await seen(who, "need")
    assert [row["id"] for row in rows] == [needs["open"]]
    assert not any("budget" in name for name in rows[0].keys())  # noqa: SIM118 -- a record's iterator gives values
    # What is required is read with the need, and with the open one only.
    assert {row["need_id"] for row in await seen(who, "need_line")} == {needs["open"]}
    for table in PRIVATE:
        assert await seen(who, table) == []


@pytest.mark.parametrize("who", ["supplier", "public"])
async def test_suppliers_and_the_public_see_nothing(seen, who):
    for table in ("need", *OWN):
        assert await seen(who, table) == []


@pytest.mark.parametrize("who", ["stranger", "lead", "supplier", "approver"])
async def test_nobody_but_an_officer_of_the_council_writes(people, needs, sessions_app, who):
    async with transaction(sessions_app, people[who].actor) as db:
        for sql in (
            "update need set title = 'x'",
            "update need_detail set budget_low_pence = 1",
            "delete from need_line",
        ):
            assert (await db.execute(text(sql))).rowcount == 0
