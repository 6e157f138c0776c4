"""The invented needs, contracts and pools: of real councils, marked, the same for the same anchor."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import select

from accounts.models import BodyKind, Organisation
from analytics.pooling.needs import Model
from procurement.actions.demonstration.contracts import KINDS, load_demonstration_contracts
from procurement.actions.demonstration.needs import COUNCILS, NEEDS, load_demonstration_needs
from procurement.actions.demonstration.pools import POOLS, load_demonstration_pools
from procurement.models import Contract, Need, Pool, PoolBaseline, PoolMember, PoolTotal
from procurement.rules.pools.states import PoolState
from tests.databases import TESTER
from values.years import london_today

ANCHOR = date(2026, 11, 22)


async def test_needs_are_invented_once_and_shown_as_such(db, client, people):
    made = await load_demonstration_needs(db, TESTER, ANCHOR)
    assert made > 100
    assert await load_demonstration_needs(db, TESTER, ANCHOR) == 0
    await db.commit()
    rows = list(await db.scalars(select(Need)))
    councils = set(await db.scalars(select(Organisation.code).where(Organisation.kind == BodyKind.COUNCIL)))
    assert all(row.demonstration for row in rows)
    assert {row.body_code for row in rows} <= councils
    assert len({row.body_code for row in rows}) == COUNCILS
    assert {row.state for row in rows} == {"draft", "open", "archived"}
    first = next(row for row in rows if row.source_key == "demonstration 0")
    assert (first.title, first.earliest_start_on) == (NEEDS[0][1], date(2027, 7, 22))
    await client.sign_in(people["officer"])
    await client.open(f"/needs/{first.id}")
    assert "Invented</strong>" in client.text
    assert "Matches are being worked out" in client.text


async def test_contracts_are_invented_once(db):
    assert await load_demonstration_contracts(db, ANCHOR) == 6 * len(KINDS)
    assert await load_demonstration_contracts(db, ANCHOR) == 0
    rows = list(await db.scalars(select(Contract)))
    assert all(row.demonstration and "(invented)" in row.supplier_name for row in rows)


def test_invented_pools_pay_but_for_the_example_of_one_that_does_not():
    saved = {
        pool.title: Model().saving([thousands / 10 for _, thousands, _ in pool.members])
        for pool in POOLS
        if pool.state is not PoolState.DISSOLVED
    }
    assert {title for title, saving in saved.items() if saving <= 0} == {"Museum and archive catalogue"}


async def test_pools_are_in_every_state_and_marked(db, sessions_jobs):
    assert await load_demonstration_pools(sessions_jobs, london_today()) == len(POOLS)
    assert await load_demonstration_pools(sessions_jobs, london_today()) == 0
    rows = list(await db.scalars(select(Pool)))
    assert all(row.demonstration for row in rows)
    assert Counter(row.state for row in rows) == Counter(state.value for state in PoolState)
    committed = next(row for row in rows if row.state == PoolState.COMMITTED)
    stages = await db.scalars(select(PoolMember.stage).where(PoolMember.pool_id == committed.id))
    assert set(stages) == {"bound"}
    assert await db.scalar(select(PoolBaseline.saving_pence).where(PoolBaseline.pool_id == committed.id)) > 0
    told = set(await db.scalars(select(PoolTotal.pool_id)))
    assert committed.id in told
