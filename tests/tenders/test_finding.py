"""Search for tenders: its query in one form, what it finds, and its page without JavaScript."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.db import transaction
from tenders.actions import parts
from tenders.queries import finding as queries
from tenders.rules import finding
from tenders.rules.finding import STATES_OF, Standing, TenderFilter
from tenders.rules.linting.findings import Part
from tenders.rules.states import CHANGEABLE, TenderState
from tests.tenders import made
from values.actors import PUBLIC
from values.years import london_today

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
PENCE = st.none() | st.integers(0, 10**13)
FILTERS = st.builds(
    TenderFilter,
    words=WORDS,
    category=st.sampled_from(["", "gis-systems"]),
    region=st.sampled_from(["", "E12000003"]),
    value_from_pence=PENCE,
    value_to_pence=PENCE,
    due_from=DAYS,
    due_to=DAYS,
    state=st.sampled_from(["", "open", "closed", "awarded", "terminated", "draft"]),
    small_firms=st.booleans(),
    own=st.sampled_from(["", "own"]),
)


@given(FILTERS)
def test_a_query_is_read_back_as_it_was_asked(wanted):
    assert finding.read(wanted.query) == wanted


@given(FILTERS)
def test_leaving_out_each_part_leaves_nothing(wanted):
    names = [name for name, _ in finding.said(wanted, {})]
    assert len(names) == len(wanted.query.split("&")) - (wanted == TenderFilter())
    for name in names:
        wanted = wanted.without(name)
    assert wanted.plain


def test_every_state_stands_somewhere():
    placed = [state for states in STATES_OF.values() for state in states]
    assert sorted([*placed, *CHANGEABLE]) == sorted(TenderState)
    for state in TenderState:
        assert finding.state_asked(state) in {*Standing, *CHANGEABLE}
    assert finding.state_asked("elsewhere") == ""


@pytest.fixture
def found(sessions_app):
    async def finds(**asked):
        async with transaction(sessions_app, PUBLIC) as db:
            total, rows = await queries.listed_tenders(db, TenderFilter(**asked))
        assert total == len(rows)
        return [row.title for row in rows]

    return finds


async def test_what_is_asked_for_is_what_is_found(published, found, owner):
    title = [await owner.fetchval("select title from tender")]
    due = london_today() + timedelta(days=40)
    yes = (
        {"words": "library"},
        {"words": "libraries system"},  # other forms, from the title and a lot
        {"words": '"works offline"'},
        {"words": "camden"},
        {"category": "library-systems"},
        {"value_from_pence": 228_000_000, "value_to_pence": 228_000_000},
        {"due_from": due, "due_to": due},
        {"state": "open"},
        {"region": "E12000003"},
        {"region": "E12000007"},
        {"words": "library -parking", "state": "open", "due_to": due},
    )
    category = await owner.fetchval("select category from tender")
    for asked in yes:
        asked = {**asked, **({"category": category} if "category" in asked else {})}  # noqa: PLW2901
        assert await found(**asked) == title, asked
    for asked in (
        {"words": "parking"},
        {"words": "library parking"},
        {"words": "library -offline"},
        {"category": "gis-systems"},
        {"value_from_pence": 228_000_001},
        {"value_to_pence": 227_999_999},
        {"due_from": due + timedelta(days=1)},
        {"due_to": due - timedelta(days=1)},
        {"state": "closed"},
        {"state": "awarded"},
        {"small_firms": True},
        {"region": "E12000009"},
        {"words": "the"},
    ):
        assert await found(**asked) == [], asked


async def test_it_is_over_when_its_time_is_whoever_says_so(published, found, owner):
    await owner.execute("alter table tender disable trigger user")
    await owner.execute("update tender set tenders_due_at = statement_timestamp()")
    assert await found(state="open") == []
    assert len(await found(state="closed")) == 1
    await owner.execute("update tender set state = 'standstill'")
    assert await found(state="closed") == []
    assert len(await found(state="awarded")) == 1


async def test_only_published_tenders_match_a_saved_search(approved, cast, sessions_app, sessions_jobs):
    wanted = TenderFilter(words="library", state="closed", own="own")
    async with transaction(sessions_jobs, PUBLIC) as db:
        assert await queries.published_matches(db, wanted, [approved]) == []
    await made.publish(sessions_app, cast, approved)
    async with transaction(sessions_jobs, PUBLIC) as db:
        assert await queries.published_matches(db, wanted, [approved]) == [approved]
        assert await queries.published_matches(db, TenderFilter(words="parking"), [approved]) == []


async def test_a_change_of_the_content_is_found_at_once(complete, cast, sessions_app, act):
    await act("officer", parts.save, complete, Part.BASICS, {**made.basics(), "description": "Wombats"})
    async with transaction(sessions_app, cast["officer"].actor) as db:
        total, _ = await queries.listed_tenders(db, TenderFilter(words="wombat"))
    assert total == 1


async def test_the_public_searches_and_is_told_what_to_loosen(client, published):
    await client.open(
        "/tenders?q=library&category=&region=&state=open&value_from=1%2C000%2C000&value_to=&due_from="
    )
    assert "1 tender." in client.text
    assert 'href="/tenders?q=library&amp;state=open&amp;value_from=1000000"' in client.text
    assert "£2,280,000" in client.text
    await client.open("/tenders?q=library&region=E12000009&sort=match")
    assert "Without buyers in South West" in client.text
    assert 'href="/tenders?q=library"' in client.text
    await client.open("/tenders?q=zebra&region=E12000009")
    assert "Leaving out one part of the search finds none either" in client.text


async def test_what_cannot_be_read_is_said_and_counts_as_not_asked(client, published):
    await client.open("/tenders?value_from=lots&due_to=tomorrow&category=nowhere&state=none&sort=-magic")
    assert client.status == 422
    assert client.errors() == [
        "Enter the lowest value in pounds, such as 100,000",
        "Enter the latest day as year-month-day, such as 2026-12-31",
    ]
    assert "1 tender." in client.text
    await client.open("/tenders?value_from=20&value_to=10&due_from=2026-02-02&due_to=2026-02-01")
    assert len(client.errors()) == 2


async def test_the_list_is_taken_away_as_it_was_filtered(client, published):
    answer = await client.open("/tenders.csv?q=library&sort=value")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["value_with_vat_pence"] == "228000000"
    assert row["suitable_for_small_firms"] == "no"
    assert "London" in row["regions"]
    assert (await client.open("/tenders.csv?q=parking")).text.count("\n") == 1
    dates = (await client.open("/tenders.ics?q=library")).text
    assert "SUMMARY:Tenders due: " in dates
    assert dates.count("BEGIN:VEVENT") == 3
    assert f"/tenders/{published}" in dates.replace("\r\n ", "")
    assert "VEVENT" not in (await client.open("/tenders.ics?q=parking")).text
