"""Raw SQL as each role: terms and signed sums stay with the council, stakes with the members."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import update

from procurement.models import Pool, PoolTerms
from procurement.rules.pools.states import PoolState
from store.db import transaction
from store.migrations import plain
from tests import build
from tests.procurement.pools import build_pool, make_version, settled, sign
from values.actors import PUBLIC, Role
from values.refusals import Refused

TABLES = (
    "pool",
    "pool_member",
    "pool_stake",
    "pool_terms",
    "pool_pulse",
    "pool_outlook",
    "pool_agreement",
    "pool_signature",
    "pool_commitment",
)
OWN = ("pool_terms", "pool_commitment")
INSIDE = ("pool_stake", "pool_outlook", "pool_agreement", "pool_signature")


@pytest.fixture
async def readers(db):
    """Two members, a council outside, a sector lead, a supplier, the public."""
    supplier = await build.organisation(db)
    both = (Role.OFFICER, Role.APPROVER)
    made = {
        "member": await build.person(db, *both),
        "partner": await build.person(db, *both, organisation_id=build.council("CMD")),
        "outside": await build.person(db, *both, organisation_id=build.council("BST")),
        "lead": await build.person(db, Role.SECTOR_LEAD, organisation_id=build.council("LGA")),
        "supplier": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
    }
    await db.commit()
    return {**{who: person.actor for who, person in made.items()}, "public": PUBLIC}


@pytest.fixture
async def ask(database, readers):
    """Run raw SQL as a reader, on a connection of the application's role."""
    connection = await asyncpg.connect(plain(database.app))

    async def asked(who, sql, *values):
        actor = readers[who]
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))
        return await connection.fetch(sql, *values)

    yield asked
    await connection.close()


@pytest.fixture
async def pool(db, readers, sessions_app, sessions_jobs):
    """A pool that is forming, later agreeing, where two members have terms and have signed."""
    made = await build_pool(db, state=PoolState.AGREEING)
    await make_version(db, made)
    await db.execute(update(PoolTerms).where(PoolTerms.pool_id == made).values(cap_pence=95_000_000))
    await db.commit()
    for who, code in (("member", "LDS"), ("partner", "CMD")):
        await sign(sessions_app, readers[who], made, code, 96_000_000)
    await settled(sessions_jobs, made)
    return made


async def test_a_member_reads_its_own_terms_and_sum_and_no_other(ask, pool):
    for table in OWN:
        for who, code in (("member", "LDS"), ("partner", "CMD")):
            assert [row["body_code"] for row in await ask(who, f"select * from {table}")] == [code]
        for who in ("outside", "lead", "supplier", "public"):
            assert await ask(who, f"select * from {table}") == []


async def test_what_members_bring_is_for_them_and_sector_leads(ask, pool):
    for table in INSIDE:
        for who in ("member", "partner", "lead"):
            assert await ask(who, f"select * from {table}"), (who, table)
        for who in ("outside", "supplier", "public"):
            assert await ask(who, f"select * from {table}") == [], (who, table)
    assert len(await ask("partner", "select * from pool_stake")) == 3


async def test_nothing_that_others_read_tells_a_cap_or_a_signed_sum(ask, pool):
    for who in ("outside", "lead", "supplier", "public"):
        for table in TABLES:
            told = str([dict(row) for row in await ask(who, f"select * from {table}")])
            assert "95000000" not in told, (who, table)
            assert "96000000" not in told, (who, table)


async def test_the_market_sees_no_pool_before_agreeing_and_no_members_before_committed(ask, pool, db):
    for who in ("supplier", "public"):
        assert len(await ask(who, "select * from pool")) == 1
        for table in TABLES[1:]:
            assert await ask(who, f"select * from {table}") == []
    await build_pool(db)
    dissolved = await build_pool(db, state=PoolState.DISSOLVED)
    await db.commit()
    for who in ("supplier", "public"):
        assert [row["id"] for row in await ask(who, "select * from pool")] == [pool]
    assert dissolved in [row["id"] for row in await ask("outside", "select * from pool")]


async def test_a_council_that_left_reads_what_outsiders_read(ask, pool, owner):
    await owner.execute("update pool_member set stage = 'withdrawn' where body_code = 'CMD'")
    for table in ("pool_outlook", "pool_agreement"):
        assert await ask("partner", f"select * from {table}") == []
    for table in ("pool_stake", "pool_signature"):
        assert {row["body_code"] for row in await ask("partner", f"select * from {table}")} == {"CMD"}


@pytest.mark.parametrize("who", ["partner", "outside", "lead", "supplier", "public"])
async def test_nobody_writes_for_another_council(ask, pool, who):
    for sql in (
        "update pool set title = 'x' returning 1",
        "update pool_member set stage = 'withdrawn' where body_code = 'LDS' returning 1",
        "update pool_stake set value_pence = 1 where body_code = 'LDS' returning 1",
        "update pool_terms set cap_pence = 1 where body_code = 'LDS' returning 1",
        "update pool_signature set ended_reason = 'x' where body_code = 'LDS' returning 1",
    ):
        assert await ask(who, sql) == []
    for sql in (
        "insert into pool_member (pool_id, body_code) values ($1, 'SLF')",
        "insert into pool_terms (pool_id, body_code) values ($1, 'SLF')",
        "insert into pool_outlook values ($1, 1, now(), true, 0, '{}')",
        "insert into pool_commitment values ($1, 1, 'SLF', 1, '2029-01-01')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, sql, pool)


async def test_nobody_is_bound_without_a_signature(ask, pool, db):
    change = "update pool_member set stage = $1 where body_code = 'CMD' and pool_id = $2"
    await ask("partner", change, "conditional", pool)
    await ask("partner", change, "bound", pool)
    await make_version(db, pool)
    await db.commit()
    await ask("partner", change, "conditional", pool)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("partner", change, "bound", pool)


async def test_only_the_lead_changes_the_pool(pool, readers, sessions_app, owner):
    async with transaction(sessions_app, readers["member"]) as db:
        changed = await db.execute(update(Pool).where(Pool.id == pool).values(title="Ours"))
    assert changed.rowcount == 1
    assert await owner.fetchval("select title from pool") == "Ours"


async def test_signing_waits_for_agreeing(db, readers, sessions_app):
    forming = await build_pool(db)
    await make_version(db, forming)
    await db.commit()
    with pytest.raises(Refused):
        await sign(sessions_app, readers["member"], forming, "LDS", 1)
