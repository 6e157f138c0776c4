"""Opening on pages: the deadline, its extension, two people with codes, numbers, and what the panel reads."""

from __future__ import annotations

import pytest

from sourcing.actions import declarations, panels
from sourcing.rules.panels import PanelState
from sourcing.rules.scores import WantedQuestion
from store.db import transaction
from tenders.queries import openings
from tests.tenders import bidding as builder
from tests.tenders import made
from tests.tenders.test_routes import as_, fresh


@pytest.fixture
async def closed(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    await builder.close(owner, bidding.tender)
    return f"/tenders/{bidding.tender}/bids"


async def step(client, owner, person, place, name):
    await fresh(owner, person)
    await client.open(place)
    await client.submit(f"{place}/{name}", code=person.code())


async def test_two_people_open_the_bids_each_with_a_code(client, closed, cast, owner):
    await as_(client, owner, cast["leeds"])
    await client.open(closed)
    await client.submit(f"{closed}/propose", code="000000")
    assert client.errors() == ["Enter the code that your app shows now"]
    await step(client, owner, cast["leeds"], closed, "propose")
    assert client.status == 303, client.errors()
    await client.follow()
    assert "One person alone cannot open the bids" in client.text
    await as_(client, owner, cast["camden"])
    await step(client, owner, cast["camden"], closed, "confirm")
    assert client.status == 303, client.errors()
    await client.follow()
    assert "Bid 1" in client.text
    assert "Invented supplier" not in client.text
    await client.open(f"{closed}/1")
    assert builder.WORDS not in client.text
    assert "read by people of the panel" in client.text
    assert (await client.open(f"{closed}/1/files/1")).status_code == 404
    assert (await client.open(f"{closed}/2")).status_code == 404
    # Sending the form once more is too late, and says so.
    await fresh(owner, cast["camden"])
    await client.post(f"{closed}/confirm", code=cast["camden"].code())
    assert client.status == 422
    assert client.errors() == ["There are no sealed bids to open here."]


async def test_the_panel_reads_on_pages_what_it_is_cleared_for(client, opened, cast, owner, act):
    place = f"/tenders/{opened.tender}/bids"
    await act("officer", panels.form_panel, opened.tender, chair_id=cast["leeds"].id, assesses=True)
    await act("camden officer", panels.name_member, opened.tender, cast["camden"].id)
    question = WantedQuestion(code="1", title="Ease of use", highest=5)
    await act("officer", panels.give_questions, opened.tender, [question])
    await client.sign_in(cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/enter")
    assert client.status == 303, client.errors()
    await act("leeds", panels.move, opened.tender, PanelState.SCORING)
    async with transaction(opened.sessions, cast["camden"].actor) as db:
        (row,) = await openings.opened(db, opened.tender)
        await declarations.declare(db, cast["camden"].actor, opened.tender, row.id, conflict=False)
    await as_(client, owner, cast["camden"])
    await client.open(f"{place}/1")
    assert builder.WORDS in client.text
    assert "£735,198.46" in client.text
    answer = await client.client.get(f"{place}/1/files/1")
    assert answer.text == builder.FILE_TEXT
    assert builder.FILE_NAME in answer.headers["content-disposition"]
    await as_(client, owner, cast["leeds"])
    await client.open(f"{place}/1")
    assert builder.WORDS not in client.text
    assert (await client.client.get(f"{place}/1/files/1")).status_code == 404


async def test_before_the_deadline_the_page_tells_the_buyers_nothing(client, bidding, cast, owner):
    place = f"/tenders/{bidding.tender}/bids"
    await as_(client, owner, cast["leeds"])
    await client.open(place)
    before = client.text
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    await client.open(place)
    assert client.text == before
    await client.post(f"{place}/propose", code="123456")
    assert "too early" in client.errors()[0]


async def test_the_deadline_is_moved_on_a_page(client, bidding, cast, owner):
    place = f"/tenders/{bidding.tender}/extend"
    await client.sign_in(cast["officer"])
    await client.submit_after(place, reason="Outage", hour="25")
    assert client.status == 422
    typed = {"day-day": "1", "day-month": "2", "day-year": "2035", "hour": "17:00", "reason": "An outage"}
    await client.submit(place, **{**typed, "day-year": "2020"})
    assert client.errors() == ["The deadline can be moved to later only."]
    await client.submit(place, **typed)
    assert client.status == 303, client.errors()
    await client.follow()
    assert "An outage" in client.text
    await as_(client, owner, cast["supplier"])
    await client.submit_after(f"/tenders/{bidding.tender}/bid")
    await client.follow()
    assert "An outage" in client.text
    assert "1 February 2035" in client.text


async def test_outsiders_do_not_find_the_page_of_bids(client, closed, cast, owner):
    for who, status in (("outside", 404), ("supplier", 404), ("lead", 200)):
        await as_(client, owner, cast[who])
        assert (await client.open(closed)).status_code == status, who
        await client.post(f"{closed}/propose", code="123456")
        assert client.status in (403, 404), who


async def test_somebody_without_a_second_factor_is_led_to_one(client, closed, cast, owner):
    await as_(client, owner, cast["officer"])
    await client.open(closed)
    assert "You need a second factor to propose this" in client.text
    await client.post(f"{closed}/propose", code="123456")
    assert client.status == 403
    assert "needs a second factor" in client.text


async def test_an_older_tender_gets_its_key_from_the_lead(client, approved, cast, owner, sessions_app):
    await made.publish(sessions_app, cast, approved)
    await client.sign_in(cast["supplier"])
    await client.submit_after(f"/tenders/{approved}/bid")
    assert "does not take bids here yet" in client.errors()[0]
    await as_(client, owner, cast["officer"])
    await client.open(f"/tenders/{approved}/bids")
    await client.submit(f"/tenders/{approved}/bids/key")
    assert client.status == 303
    await as_(client, owner, cast["supplier"])
    await client.submit_after(f"/tenders/{approved}/bid")
    assert client.status == 303
