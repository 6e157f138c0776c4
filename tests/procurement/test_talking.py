"""The discussion and the timeline of a pool, as members, others, and raw SQL meet them."""

from __future__ import annotations

import csv
import io

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError

from procurement.actions.pools import talking as actions
from procurement.queries.pools import talking as queries
from store import audit
from store.db import transaction
from store.migrations import plain
from tests import build
from tests.procurement.pools import build_pool
from values.actors import PUBLIC
from values.refusals import Missing, NotAllowed, Refused


@pytest.fixture
async def outsider(db):
    """An officer of a council that is in no pool."""
    made = await build.person(db, organisation_id=build.council("MAN"))
    await db.commit()
    return made


@pytest.fixture
async def pool(db, people):
    """A pool of Leeds, Camden and Salford, and another without Leeds."""
    pool_id = await build_pool(db)
    other = await build_pool(db, values={"CMD": 5_000_000, "SLF": 4_000_000})
    await db.commit()
    return {"pool": pool_id, "other": other}


@pytest.fixture
async def said(pool, people, sessions_app):
    """A comment of Leeds, and one of Camden that addresses it."""
    ids = []
    for who, words in (("officer", "Hello"), ("stranger", "Hello @Leeds")):
        async with transaction(sessions_app, people[who].actor) as db:
            ids.append(await actions.write_comment(db, people[who].actor, pool["pool"], text=words))
    return ids


async def test_a_comment_is_kept_and_whom_it_addresses_is_in_the_trail(said, pool, people, owner):
    row = await owner.fetchrow("select * from audit_entry where action = 'pool.commented' order by id desc")
    assert row["subject_id"] == str(pool["pool"])
    assert '"mentioned": ["' + str(people["officer"].id) in row["details"]
    assert "Hello" not in row["details"]
    # The second comment counts on what waits to tell of the first one.
    telling = await owner.fetch("select lane, state from job where kind = 'notifications.tell'")
    assert [tuple(job) for job in telling] == [("quick", "queued")]


async def test_only_members_write(pool, people, outsider, sessions_app):
    for person in (outsider, people["lead"], people["supplier"]):
        async with transaction(sessions_app, person.actor) as db:
            with pytest.raises((NotAllowed, Missing)):
                await actions.write_comment(db, person.actor, pool["pool"], text="Hello")
    async with transaction(sessions_app, people["officer"].actor) as db:
        with pytest.raises(NotAllowed):
            await actions.follow(db, people["officer"].actor, pool["other"], follows=True)


async def test_who_left_is_not_addressed_and_does_not_write(said, pool, people, db, sessions_app):
    await db.execute(
        text("update pool_member set stage = 'withdrawn' where body_code = 'CMD' and pool_id = :pool"),
        {"pool": pool["pool"]},
    )
    await db.commit()
    async with transaction(sessions_app, people["stranger"].actor) as app:
        with pytest.raises(NotAllowed):
            await actions.write_comment(app, people["stranger"].actor, pool["pool"], text="Hello")
    async with transaction(sessions_app, people["officer"].actor) as app:
        with pytest.raises(Refused, match="nobody who takes part"):
            await actions.write_comment(app, people["officer"].actor, pool["pool"], text="@Camden?")


async def test_a_comment_is_removed_once_and_by_its_writer_only(said, pool, people, sessions_app, owner):
    async with transaction(sessions_app, people["stranger"].actor) as db:
        with pytest.raises(Missing):
            await actions.remove_comment(db, people["stranger"].actor, pool["pool"], said[0])
    async with transaction(sessions_app, people["officer"].actor) as db:
        await actions.remove_comment(db, people["officer"].actor, pool["pool"], said[0])
        with pytest.raises(Missing):
            await actions.remove_comment(db, people["officer"].actor, pool["pool"], said[0])
    assert await owner.fetchval("select text from pool_comment where id = $1", said[0]) == ""


async def test_following_is_remembered(pool, people, sessions_app):
    actor = people["officer"].actor
    for follows in (True, False, True):
        async with transaction(sessions_app, actor) as db:
            await actions.follow(db, actor, pool["pool"], follows=follows)
            assert await queries.follows(db, actor, pool["pool"]) is follows


@pytest.mark.parametrize(
    ("who", "comments"),
    [
        ("officer", 2),
        ("approver", 2),
        ("stranger", 2),
        ("lead", 2),
        ("supplier", 0),
        ("outsider", 0),
        ("public", 0),
    ],
)
async def test_members_and_sector_leads_read_by_raw_sql_and_nobody_else(
    said, pool, people, outsider, sessions_app, who, comments
):
    actor = {**people, "outsider": outsider}[who].actor if who != "public" else PUBLIC
    async with transaction(sessions_app, actor) as db:
        assert len((await db.execute(text("select * from pool_comment"))).all()) == comments
        seen = (await db.execute(text("select * from audit_entry where subject_kind = 'pool'"))).all()
        assert len(seen) == comments


@pytest.mark.parametrize("who", ["officer", "stranger", "lead", "supplier", "approver"])
async def test_nobody_changes_what_another_said_or_takes_a_removal_back(said, people, sessions_app, who):
    async with transaction(sessions_app, people[who].actor) as db:
        removing = "update pool_comment set text = '', removed_at = now() where person_name <> :name"
        assert (await db.execute(text(removing), {"name": people[who].name})).rowcount == 0
    for sql in ("update pool_comment set text = 'other words'", "update pool_comment set person_name = 'x'"):
        async with sessions_app(info={"actor": people[who].actor}) as db:
            try:
                changed = (await db.execute(text(sql))).rowcount
            except ProgrammingError:
                changed = 0
            assert changed == 0


async def test_nobody_writes_in_the_name_of_another(pool, people, outsider, database):
    actor = people["officer"].actor
    connection = await asyncpg.connect(plain(database.app))
    await connection.execute(
        f"""select set_config('app.person', '{actor.person_id}', false),
          set_config('app.organisation', '{actor.organisation_id}', false),
          set_config('app.roles', 'officer', false)"""
    )
    writing = """insert into pool_comment (id, pool_id, person_id, person_name, body_code, text)
      values (gen_random_uuid(), $1, $2, 'x', $3, 'x')"""
    await connection.execute(writing, pool["pool"], actor.person_id, "LDS")
    for values in (
        (pool["pool"], outsider.id, "LDS"),
        (pool["pool"], actor.person_id, "CMD"),
        (pool["other"], actor.person_id, "LDS"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(writing, *values)
    await connection.close()


async def test_entries_of_other_pools_of_other_kinds_and_with_sums_stay_hidden(
    said, pool, people, sessions_app
):
    camden = people["stranger"].actor
    async with transaction(sessions_app, camden) as db:
        await audit.record(db, camden, "pool.commented", "pool", pool["other"])
        await audit.record(db, camden, "need.opened", "need", pool["pool"])
        for name in ("cap_pence", "budget_low", "sum_pence", "caps"):
            await audit.record(db, camden, "pool.commented", "pool", pool["pool"], **{name: 1})
    reading = text("select * from audit_entry where organisation_id = :camden")
    for who, entries in (("officer", 1), ("lead", 2), ("stranger", 7)):
        async with transaction(sessions_app, people[who].actor) as db:
            rows = (await db.execute(reading, {"camden": camden.organisation_id})).all()
            assert len(rows) == entries, who


# Pages


async def test_people_talk_mention_and_remove(client, pool, people):
    place = f"/pools/{pool['pool']}/discussion"
    await client.sign_in(people["officer"])
    await client.open(place)
    assert client.heading() == "Library systems together: discussion"
    assert "Nothing has been said yet" in client.text
    await client.submit(place, text="")
    assert client.errors() == ["Enter a comment"]
    await client.submit(place, text="Hi @Nobody")
    assert client.status == 422
    assert "“@Nobody” is nobody who takes part" in client.errors()[0]
    assert "Hi @Nobody" in client.text
    await client.submit(place, text="First <b>line</b>\r\nsecond for @Leeds\0")
    await client.follow()
    assert "First &lt;b&gt;line&lt;/b&gt;\nsecond for <strong>@Leeds</strong>" in client.text
    assert f"@{people['officer'].name}" in client.text
    assert "1 comment" in client.text
    remove = client.text.split("discussion/")[1].split('"')[0]
    await client.submit_after(f"{place}/{remove}")
    await client.follow()
    assert f"Removed by {people['officer'].name}" in client.text
    assert "second for" not in client.text
    await client.submit(f"/pools/{pool['pool']}/unfollow")
    await client.follow()
    assert "You no longer follow this pool" in client.text


async def test_comments_of_a_requirement_stand_apart(client, pool, people, owner):
    place, line = f"/pools/{pool['pool']}/discussion", "00000000-0000-7000-8000-000000000001"
    await owner.execute(
        """insert into pool_line (id, pool_id, position, text, body_code)
           values ($1, $2, 4, 'Opens late', 'LDS')""",
        line,
        pool["pool"],
    )
    await client.sign_in(people["officer"])
    await client.open(f"/pools/{pool['pool']}/requirements/{line}")
    assert f'href="{place}?line={line}"' in client.text
    await client.open(place)
    await client.submit(place, text="In general")
    await client.open(f"{place}?line={line}")
    await client.submit(place, text="About this one")
    await client.follow()
    assert "About this one" in client.text
    assert "line 4: Opens late" in client.text
    assert "In general" not in client.text
    await client.post(place, text="About nothing", line="00000000-0000-7000-8000-000000000002")
    assert client.status == 404
    await client.open(f"{place}?line=nonsense")
    assert "In general" in client.text
    assert f'href="{place}?line={line}"' in client.text


async def test_sector_leads_read_and_outsiders_do_not_know(client, said, pool, people, outsider):
    await client.sign_in(people["lead"])
    await client.open(f"/pools/{pool['pool']}/discussion")
    assert client.status == 200
    assert "Hello <strong>@Leeds</strong>" in client.text
    assert 'name="text"' not in client.text
    await client.post(f"/pools/{pool['pool']}/discussion", text="Hello")
    assert client.status == 403
    await client.open(f"/pools/{pool['pool']}/timeline")
    assert client.status == 200
    client.client.cookies.clear()
    await client.sign_in(outsider)
    for tab in ("discussion", "timeline", "timeline.csv"):
        await client.open(f"/pools/{pool['pool']}/{tab}")
        assert client.status == 404
    client.client.cookies.clear()
    await client.sign_in(people["supplier"])
    await client.open(f"/pools/{pool['pool']}/discussion")
    assert client.status == 403


async def test_the_timeline_says_who_did_what(client, said, pool, people):
    await client.sign_in(people["officer"])
    place = f"/pools/{pool['pool']}/timeline"
    await client.open(place)
    assert "2 entries, the newest first" in client.text
    assert f"{people['stranger'].name}, Camden" in client.text
    assert "Wrote a comment" in client.text
    await client.open(f"{place}.csv")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("\ufeff"))))
    assert [(row["person"], row["council"], row["what"]) for row in rows] == [
        (people["stranger"].name, "Camden", "wrote a comment"),
        (people["officer"].name, "Leeds", "wrote a comment"),
    ]


@pytest.mark.parametrize("tab", ["discussion", "timeline"])
async def test_lists_are_paged_and_ask_the_same_number_of_questions(client, pool, people, owner, tab):
    await client.sign_in(people["officer"])
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    async def add(number: int) -> None:
        await owner.execute(
            """insert into pool_comment (id, pool_id, person_id, person_name, body_code, text)
               select gen_random_uuid(), $1, $2, 'Ann', 'LDS', 'words ' || n from generate_series(1, $3) n""",
            pool["pool"],
            people["officer"].id,
            number,
        )
        await owner.execute(
            """insert into audit_entry
                 (person_id, organisation_id, actor_name, action, subject_kind, subject_id, details)
               select $2, $3, 'Ann', 'pool.commented', 'pool', $1, '{}' from generate_series(1, $4::int)""",
            str(pool["pool"]),
            people["officer"].id,
            people["officer"].organisation_id,
            number,
        )

    numbers = []
    event.listen(Engine, "before_cursor_execute", count)
    try:
        for more in (3, 60):
            await add(more)
            counted.clear()
            await client.open(f"/pools/{pool['pool']}/{tab}")
            numbers.append(len(counted))
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1] <= 7, counted
    await client.open(f"/pools/{pool['pool']}/{tab}?page=2")
    assert 'aria-current="page"' in client.text
    assert "63 " in client.text
