"""Notices before the tender notice over the database: from a draft to what everybody reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import asyncpg
import pytest

from notifications.queries import dates
from notifications.tasks import tell
from sourcing.actions import searches
from sourcing.rules.searches import SearchMail
from store.db import transaction
from store.jobs import Work
from store.migrations import plain
from tenders.actions import early_notices as actions
from tenders.actions import following_planned, parts, terminating
from tenders.actions.sending import NoInterface
from tenders.queries import content as contents
from tenders.queries import early_notices as queries
from tenders.queries import planned, tenders
from tenders.rules.content import Engagement
from tenders.rules.early_notices import Early, Engaging
from tenders.rules.finding import TenderFilter
from tenders.rules.linting.findings import Part
from tenders.tasks import search_published
from tests import build
from tests.tenders import made
from values.actors import PUBLIC, Actor
from values.refusals import Missing, NotAllowed, Refused
from values.years import LONDON, london_today

ENGAGING = Engaging("Which interfaces do you offer?", "Write to us", date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture
def confirm(act):
    """Prepare a notice, or a newer version of it, and record that the platform published it now."""

    async def confirming(tender_id, code, reference, engaging=None):
        notice_id = await act("officer", actions.prepare, tender_id, code, engaging=engaging)
        await act(
            "officer",
            actions.confirm,
            tender_id,
            notice_id,
            reference=reference,
            published_at=datetime.now(UTC),
        )
        return notice_id

    return confirming


@pytest.fixture
def read_public(sessions_app):
    async def reading(query, *args):
        async with transaction(sessions_app, PUBLIC) as db:
            return await query(db, *args)

    return reading


async def _listed(read_public, wanted=None):
    _, rows = await read_public(planned.listed, wanted or TenderFilter())
    return [(each.title, each.codes) for each in rows]


async def test_from_a_draft_to_what_everybody_reads(cast, act, read, read_public, sessions_app, confirm):
    tender_id = await made.make(sessions_app, cast)
    with pytest.raises(Refused, match="lacks: Lead contracting authority"):
        await act("officer", actions.prepare, tender_id, Early.PLANNED)
    await made.complete(sessions_app, cast, tender_id)
    with pytest.raises(NotAllowed):
        await act("camden officer", actions.prepare, tender_id, Early.PLANNED)
    first = await act("officer", actions.prepare, tender_id, Early.PLANNED)
    second = await act("officer", actions.prepare, tender_id, Early.PLANNED)
    states = {each.id: each.state for each in await read(queries.notices, tender_id)}
    assert states == {first: "discarded", second: "prepared"}
    with pytest.raises(Refused, match="No interface to the central platform"):
        await act("officer", actions.send, tender_id, second, NoInterface())
    with pytest.raises(Refused, match="in the future"):
        await act(
            "officer",
            actions.confirm,
            tender_id,
            second,
            reference="1",
            published_at=datetime.now(UTC) + timedelta(hours=1),
        )
    # Prepared is not public.
    assert await _listed(read_public) == []
    with pytest.raises(Missing):
        await read_public(queries.confirmed, tender_id)
    with pytest.raises(Missing):
        await act("supplier", following_planned.follow, tender_id)
    at = datetime.now(UTC)
    await act("officer", actions.confirm, tender_id, second, reference="000301-2026", published_at=at)
    await confirm(tender_id, Early.ENGAGEMENT, "000201-2026", ENGAGING)
    # The draft says what was confirmed, and nobody types anything else.
    typed = {"engagement": "none", "engagement_words": "", "stages": "None"}
    await act("officer", parts.save, tender_id, Part.PROCEDURE, typed)
    await act("officer", parts.save, tender_id, Part.DATES, {"planned_notice_on": date(2020, 1, 1)})
    said = await read(contents.content, tender_id)
    assert (said.engagement, said.engagement_words) == (Engagement.NOTICE, "000201-2026")
    assert said.dates.planned_notice_on == at.astimezone(LONDON).date()
    assert said.course.stages == "None"
    # Everybody reads the notices, and nothing of the draft.
    title = said.title
    assert await _listed(read_public) == [(title, ["UK2", "UK3"])]
    assert await read_public(planned.count) == 1
    with pytest.raises(Missing):
        await read_public(tenders.tender_row, tender_id)
    await act("supplier", following_planned.follow, tender_id)
    # A newer version keeps the earlier with its reference; what it says moves, the draft alone does not.
    await act("officer", parts.save, tender_id, Part.BASICS, {"title": "Another name"})
    assert await _listed(read_public) == [(title, ["UK2", "UK3"])]
    await confirm(tender_id, Early.PLANNED, "000302-2026")
    kept = [
        (each.code, each.number, each.reference, each.counts)
        for each in await read_public(queries.confirmed, tender_id)
    ]
    assert kept == [
        ("UK3", 3, "000302-2026", True),
        ("UK2", 1, "000201-2026", True),
        ("UK3", 2, "000301-2026", False),
    ]
    assert await _listed(read_public, TenderFilter(words="interfaces")) == [(title, ["UK2", "UK3"])]
    assert await _listed(read_public, TenderFilter(words="interfaces", category="none")) == []
    assert await _listed(read_public, TenderFilter(due_from=london_today())) == []


async def test_a_confirmation_ends_approvals_and_comes_before_publication(
    complete, cast, act, read, read_public, sessions_app, confirm
):
    waiting = await act("officer", actions.prepare, complete, Early.ENGAGEMENT, engaging=ENGAGING)
    await made.approve_all(sessions_app, cast, complete)
    await act(
        "officer", actions.confirm, complete, waiting, reference="000201-2026", published_at=datetime.now(UTC)
    )
    assert (await read(tenders.tender_row, complete)).state == "draft"
    late = await act("officer", actions.prepare, complete, Early.PLANNED)
    await made.approve_all(sessions_app, cast, complete)
    await made.publish(sessions_app, cast, complete)
    with pytest.raises(Refused, match="cannot be changed here"):
        await act(
            "officer",
            actions.confirm,
            complete,
            late,
            reference="000301-2026",
            published_at=datetime.now(UTC),
        )
    # What was planned has become a tender: it is found there, and its notice stays.
    assert await _listed(read_public) == []
    assert [each.code for each in await read_public(queries.confirmed, complete)] == ["UK2"]


async def test_a_draft_that_is_given_up_ends_what_was_planned(complete, act, read, read_public, confirm):
    async def calendar(db):
        found = await dates.events(
            db, body_code="CMD", address="https://buy.example.org", today=date(2026, 6, 2)
        )
        return [(each.on, each.summary) for each in found if "asked" in each.summary]

    await confirm(complete, Early.PLANNED, "000301-2026")
    await confirm(complete, Early.ENGAGEMENT, "000201-2026", ENGAGING)
    asked = (ENGAGING.ends_on, "Suppliers are asked until: Library systems together")
    assert await read(calendar) == [asked]
    await act("officer", terminating.terminate, complete, reason="A secret reason")
    assert await _listed(read_public) == []
    notices = await read_public(queries.confirmed, complete)
    assert len(notices) == 2
    assert all(each.ended_at for each in notices)
    assert "secret" not in str(notices)
    assert await read(calendar) == []


async def test_what_each_role_reads_and_writes(database, complete, cast, act, confirm):
    await confirm(complete, Early.PLANNED, "000301-2026")
    await act("officer", actions.prepare, complete, Early.ENGAGEMENT, engaging=ENGAGING)
    connection = await asyncpg.connect(plain(database.app))

    async def ask(who, sql, *values):
        actor = PUBLIC if who == "public" else cast[who].actor
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))
        return await connection.fetch(sql, *values)

    for who in ("officer", "leeds", "camden", "camden officer", "lead"):
        assert len(await ask(who, "select * from early_notice")) == 2, who
    for who in ("outside", "supplier", "public"):
        assert [row["code"] for row in await ask(who, "select * from early_notice")] == ["UK3"], who
        assert await ask(who, "select * from tender") == [], who
        assert await ask(who, "select * from tender_lot") == [], who
    confirming = (
        "update early_notice set state = 'confirmed', reference = 'x', published_at = now(), "
        "confirmed_at = now() where code = $1 returning 1"
    )
    for who in ("camden officer", "leeds", "lead", "outside", "supplier", "public"):
        assert await ask(who, confirming, "UK2") == [], who
    # What is confirmed is changed by nobody, and nobody but the database says that it is over.
    assert await ask("officer", confirming, "UK3") == []
    for column in ("title", "fields", "facts", "replaced_at", "ended_at"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask("officer", f"update early_notice set {column} = null")
    adding = (
        "insert into early_notice (id, tender_id, code, number, lead_code, title, category, fields, facts, "
        "state, reference, published_at, confirmed_at) "
        "select gen_random_uuid(), $1, 'UK2', 9, $2, 'x', 'x', '[]', '{}', "
        "$3, $4, now(), now()"
    )
    for who, code, state, reference in (
        ("officer", "LDS", "confirmed", "x"),
        ("camden officer", "LDS", "prepared", ""),
        ("camden officer", "CMD", "prepared", ""),
        ("supplier", "LDS", "prepared", ""),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, adding, complete, code, state, reference)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("officer", "delete from early_notice")
    follows = "insert into follower (subject_id, person_id) values ($1, $2)"
    await ask("supplier", follows, complete, cast["supplier"].id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("supplier", follows, complete, cast["rival"].id)
    await connection.close()


async def test_searches_and_followers_hear_of_plans(
    complete, cast, act, owner, sessions_app, sessions_jobs, confirm
):
    clock = Actor(name="clock")
    work = Work(
        sessions_jobs, clock, resources={"settings": SimpleNamespace(public_url="https://buy.example.org")}
    )
    for who, query in (("supplier", "q=library"), ("rival", "q=library&due_from=2020-01-01")):
        await act(
            who,
            searches.save,
            kind="tenders",
            query=query,
            description="",
            name="Mine",
            wanted=SearchMail.NONE,
            key=build.KEY,
        )

    async def told(who):
        assert await search_published(work)
        await tell(work)
        rows = await owner.fetch(
            "select title, text, href from notice where person_id = $1 order by at, id", cast[who].id
        )
        return [tuple(row) for row in rows]

    plan, tender = f"/tenders/planned/{complete}", f"/tenders/{complete}"
    assert await told("supplier") == []
    await confirm(complete, Early.PLANNED, "000301-2026")
    found = ("Planned: Library systems together", "New plan for a tender for your saved search “Mine”", plan)
    assert await told("supplier") == [found]
    assert await told("rival") == []
    await act("rival", following_planned.follow, complete)
    # The draft is called something else: followers read the title that is public.
    await act("officer", parts.save, complete, Part.BASICS, {"title": "A secret name"})
    waiting = await act("officer", actions.prepare, complete, Early.ENGAGEMENT, engaging=ENGAGING)
    await act("officer", parts.save, complete, Part.BASICS, {"title": "Library systems together"})
    newer = await act("officer", actions.prepare, complete, Early.PLANNED)
    await act(
        "officer", actions.confirm, complete, newer, reference="000302-2026", published_at=datetime.now(UTC)
    )
    assert waiting != newer
    # A newer version is news for followers, not for searches, which found the plan already.
    words = "The central platform published the notice UK3 of it: read what it says now"
    assert await told("rival") == [("Library systems together", words, plan)]
    assert await told("supplier") == [found]
    await made.approve_all(sessions_app, cast, complete)
    await made.publish(sessions_app, cast, complete)
    assert (await told("rival"))[1][2] == tender
    words = "What was planned has become a tender: read it, and until when tenders are due"
    assert ("Library systems together", words, tender) in await told("rival")
    assert words not in [row[1] for row in await told("supplier")]
    assert [row[2] for row in await told("supplier")] == [plan, tender]
