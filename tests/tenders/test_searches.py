"""Saved searches: told once of each new tender, by notice and mail as chosen; stopped without an account."""

from __future__ import annotations

import re
from types import SimpleNamespace

import asyncpg
import pytest

from notifications.tasks import tell
from sourcing import tasks as sourcing_tasks
from sourcing.actions import searches
from sourcing.rules.searches import SearchMail
from store.db import transaction
from store.jobs import Work
from store.migrations import plain
from tenders.tasks import search_published
from tests import build
from tests.tenders import made
from tests.tenders.test_routes import as_
from values.actors import PUBLIC, Actor
from values.refusals import Missing

SETTINGS = SimpleNamespace(public_url="https://buy.example.org", key=lambda: build.KEY)


@pytest.fixture
def run(sessions_jobs):
    """All that the worker does each minute about searches."""

    async def once() -> int:
        work = Work(sessions_jobs, Actor(name="clock"), resources={"settings": SETTINGS})
        looked = await search_published(work)
        await sourcing_tasks.mail_searches(work)
        await tell(work)
        return looked["tenders"]

    return once


@pytest.fixture
def save(cast, sessions_app):
    async def saving(who="supplier", query="q=library", wanted=SearchMail.AT_ONCE):
        actor = cast[who].actor
        async with transaction(sessions_app, actor) as db:
            return await searches.save(
                db,
                actor,
                kind="tenders",
                query=query,
                description=f"looks for {query}",
                name=f"Mine {query}",
                wanted=wanted,
                key=build.KEY,
            )

    return saving


async def test_an_owner_hears_once_of_each_new_tender_that_matches(
    approved, cast, save, run, owner, sessions_app
):
    await save(query="q=library")
    await save(query="state=open&value_from=1000000")
    await save(query="q=parking")
    await save(who="officer", query="q=library", wanted=SearchMail.NONE)
    assert await run() == 0
    await made.publish(sessions_app, cast, approved)
    assert await run() == 1
    assert await run() == 0
    notices = await owner.fetch(
        "select p.name, n.reason, n.text, n.href from notice n join person p on p.id = n.person_id"
        " where n.reason = 'searched' order by p.name"
    )
    assert [tuple(row) for row in notices] == [
        (
            "Olga Officer",
            "searched",
            "New tender for your saved search “Mine q=library”",
            f"/tenders/{approved}",
        ),
        (
            "Sue Supplier",
            "searched",
            "New tender for your saved searches “Mine q=library” and “Mine state=open&value_from=1000000”",
            f"/tenders/{approved}",
        ),
    ]
    mail = await owner.fetch("select to_address, subject, body from mail order by subject")
    assert [row["to_address"] for row in mail] == [cast["supplier"].email] * 2
    assert mail[0]["subject"] == "1 new tender: Mine q=library"
    assert f"https://buy.example.org/tenders/{approved}" in mail[0]["body"]
    # Published long ago is not new for a search that is saved now.
    await save(query="q=works")
    assert await run() == 0
    assert await owner.fetchval("select count(*) from search_finding") == 3


async def test_a_daily_search_waits_for_the_morning(approved, cast, save, run, owner, sessions_app):
    await save(wanted=SearchMail.DAILY)
    await made.publish(sessions_app, cast, approved)
    await run()
    assert await owner.fetchval("select count(*) from mail") == 0
    await owner.execute("update search_finding set found_at = now() - interval '25 hours'")
    await run()
    await run()
    assert await owner.fetchval("select count(*) from mail") == 1


async def test_mail_is_stopped_by_its_link_signed_out_and_by_no_other(
    approved, cast, save, run, owner, sessions_app, client
):
    await save()
    other = await save(query="category=gis-systems")
    await made.publish(sessions_app, cast, approved)
    await run()
    body = await owner.fetchval("select body from mail")
    place = re.search(r"(/searches/stop/\S+)", body)[1]
    assert (await client.open(place[:-1] + ("A" if place[-1] != "A" else "B"))).status_code == 404
    await client.open(place)
    assert "Mine q=library" in client.text
    # Looking at it stops nothing.
    assert await owner.fetchval("select count(*) from saved_search where mail = 'none'") == 0
    await client.submit(place)
    assert client.heading() == "The mail was stopped"
    assert await owner.fetchval("select mail from saved_search where id = $1", other) == "at_once"
    assert await owner.fetchval("select count(*) from saved_search where mail = 'none'") == 1


async def test_a_person_saves_changes_and_deletes_a_search(approved, cast, client, owner):
    await client.open("/tenders/save-search?q=maps")
    assert client.status == 303
    await client.sign_in(cast["supplier"])
    await client.open("/tenders?q=maps&state=open&sort=due")
    assert "/tenders/save-search?q=maps&amp;state=open" in client.text
    await client.open("/tenders/save-search?q=maps&state=open")
    await client.submit("/tenders/save-search?q=maps", name="", mail="weekly")
    assert client.errors() == ["Enter a name for the search"]
    await client.submit("/tenders/save-search?q=maps", name="Maps", mail="weekly")
    await client.follow()
    assert "Once a week" in client.text
    assert "the words “maps”" in client.text
    await client.open("/tenders/save-search?q=maps")
    await client.submit("/tenders/save-search?q=maps", name="Maps again", mail="none")
    assert client.errors() == ["You have saved this search already"]
    place = re.search(r'href="(/searches/[0-9a-f-]{36})"', (await client.open("/searches")).text)[1]
    await client.submit_after(place, name="Charts", mail="none")
    assert client.status == 303
    await as_(client, owner, cast["officer"])
    assert (await client.open(place)).status_code == 404
    assert (await client.post(f"{place}/delete")).status_code == 404
    await as_(client, owner, cast["supplier"])
    await client.submit_after(f"{place}/delete")
    assert "You have saved no search" in (await client.follow()).text
    await client.open("/tenders/save-search")
    assert "This looks for every tender" in client.text


async def test_only_its_owner_reads_a_search(approved, cast, save, run, sessions_app, database):
    search = await save()
    await made.publish(sessions_app, cast, approved)
    await run()
    connection = await asyncpg.connect(plain(database.app))

    async def as_who(actor):
        for name, value in (
            ("person", actor.person_id),
            ("organisation", actor.organisation_id),
            ("roles", ",".join(sorted(actor.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))

    columns = "id, person_id, kind, name, query, description, mail, saved_at"
    for who in (*cast.people, "public"):
        actor = PUBLIC if who == "public" else cast[who].actor
        await as_who(actor)
        seen = int(who == "supplier")
        assert len(await connection.fetch(f"select {columns} from saved_search")) == seen, who
        assert await connection.fetchval("select count(*) from search_finding") == seen, who
        if not seen:
            for sql in ("update saved_search set mail = 'none'", "delete from saved_search"):
                assert (await connection.execute(sql)).endswith(" 0"), (who, sql)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into saved_search (id, person_id, kind, name, query, description, mail,"
                    " stop_hash)"
                    " values (gen_random_uuid(), $1, 'tenders', 'x', 'q=x', 'x', 'none', $2)",
                    cast["supplier"].id,
                    b"x" * 32,
                )
    await as_who(cast["supplier"].actor)
    for sql in ("select stop_hash from saved_search", "select * from search_looked",
                "update search_finding set mailed_at = now()"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(sql)
    await connection.close()
    async with transaction(sessions_app, PUBLIC) as db:
        with pytest.raises(Missing):
            await searches.stop(db, PUBLIC, str(search))
