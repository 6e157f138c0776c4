"""Officers hear of close matches and suggested pools for their council's needs: once, nobody else."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from notifications.actions import notices as marking
from notifications.rules.findings import named
from notifications.rules.telling import MailWanted
from procurement import tasks
from procurement.actions import labelling, matching
from procurement.actions import needs as actions
from procurement.rules.needs import NeedState, Wanted
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from tests.databases import TESTER
from tests.procurement.suggested import WINDOW, libraries, open_need, work_out

TITLES = ("Library software package", "Refuse collection services")
MAPS = Wanted(
    "Maps for all staff",
    category="gis-systems",
    outcomes="Staff find what the council owns on one map",
    earliest_start_on=WINDOW[0],
    latest_start_on=WINDOW[1],
)


@pytest.fixture
def work(sessions_jobs, tmp_path):
    return Work(sessions_jobs, TESTER, resources={"lake": Lake(tmp_path / "lake")})


@pytest.fixture
def opened(people, sessions_app):
    """Record a need and open it, as somebody does on a page."""

    async def record(who: str, wanted: Wanted):
        async with transaction(sessions_app, people[who].actor) as db:
            need_id = await actions.record_need(db, people[who].actor, wanted)
            await actions.move_need(db, people[who].actor, need_id, NeedState.OPEN)
        return need_id

    return record


async def told(owner) -> list[tuple[str, str, str, str]]:
    rows = await owner.fetch(
        """select p.name, n.reason, n.title, n.text from notice n join person p on p.id = n.person_id
           order by n.entry_id, p.name"""
    )
    return [tuple(row) for row in rows]


async def test_officers_of_both_councils_hear_of_a_close_match_once(opened, people, work, run, owner):
    ours = await opened("officer", MAPS)
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    assert await told(owner) == []
    theirs = await opened("camden", dataclasses.replace(MAPS, title="Maps for the staff"))
    for _ in range(2):
        await tasks.match_need(work, needs=[str(theirs)])
        await run()
    assert await told(owner) == [
        ("Ann Smith", "matched", "Maps for all staff", "Camden needs much the same"),
        ("Bo Hill", "matched", "Maps for all staff", "Camden needs much the same"),
        ("Di Marsh", "matched", "Maps for the staff", "Leeds needs much the same"),
    ]
    assert await owner.fetchval("select array_agg(distinct href order by href) from notice") == sorted(
        [f"/needs/{ours}", f"/needs/{theirs}"]
    )
    # Another model finds the same pairs: no news. A third council is.
    await matching.refit(work, work.resources["lake"], (*TITLES, "Bridges"))
    await run()
    assert len(await told(owner)) == 3
    await opened("outsider", dataclasses.replace(MAPS, title="One map for all staff"))
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    assert {text for *_, text in (await told(owner))[3:]} == {
        "Manchester needs much the same",
        "Camden and Leeds need much the same",
    }


@pytest.mark.parametrize(
    "different",
    [
        {"category": "library-systems"},
        {"title": "Kiosks", "outcomes": "Visitors print tickets outside hours"},
        {
            "earliest_start_on": WINDOW[0].replace(year=WINDOW[0].year + 3),
            "latest_start_on": WINDOW[1].replace(year=WINDOW[1].year + 3),
        },
    ],
)
async def test_what_is_less_than_close_is_no_news(opened, work, run, owner, different):
    await opened("officer", MAPS)
    await opened("camden", dataclasses.replace(MAPS, **different))
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    assert await told(owner) == []


async def test_a_pair_that_a_council_took_out_is_no_news_to_it(
    opened, people, work, run, owner, sessions_app
):
    ours, theirs = await opened("officer", MAPS), await opened("camden", MAPS)
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    for table in ("need_finding", "notice"):
        await owner.execute(f"delete from {table}")
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        await labelling.say_not_alike(db, actor, ours, theirs)
    await tasks.match_need(work, needs=[str(ours)])
    await run()
    assert [name for name, *_ in await told(owner)] == ["Di Marsh"]


async def test_a_need_that_closed_meanwhile_is_not_told_of(opened, people, work, run, owner, sessions_app):
    await opened("officer", MAPS)
    theirs = await opened("camden", MAPS)
    await matching.refit(work, work.resources["lake"], TITLES)
    async with transaction(sessions_app, people["camden"].actor) as db:
        await actions.move_need(db, people["camden"].actor, theirs, NeedState.DRAFT)
    await run()
    assert await told(owner) == []


async def test_a_suggested_pool_is_told_once_and_again_when_most_of_it_is_new(
    db, people, run, owner, sessions_jobs
):
    await libraries(db)
    await db.commit()
    for _ in range(2):
        await work_out(sessions_jobs)
        await run()
    said = await told(owner)
    assert [(name, reason) for name, reason, *_ in said] == [
        ("Ann Smith", "suggested"),
        ("Bo Hill", "suggested"),
        ("Di Marsh", "suggested"),
    ]
    assert said[0][2:] == (
        "Need of LDS",
        "A pool with Camden, City of Bristol and Salford is suggested for this need",
    )
    # Salford takes its need back and Sunderland comes: one of three others is new, and that is no other pool.
    await owner.execute("update need set state = 'draft' where body_code = 'SLF'")
    await open_need(db, "SND", 110_000_000)
    await db.commit()
    await work_out(sessions_jobs)
    await run()
    assert len(await told(owner)) == 3
    # Then Camden goes and Manchester comes: to Leeds, two of three are new since it was told.
    await owner.execute("update need set state = 'draft' where body_code = 'CMD'")
    await open_need(db, "MAN", 90_000_000)
    await db.commit()
    await work_out(sessions_jobs)
    await run()
    words = "A pool with City of Bristol, Manchester and Sunderland is suggested for this need"
    assert [each for each in (await told(owner))[3:] if each[2] == "Need of LDS"] == [
        (name, "suggested", "Need of LDS", words) for name in ("Ann Smith", "Bo Hill")
    ]


async def test_a_notice_of_a_suggestion_leads_to_the_pool_of_the_last_run(
    client, db, people, run, owner, sessions_jobs
):
    needs = await libraries(db)
    await db.commit()
    for _ in range(3):
        await work_out(sessions_jobs)
    await run()
    await client.sign_in(people["officer"])
    await client.open("/notices")
    assert "Suggested pool for your council’s need" in client.text
    notice_id = await owner.fetchval("select id from notice where person_id = $1", people["officer"].id)
    await client.submit(f"/notices/{notice_id}/open")
    await client.follow()
    pool_id = await owner.fetchval(
        """select p.id from suggested_pool p join suggestion_run r on r.id = p.run_id
           order by r.made_at desc limit 1"""
    )
    assert client.place == f"/pools/suggested/{pool_id}"
    await client.follow()
    assert client.heading().startswith("Suggested pool")
    await owner.execute("delete from suggestion_run")
    await client.open(f"/pools/suggested/with/{needs['LDS']}")
    assert client.place == f"/needs/{needs['LDS']}"
    await client.follow()
    assert "No pool is suggested for this need any more" in client.text
    await client.open(f"/notices?need={needs['LDS']}")
    assert "1 notice, 0 unread" in client.text


async def test_mail_of_a_finding_names_the_need_and_no_words_of_others(
    opened, people, work, run, owner, sessions_app
):
    async with transaction(sessions_app, people["officer"].actor) as db:
        await marking.choose_mail(db, people["officer"].actor, MailWanted.EACH)
    await opened("officer", MAPS)
    await opened("camden", dataclasses.replace(MAPS, title="Maps, secret words"))
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    mail = await owner.fetchrow("select * from mail")
    assert mail["to_address"] == people["officer"].email
    assert mail["subject"] == "Maps for all staff: Camden needs much the same"
    assert "Need: Maps for all staff" in mail["body"]
    assert "secret" not in mail["body"]


@pytest.mark.parametrize("who", ["officer", "approver", "lead", "supplier"])
async def test_findings_are_read_by_the_worker_alone(people, sessions_app, who):
    async with sessions_app(info={"actor": people[who].actor}) as db:
        with pytest.raises(ProgrammingError):
            await db.execute(text("select * from need_finding"))


def test_of_many_councils_the_first_are_named():
    assert named(("A",)) == "A"
    assert named(("A", "B")) == "A and B"
    assert named(("A", "B", "C", "D")) == "A, B, C and D"
    assert named(("A", "B", "C", "D", "E")) == "A, B, C and 2 more councils"


async def test_the_menu_shows_how_many_notices_are_unread(
    client, opened, people, work, run, owner, statements
):
    await client.sign_in(people["officer"])
    await client.open("/")
    assert "app-count" not in client.text
    for title in ("Maps", "Maps again"):
        await opened("officer", dataclasses.replace(MAPS, title=title))
    await opened("camden", MAPS)
    await matching.refit(work, work.resources["lake"], TITLES)
    await run()
    statements.clear()
    await client.open("/")
    counted = len(statements)
    assert ">2<span" in client.text
    notice_id = await owner.fetchval(
        "select id from notice where person_id = $1 limit 1", people["officer"].id
    )
    await client.post(f"/notices/{notice_id}/read")
    statements.clear()
    await client.open("/")
    assert ">1<span" in client.text
    await client.post("/notices/read")
    await client.open("/")
    assert "app-count" not in client.text
    client.client.cookies.clear()
    statements.clear()
    await client.open("/")
    assert len(statements) == counted
    assert "app-count" not in client.text
