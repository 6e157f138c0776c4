"""Questions on a tender's pages: asked, taken back, answered to all at once, and told to those who follow."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.tasks import tell
from store.jobs import Work
from store.migrations import plain
from tenders.rules import asking
from tests.tenders import made
from tests.tenders.test_routes import as_, typed_day
from values.actors import Actor
from values.years import LONDON

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- given a zone


@given(MOMENTS, st.timedeltas(timedelta(seconds=2), timedelta(days=400)))
def test_questions_end_ten_days_before_tenders_are_due_or_half_way(published, period):
    due = published + period
    until = asking.last_for_questions(published, due)
    assert until is not None
    assert published < until < due
    assert due - until == min(timedelta(days=10), period / 2)
    assert asking.last_for_questions(due, published) is None
    assert asking.last_for_questions(published, None) is None


@pytest.fixture
async def place(approved, cast, sessions_app):
    await made.publish(sessions_app, cast, approved)
    return f"/tenders/{approved}"


@pytest.fixture
def run(sessions_jobs):
    async def once():
        settings = SimpleNamespace(public_url="https://buy.example.org")
        await tell(Work(sessions_jobs, Actor(name="clock"), resources={"settings": settings}))

    return once


async def test_publication_takes_questions_until_a_time_that_follows_from_the_dates(place, owner):
    until = await owner.fetchval("select questions_until from subject")
    due = await owner.fetchval("select tenders_due_at from tender")
    assert until == due - timedelta(days=10)


async def ask(client, place, words, **more):
    await client.submit_after(f"{place}/questions/ask", words=words, **more)
    assert client.status == 303, client.errors()


async def test_from_a_question_to_an_answer_that_followers_hear_of(place, cast, client, owner, run):
    await client.open(f"{place}/questions")
    assert "Sign in as a supplier" in client.text
    await client.sign_in(cast["supplier"])
    await client.submit_after(f"{place}/questions/ask", words="")
    assert client.errors() == ["Enter a question"]
    await ask(client, place, "Does it need to work on boats?", follow="y")
    await ask(client, place, "May Invented supplier Ltd bid? Call 020 7946 0000")
    await ask(client, place, "Never mind?")
    await client.open(f"{place}/questions")
    assert "Stop following" in client.text
    own = re.findall(rf'href="({place}/questions/[0-9a-f-]{{36}})/withdraw"', client.text)
    assert len(own) == 3
    for each in own:
        await client.open(f"{each}/withdraw")
        if "Never mind?" in client.text:
            await client.submit(f"{each}/withdraw")
    await client.post("/sign-out")
    await client.open(f"{place}/questions")
    assert "boats" not in client.text
    await as_(client, owner, cast["camden officer"])
    await client.open(f"{place}/questions")
    waiting = re.findall(rf'href="({place}/questions/[0-9a-f-]{{36}})"', client.text)
    assert len(waiting) == 2
    for each in waiting:
        await client.open(each)
        if "boats" in client.text:
            await client.submit(each, words="Must it work on boats?", answer="No.")
        else:
            await client.submit(each, words="Call 020 7946 0000", answer="Any supplier may.")
            assert "This may tell who asked" in client.errors()[0]
            await client.submit(each, words="Who may bid?", answer="Any supplier may.")
        assert client.status == 303, client.errors()
    await client.open(f"{place}/questions")
    assert "2 answers are drafted" in client.text
    assert (await client.open(f"{place}/questions/publish")).status_code == 403
    await as_(client, owner, cast["officer"])
    await client.open(f"{place}/questions/publish")
    await client.submit(f"{place}/questions/publish", only=[])
    assert client.errors() == ["Choose at least one answer"]
    chosen = re.findall(r'name="only" type="checkbox" value="([0-9a-f-]{36})"', client.text)
    await client.submit(f"{place}/questions/publish", only=chosen)
    assert "2 answers were published" in (await client.follow()).text
    await client.post("/sign-out")
    await client.open(f"{place}/questions")
    assert "Must it work on boats?" in client.text
    assert "Does it need to work on boats?" not in client.text
    answers = await client.open(f"/questions/{place.rsplit('/', 1)[1]}/answers.csv")
    assert answers.text.count("Answered to all") == 2
    await run()
    told = await owner.fetch(
        "select person_id, text, href, reason from notice where reason = 'follows_tender'"
    )
    assert [tuple(row) for row in told] == [
        (cast["supplier"].id, "Questions 1 to 2 were answered", f"{place}/questions", "follows_tender")
    ]
    await as_(client, owner, cast["officer"])
    assert "Published answers: number 1 to 2" in (await client.open(f"{place}/history")).text


async def test_a_private_answer_says_why_to_everybody(place, cast, client, owner):
    await client.sign_in(cast["supplier"])
    await ask(client, place, "Is our price method known to others?", sensitive="It is our own")
    await as_(client, owner, cast["officer"])
    await client.open(f"{place}/questions")
    (question,) = re.findall(rf'href="({place}/questions/[0-9a-f-]{{36}})"', client.text)
    typed = {"words": "A price method", "answer": "It is not.", "ground": "commercial"}
    await client.submit_after(question, **typed)
    assert "Say what makes this ground hold here" in client.errors()[0]
    await client.submit(question, **typed, basis="A method of its own")
    await client.open(f"{place}/questions/publish")
    assert "For the asker alone" in client.text
    await client.submit(f"{place}/questions/publish", only=[question.rsplit("/", 1)[1]])
    await client.post("/sign-out")
    await client.open(f"{place}/questions")
    assert "A method of its own" in client.text
    assert "It is not." not in client.text


async def test_the_lead_moves_the_last_time_to_later_only_and_not_past_the_tender(place, cast, client, owner):
    due = (await owner.fetchval("select tenders_due_at from tender")).astimezone(LONDON)
    await client.sign_in(cast["officer"])
    until = f"{place}/questions/until"
    await client.open(until)
    for days, said in ((-11, "to later only"), (1, "before tenders are due")):
        await client.submit(
            until, **typed_day("questions_until", (due + timedelta(days=days)).date()), at="12:00"
        )
        assert said in client.errors()[0]
    await client.submit(
        until, **typed_day("questions_until", (due - timedelta(days=5)).date()), at="9 o'clock"
    )
    assert "hours and minutes" in client.errors()[0]
    await client.submit(until, **typed_day("questions_until", (due - timedelta(days=5)).date()), at="09:30")
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["supplier"])
    assert (await client.open(until)).status_code == 403


async def test_after_the_last_time_nobody_asks(place, cast, client, owner):
    await client.sign_in(cast["supplier"])
    await client.open(f"{place}/questions/ask")
    await owner.execute("update subject set questions_until = statement_timestamp()")
    await client.submit(f"{place}/questions/ask", words="Too late?")
    assert client.errors() == ["The time for questions is over."]
    await client.open(f"{place}/questions")
    assert "Ask a question" not in client.text


async def test_only_oneself_reads_what_one_follows_and_only_what_is_public(
    place, cast, client, owner, database
):
    await client.sign_in(cast["supplier"])
    await client.open(f"{place}/questions")
    await client.submit(f"{place}/follow")
    await client.open(f"{place}/questions")
    connection = await asyncpg.connect(plain(database.app))
    for who, person in cast.people.items():
        for setting, value in (
            ("person", person.id),
            ("organisation", person.organisation_id),
            ("roles", ",".join(sorted(person.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{setting}", str(value))
        assert await connection.fetchval("select count(*) from follower") == int(who == "supplier"), who
        if who != "supplier":
            assert await connection.execute("delete from follower") == "DELETE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into follower (subject_id, person_id) select id, $1 from subject",
                    cast["supplier"].id,
                )
    await connection.close()
    await client.submit(f"{place}/unfollow")
    assert await owner.fetchval("select count(*) from follower") == 0
