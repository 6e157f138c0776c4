"""The calendar behind a secret address: whose dates, for how long, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import ProgrammingError

from notifications.actions import feeds
from procurement.models import Contract, PoolLine, PoolVote
from store.db import transaction
from tests.web.test_icalendar import plain, read
from values.actors import PUBLIC
from values.ids import uuid7
from values.years import london_today

# By the calendar, whatever a council buys.
OWED = {
    "Information about payments over £30,000",
    "Payments compliance notice (UK17)",
    "Pipeline notice (UK1)",
}


@pytest.fixture
async def dates(db, pool):
    """A contract each of Leeds and Camden, beside the pool and its needs."""
    today = london_today()
    for code, title in (("LDS", "Maps, old; ours"), ("CMD", "Camden’s own")):
        await db.execute(
            insert(Contract).values(
                body_code=code,
                reference="",
                title=title,
                supplier_name="Invented",
                end_on=today + timedelta(days=100),
                notice_on=today + timedelta(days=10),
                extension_options="",
                value_pence=123_456_789,
                notes=[],
                source_file="x",
                source_line=1,
                source_key=code,
            )
        )
    line_id, opened = uuid7(), datetime.now(UTC)
    line = {"id": line_id, "pool_id": pool, "position": 1, "text": "Opens late", "body_code": "LDS"}
    await db.execute(insert(PoolLine).values(**line))
    for closed_at in (None, opened):
        await db.execute(
            insert(PoolVote).values(
                pool_id=pool,
                line_id=line_id,
                question="Which?",
                choices=["common", "option"],
                weighed_by="council",
                weights={},
                opened_by="LDS",
                closes_at=opened + timedelta(days=5),
                closed_at=closed_at,
            )
        )
    await db.commit()


async def address(client) -> str:
    await client.open("/calendar")
    await client.submit("/calendar/make")
    return client.text.split('app-secret">')[1].split("<")[0].removeprefix("http://127.0.0.1")


async def test_an_address_is_made_read_made_anew_and_stopped(client, people, dates, owner):
    await client.sign_in(people["officer"])
    first = await address(client)
    assert client.answer.headers["cache-control"] == "no-store"
    await client.open("/calendar")
    assert first.split("/")[-1].removesuffix(".ics") not in client.text
    second = await address(client)
    await client.open("/calendar")
    page = client.text
    client.client.cookies.clear()
    assert (await client.open(first)).status_code == 404
    answer = await client.open(second)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=900"
    found = read(answer.content)
    told = sorted(plain(value) for name, _, value in found if name == "SUMMARY")
    assert {each for each in told if each in OWED} == OWED
    assert [each for each in told if each not in OWED] == [
        "Contract ends: Maps, old; ours",
        "Earliest start: Library system",
        "Last day to give notice: Maps, old; ours",
        "Last time to join: Library systems together",
        "Last time to sign: Library systems together",
        "Vote closes: Library systems together",
    ]
    for hidden in (b"Camden", b"123456789", b"1,234,567", "£".encode(), b"90000000"):
        # The one sum is the law's.
        assert hidden not in answer.content.replace("over £30\\,000".encode(), b"")
    again = await client.open(second)
    assert again.content == answer.content
    kept = await client.client.get(second, headers={"if-none-match": answer.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert "Stop the address" in page
    await client.sign_in(people["officer"])
    await client.open("/calendar")
    await client.submit("/calendar/revoke")
    await client.follow()
    assert "The address no longer works" in client.text
    assert (await client.open(second)).status_code == 404
    actions = await owner.fetch("select action from audit_entry where action like 'calendar.%' order by id")
    assert [row["action"] for row in actions] == ["calendar.made", "calendar.made", "calendar.revoked"]


async def test_who_left_the_council_reads_no_more(client, people, dates, owner):
    await client.sign_in(people["officer"])
    place = await address(client)
    await owner.execute("update membership set role = 'supplier' where person_id = $1", people["officer"].id)
    assert (await client.open(place)).status_code == 404
    await owner.execute("update membership set role = 'officer' where person_id = $1", people["officer"].id)
    await owner.execute("update person set disabled_at = now() where id = $1", people["officer"].id)
    assert (await client.open(place)).status_code == 404


async def test_guessing_and_reading_without_end_are_stopped(client, people, dates, monkeypatch):
    monkeypatch.setattr("notifications.routes.calendar.MOST_READINGS", 2)
    await client.sign_in(people["officer"])
    place = await address(client)
    client.client.cookies.clear()
    statuses = [
        (await client.open(f"/calendar/{'x' * number}.ics")).status_code for number in (43, 5, 43, 43)
    ]
    assert statuses == [404, 404, 429, 429]
    assert [(await client.open(place)).status_code for _ in range(4)] == [200, 200, 429, 429]


async def test_only_people_of_councils_have_a_calendar(client, people):
    for who in ("lead", "supplier"):
        await client.sign_in(people[who])
        for answer in (await client.open("/calendar"), await client.post("/calendar/make")):
            assert answer.status_code == 403
        client.client.cookies.clear()
    assert (await client.open("/calendar")).status_code == 303
    assert (await client.open("/calendar/nothing")).status_code == 404


async def test_addresses_are_seen_by_their_person_only_and_their_hash_by_nobody(people, sessions_app):
    officer = people["officer"].actor
    async with transaction(sessions_app, officer) as db:
        await feeds.make_feed(db, officer)
    reading = text("select id, person_id, organisation_id, made_at from calendar_feed")
    for who, number in (("officer", 1), ("colleague", 0), ("camden", 0), ("lead", 0), ("supplier", 0)):
        async with transaction(sessions_app, people[who].actor) as db:
            assert len((await db.execute(reading)).all()) == number
            assert (
                await db.execute(text("delete from calendar_feed where person_id <> app.person()"))
            ).rowcount == 0
    async with transaction(sessions_app, PUBLIC) as db:
        assert (await db.execute(reading)).all() == []
    for actor in (officer, PUBLIC):
        async with sessions_app(info={"actor": actor}) as db:
            with pytest.raises(ProgrammingError):
                await db.execute(text("select token_hash from calendar_feed"))
