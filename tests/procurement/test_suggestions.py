"""Pages of suggested pools: what they show, to whom, and with how many queries."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io

import pytest
from sqlalchemy import Engine, event, func, select, text, update

from procurement import tasks
from procurement.models import Need, SuggestedPool
from store import jobs
from store.db import transaction
from store.models import Job
from tests.procurement.suggested import WINDOW, libraries, open_need, work_out
from values.actors import PUBLIC


@pytest.fixture
async def world(db, people, sessions_jobs):
    """Four library needs in one suggested pool, and three of waste collection that suit nobody."""
    needs = await libraries(db)
    for code in ("LDS", "CMD", "CON"):
        await open_need(db, code, 40_000_000, category="waste-collection")
    await db.commit()
    await work_out(sessions_jobs)
    pool_id = await db.scalar(select(SuggestedPool.id))
    return {"needs": needs, "pool": pool_id}


async def test_the_list_says_who_could_buy_together_and_how_good_that_is(client, people, world):
    await client.sign_in(people["officer"])
    await client.open("/pools/suggested")
    assert client.heading() == "Suggested pools"
    assert "Library and archive systems" in client.text
    assert f'href="/pools/suggested/{world["pool"]}"' in client.text
    for said in (
        "No choice of pools under these rules saves more than",
        "(the gap)",
        "assumed, not measured",
    ):
        assert said in client.text
    assert "7 open needs" in client.text


async def test_the_list_is_filtered_and_handed_out(client, people, world):
    await client.sign_in(people["officer"])
    await client.open("/pools/suggested?whose=own&category=library-systems")
    assert "1 suggested pool" in client.text
    await client.open("/pools/suggested?category=gis-systems")
    assert "No suggested pool fits" in client.text
    await client.open("/pools/suggested.csv")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("\ufeff"))))
    assert [row["id"] for row in rows] == [str(world["pool"])]
    assert rows[0]["joint_value_pence"] == "390000000"


async def test_a_suggested_pool_says_who_why_and_what_limits_it(client, people, world):
    await client.sign_in(people["officer"])
    await client.open(f"/pools/suggested/{world['pool']}")
    assert client.heading() == "Suggested pool: library and archive systems"
    for said in (
        "£3,900,000",
        "95% interval",
        "Councils of all regions may buy this category together",
        "£3,900,000 of at most £4,000,000",
        "Shapley",
        f"/pools/new?need={world['needs']['LDS']}&amp;suggested={world['pool']}",
    ):
        assert said in client.text
    await client.post("/sign-out")
    await client.sign_in(people["lead"])
    await client.open(f"/pools/suggested/{world['pool']}")
    assert "Start this pool" not in client.text


async def test_a_pool_started_from_a_suggestion_begins_with_its_window(client, people, world, db):
    await db.execute(update(SuggestedPool).values(last_start_on=WINDOW[0]))
    await db.commit()
    await client.sign_in(people["officer"])
    place = f"/pools/new?need={world['needs']['LDS']}"
    await client.open(place)
    assert 'name="last_start_on-month" type="text" value="9"' in client.text
    await client.open(f"{place}&suggested={world['pool']}")
    assert 'name="last_start_on-month" type="text" value="4"' in client.text
    await client.open(f"{place}&suggested={world['needs']['LDS']}")
    assert client.status == 200


async def test_a_need_that_was_taken_back_is_no_longer_shown(client, people, world, db):
    await db.execute(update(Need).where(Need.id == world["needs"]["SLF"]).values(state="draft"))
    await db.commit()
    await client.sign_in(people["officer"])
    await client.open(f"/pools/suggested/{world['pool']}")
    assert "Need of SLF" not in client.text
    assert "1 need of this pool is no longer open" in client.text


async def test_before_the_first_run_a_need_is_answered_at_once(client, people, db):
    needs = await libraries(db)
    await db.commit()
    await client.sign_in(people["officer"])
    await client.open("/pools/suggested")
    assert "Pools have not been worked out yet" in client.text
    place = f"/pools/suggested/now/{needs['LDS']}"
    assert place in client.text
    await client.open(place)
    assert "Worked out just now by the quick method" in client.text
    assert "It has not run yet" in client.text
    assert "Need of CMD" in client.text
    assert "£3,900,000" in client.text


async def test_the_answer_at_once_leads_to_the_better_one(client, people, world, db):
    await client.sign_in(people["officer"])
    await client.open(f"/pools/suggested/now/{world['needs']['LDS']}")
    assert f'href="/pools/suggested/{world["pool"]}"' in client.text
    late = await open_need(db, "LDS", None, title="Archive")
    await db.commit()
    await client.open("/pools/suggested")
    assert "Archive</a>: not looked at, because no estimated value" in client.text
    await client.open(f"/pools/suggested/now/{late}")
    assert "because of this need: no estimated value" in client.text


async def test_officers_and_sector_leads_have_them_worked_out_again(client, people, db):
    await client.sign_in(people["officer"])
    await client.open("/pools/suggested")
    await client.submit("/pools/suggested/work-out")
    assert client.place.startswith("/jobs/")
    await client.follow()
    assert client.heading() == "Working out which pools to suggest"
    assert await db.scalar(select(func.count()).select_from(Job)) == 1
    await client.post("/sign-out")
    # While that is under way, nobody starts it once more, whoever asked for it.
    await client.sign_in(people["lead"])
    await client.open("/pools/suggested")
    assert "Pools are being worked out, asked for on" in client.text
    assert 'action="/pools/suggested/work-out"' not in client.text
    await client.post("/pools/suggested/work-out")
    await client.follow()
    assert "Pools are being worked out already" in client.text
    assert await db.scalar(select(func.count()).select_from(Job)) == 1
    await db.execute(update(Job).values(state="done", finished_at=func.now()))
    await db.commit()
    await client.open("/pools/suggested")
    await client.submit("/pools/suggested/work-out")
    assert client.place.startswith("/jobs/")
    await client.post("/sign-out")
    await client.sign_in(people["approver"])
    await client.post("/pools/suggested/work-out")
    assert client.status == 403


async def test_of_two_who_ask_at_once_one_is_told_that_it_runs(people, sessions_app, owner):
    async def ask(who):
        async with transaction(sessions_app, people[who].actor) as own:
            asked = await jobs.enqueue_alone(own, people[who].actor, tasks.SUGGEST)
            await asyncio.sleep(0.1)
            return asked

    found = await asyncio.gather(ask("officer"), ask("lead"), ask("stranger"))
    assert sum(each is not None for each in found) == 1
    assert await owner.fetchval("select count(*) from job") == 1


async def test_suppliers_and_the_public_are_kept_out(client, people, world):
    for place in ("/pools/suggested", f"/pools/suggested/{world['pool']}", "/pools/suggested.csv"):
        await client.open(place)
        assert client.status == 303
    await client.sign_in(people["supplier"])
    for place in ("/pools/suggested", f"/pools/suggested/{world['pool']}", "/pools/suggested.csv"):
        await client.open(place)
        assert client.status == 403


@pytest.mark.parametrize("who", ["officer", "approver", "stranger", "lead"])
async def test_people_of_councils_and_sector_leads_read_them_in_sql(people, world, sessions_app, who):
    async with transaction(sessions_app, people[who].actor) as db:
        for table, number in (("suggestion_run", 1), ("suggested_pool", 1), ("suggested_need", 4)):
            assert await db.scalar(text(f"select count(*) from {table}")) == number
    with pytest.raises(Exception, match="permission denied"):
        async with transaction(sessions_app, people[who].actor) as db:
            await db.execute(text("select * from suggestion_kept"))


@pytest.mark.parametrize("who", ["supplier", "public"])
async def test_nobody_else_does(people, world, sessions_app, who):
    actor = people[who].actor if who in people else PUBLIC
    async with transaction(sessions_app, actor) as db:
        for table in ("suggestion_run", "suggested_pool", "suggested_need", "suggestion_wish"):
            assert await db.scalar(text(f"select count(*) from {table}")) == 0


async def test_sql_gives_no_suggestion_about_a_need_that_was_taken_back(people, world, db, sessions_app):
    await db.execute(update(Need).where(Need.id == world["needs"]["LDS"]).values(state="draft"))
    await db.commit()
    for who in ("officer", "stranger"):
        async with transaction(sessions_app, people[who].actor) as seen:
            assert await seen.scalar(text("select count(*) from suggested_need")) == 3


@contextlib.contextmanager
def counted():
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)


async def test_queries_do_not_grow_with_the_pools(client, people, world, db, sessions_jobs):
    await client.sign_in(people["officer"])
    numbers: list[int] = []
    for categories in ((), ("gis-systems", "electoral-systems", "housing-systems")):
        for category in categories:
            for code in ("LDS", "CMD", "SLF", "BST"):
                await open_need(db, code, 90_000_000, category=category)
        await db.commit()
        await work_out(sessions_jobs)
        pool_id = await db.scalar(select(SuggestedPool.id).order_by(SuggestedPool.id.desc()))
        with counted() as statements:
            await client.open("/pools/suggested")
            await client.open(f"/pools/suggested/{pool_id}")
        numbers.append(len(statements))
    assert client.status == 200
    assert numbers[0] == numbers[1] <= 20, numbers
