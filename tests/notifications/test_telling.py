"""Notices made from the audit trail: once, to whom they are for, and read by nobody else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError

from app.worker import TASKS
from notifications.actions import notices as marking
from notifications.actions import telling as actions
from notifications.queries import notices as queries
from notifications.rules import telling
from notifications.rules.telling import MailWanted
from procurement.actions.pools import pulse, talking
from store import audit
from store.db import transaction
from values.actors import PUBLIC
from values.refusals import Missing

MORNING = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def say(pool, sessions_app):
    """Write a comment as somebody."""

    async def write(person, words: str = "Hello") -> None:
        async with transaction(sessions_app, person.actor) as db:
            await talking.write_comment(db, person.actor, pool, text=words)

    return write


def test_what_actions_ask_for_is_a_task_of_the_worker():
    assert pulse.TELL in TASKS


async def told(owner) -> list[tuple[str, str, str]]:
    rows = await owner.fetch(
        """select p.name, n.reason, n.text from notice n join person p on p.id = n.person_id
           order by n.entry_id, p.name"""
    )
    return [tuple(row) for row in rows]


async def test_followers_and_who_is_mentioned_are_told_once(say, run, people, owner):
    await say(people["officer"])
    await say(people["colleague"])
    await say(people["camden"], "Hello @Ann Smith")
    for _ in range(2):
        await run()
    assert await told(owner) == [
        ("Ann Smith", "follows", "Bo Hill of Leeds wrote a comment"),
        ("Ann Smith", "mentioned", "Di Marsh of Camden mentioned you"),
        ("Bo Hill", "follows", "Di Marsh of Camden wrote a comment"),
    ]


async def test_who_stopped_following_or_left_their_council_is_not_told(
    say, run, pool, people, owner, sessions_app
):
    for who in ("officer", "colleague"):
        await say(people[who])
    await run()
    await owner.execute("delete from notice")
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        await talking.follow(db, actor, pool, follows=False)
    await owner.execute("delete from membership where person_id = $1", people["colleague"].id)
    await say(people["camden"])
    await run()
    assert await told(owner) == []
    await say(people["camden"], "@Leeds")
    await run()
    assert await told(owner) == [("Ann Smith", "mentioned", "Di Marsh of Camden mentioned you")]


async def test_what_is_committed_late_is_told_all_the_same(say, run, pool, people, owner, sessions_jobs):
    await say(people["officer"])
    await run()
    camden = people["camden"].actor
    async with sessions_jobs(info={"actor": camden}) as early:
        await audit.record(early, camden, "pool.commented", "pool", pool)
        await say(people["colleague"])
        await run()
        assert {name for name, _, _ in await told(owner)} == {"Ann Smith"}
        await early.commit()
    await run()
    assert [one for one in await told(owner) if "Camden" in one[2]] == [
        ("Ann Smith", "follows", "Di Marsh of Camden wrote a comment")
    ]


async def test_a_run_that_dies_leaves_all_of_it_to_the_next(say, run, people, owner, sessions_jobs):
    for who in ("officer", "colleague"):
        await say(people[who])
    before = await owner.fetchval("select position from notice_bookmark")
    async with sessions_jobs() as db:
        await actions.tell_next(db, address="x", now=MORNING)
        await db.rollback()
    assert await owner.fetchval("select position from notice_bookmark") == before
    assert await told(owner) == []
    await asyncio.gather(run(), run())
    assert len(await told(owner)) == 1
    assert await owner.fetchval("select position from notice_bookmark") == await owner.fetchval(
        "select max(position) from audit_seal"
    )


async def test_a_long_trail_is_told_in_batches(say, run, pool, people, owner, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    await say(people["officer"])
    for _ in range(4):
        await say(people["colleague"])
    assert (await run())["batches"] >= 3
    assert len(await told(owner)) == 4


async def test_mail_comes_as_it_was_chosen(say, run, people, owner, sessions_app, sessions_jobs):
    for who in ("officer", "colleague", "camden"):
        await say(people[who])
    await run()
    for who, wanted in (("officer", MailWanted.EACH), ("colleague", MailWanted.NONE)):
        async with transaction(sessions_app, people[who].actor) as db:
            await marking.choose_mail(db, people[who].actor, wanted)
    await owner.execute("delete from mail")
    await say(people["camden"], "Secret words for @Leeds")
    await run()
    mails = await owner.fetch("select * from mail")
    assert [mail["to_address"] for mail in mails] == [people["officer"].email]
    assert mails[0]["subject"] == "Library systems together: Di Marsh of Camden mentioned you"
    assert "https://buy.example.org/pools/" in mails[0]["body"]
    assert "Secret" not in mails[0]["body"]


async def test_a_summary_is_written_once_a_day_to_who_wants_it(say, run, people, owner, sessions_jobs):
    await say(people["officer"])
    await say(people["camden"])
    await say(people["officer"])
    await run()
    assert await owner.fetchval("select count(*) from mail") == 0
    written = []
    for days in (0, 0, 1):
        async with transaction(sessions_jobs, PUBLIC) as db:
            until = telling.summary_time(datetime.now(UTC)) + timedelta(days=1 + days)
            for person_id in await queries.due_for_summary(db, until):
                await actions.send_summary(db, person_id, address="https://b.example", until=until)
        written.append(await owner.fetchval("select count(*) from mail"))
    assert written == [2, 2, 2]
    body = await owner.fetchval("select body from mail where to_address = $1", people["camden"].email)
    assert body.count("- Ann Smith of Leeds wrote a comment") == 1


@pytest.mark.parametrize("who", ["officer", "colleague", "lead", "supplier", "outsider", "public"])
async def test_notices_are_read_by_their_person_only(say, run, people, owner, sessions_app, who):
    await say(people["officer"])
    await say(people["camden"])
    await run()
    await owner.execute("insert into notice_setting select person_id from notice")
    actor = people[who].actor if who != "public" else PUBLIC
    async with transaction(sessions_app, actor) as db:
        rows = (await db.execute(text("select * from notice"))).all()
        assert len(rows) == (1 if who == "officer" else 0)
        for sql in ("update notice set read_at = now()", "update notice_setting set mail = 'none'"):
            changed = (await db.execute(text(sql))).rowcount
            assert changed == (1 if who == "officer" else 0)
    for sql in ("select * from notice_bookmark", "update notice set text = 'x'", "delete from notice"):
        async with sessions_app(info={"actor": actor}) as db:
            with pytest.raises(ProgrammingError):
                await db.execute(text(sql))


async def test_another_s_notice_is_not_marked(say, run, people, owner, sessions_app):
    await say(people["officer"])
    await say(people["camden"])
    await run()
    notice_id = await owner.fetchval("select id from notice where person_id = $1", people["officer"].id)
    async with transaction(sessions_app, people["camden"].actor) as db:
        with pytest.raises(Missing):
            await marking.mark_read(db, people["camden"].actor, notice_id)


# Pages


async def test_notices_are_listed_opened_and_marked(client, say, run, pool, people, owner):
    await client.sign_in(people["officer"])
    await client.open("/notices")
    assert "Nothing has happened that you need to know of" in client.text
    await say(people["officer"])
    await say(people["camden"])
    await say(people["camden"], "@Leeds")
    await run()
    await client.open("/notices")
    assert client.heading() == "Notices"
    assert "2 notices, 2 unread" in client.text
    assert 'href="/notices" aria-current="page"' in client.text
    await client.open("/notices?reason=mentioned")
    assert "1 notice, 2 unread" in client.text
    notice_id = client.text.split('action="/notices/')[2].split("/")[0]
    await client.submit(f"/notices/{notice_id}/open")
    assert client.place == f"/pools/{pool}/discussion"
    await client.open("/notices?show=unread&pool=nonsense")
    assert "1 notice, 1 unread" in client.text
    await client.submit("/notices/read")
    await client.follow()
    assert "0 unread" in client.text
    assert "Mark all as read" not in client.text
    await client.open("/notices?show=unread")
    assert "No notice matches" in client.text
    await client.post(f"/notices/{pool}/read")
    assert client.status == 404


async def test_mail_is_chosen_on_a_page(client, people, owner):
    await client.sign_in(people["officer"])
    await client.open("/notices/settings")
    assert client.heading() == "Mail about notices"
    await client.submit("/notices/settings", mail="none")
    await client.follow()
    assert "Your choice was saved" in client.text
    assert await owner.fetchval("select mail from notice_setting") == "none"
    await client.open("/notices/settings")
    assert 'value="none" checked' in client.text
    await client.post("/notices/settings", mail="often")
    assert client.status == 422
    client.client.cookies.clear()
    await client.open("/notices")
    assert client.status == 303


async def test_the_list_asks_the_same_number_of_questions(client, people, owner, pool):
    await client.sign_in(people["officer"])
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    numbers = []
    event.listen(Engine, "before_cursor_execute", count)
    try:
        for more in (3, 60):
            await owner.execute(
                """with e as (insert into audit_entry (actor_name, action, subject_kind, subject_id, details)
                     select 'x', 'pool.commented', 'pool', $2, '{}' from generate_series(1, $3::int)
                     returning id)
                   insert into notice (id, person_id, entry_id, pool_id, title, reason, text, href, at)
                   select gen_random_uuid(), $1, id, $2::uuid, 'Maps', 'follows', 'x', '/x', now() from e""",
                people["officer"].id,
                str(pool),
                more,
            )
            counted.clear()
            await client.open("/notices")
            numbers.append(len(counted))
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1] <= 4, counted
    await client.open("/notices?page=2")
    assert client.text.count('scope="row"') == 13
