"""Pages of bids with others: the lead says who bids, who was asked joins, reads, writes, declines."""

from __future__ import annotations

import re

import pytest

from tests import build
from tests.tenders import bidding as builder
from tests.tenders.test_bid_routes import fill, upload
from tests.tenders.test_routes import as_
from values.actors import Role

SAID = {"meets_0": "no", "evidence_0": "", "ground": "no", "sure": "y"}


@pytest.fixture
async def at_team(client, bidding, cast, db):
    """The supplier has filled in its bid; the address of who bids."""
    organisation_id = await build.organisation(db, name="Marlstone Ltd")
    cast.people["partner"] = await build.person(db, Role.SUPPLIER, organisation_id=organisation_id)
    await db.commit()
    await client.sign_in(cast["supplier"])
    place = f"/tenders/{bidding.tender}/bid"
    await client.submit_after(place)
    await fill(client, place)
    await upload(client, place, "plan.txt", b"A plan in words")
    return f"{place}/team"


async def test_two_suppliers_bid_together(client, at_team, cast, owner):
    place = at_team.removesuffix("/team")
    await client.open(place)
    assert "You alone" in client.text
    await client.submit_after(f"{at_team}/ask", who="Marlstone Ltd", part="", share="130")
    assert client.errors() == ["Say what it would do", "Enter a percentage from 0 to 100"]
    await client.submit(f"{at_team}/ask", who="Marlstone", part="Trains staff", share="30")
    assert client.errors() == ["Which one do you mean? “Marlstone Ltd”"]
    await client.submit(f"{at_team}/ask", who="marlstone ltd", part="Trains staff", share="30", writes="y")
    assert client.status == 303, client.errors()
    await client.submit_after(f"{at_team}/subcontractor", name="Clay Ltd", part="Hosts", share="10")
    await client.follow()
    assert "Clay Ltd" in client.text
    await client.submit_after(at_team, part="Builds", share="50")
    await client.open(place)
    assert "has not accepted yet" in client.text
    assert "they must come to 100%" in client.text
    await client.submit_after(at_team, part="Builds", share="60")
    # Who was asked reads what it is asked, joins, reads, writes.
    await as_(client, owner, cast["partner"])
    await client.open("/bids")
    assert "You are asked to join a bid for" in client.text
    (bid,) = set(re.findall(r'href="(/bids/[0-9a-f-]{36})"', client.text))
    for path in (f"{bid}/read", f"{bid}/answers"):
        assert (await client.open(path)).status_code == 404, path
    await client.open(bid)
    assert "Trains staff" in client.text
    await client.submit(f"{bid}/accept", meets_0="yes", ground="yes", sure="y")
    assert client.errors() == [
        "Say what shows that you meet it",
        "Say which ground applies, and what you did about it",
    ]
    await client.submit(f"{bid}/accept", **SAID)
    assert client.status == 303, client.errors()
    await client.follow()
    assert "Nothing is submitted yet" in client.text
    await client.open(f"{bid}/read")
    assert builder.WORDS in client.text
    (file,) = re.findall(r'href="([^"]+/original)"', client.text)
    assert (await client.client.get(file)).content == b"A plan in words"
    await client.submit_after(f"{bid}/answers", answer_0="Better words")
    assert client.place == bid
    # The lead submits for both, and both have the receipt.
    await as_(client, owner, cast["supplier"])
    await client.open(f"{place}/submit")
    assert "With 1 other supplier and 1 sub-contractor" in client.text
    await client.submit(f"{place}/submit", sure="y")
    receipt = client.place
    await as_(client, owner, cast["partner"])
    await client.open(bid)
    assert "You can leave once" in client.text
    assert f'href="{receipt}"' in client.text
    await client.open(receipt)
    assert "Better words" in (await client.client.get(f"{receipt}/manifest.json")).text
    assert (await client.post(f"{bid}/refuse")).status_code == 422
    assert "The lead withdraws it first" in client.text
    await as_(client, owner, cast["rival"])
    for path in (bid, f"{bid}/read", receipt, file):
        assert (await client.open(path)).status_code == 404, path


async def test_an_invitation_by_mail_is_read_before_it_is_taken_up(client, at_team, cast, owner):
    await client.submit_after(f"{at_team}/ask", who="jo@example.org", part="Trains staff", share="30")
    body = await owner.fetchval("select body from mail where to_address = 'jo@example.org'")
    invited = re.findall(r"(/invited/\S+)", body)[0]
    await client.open(at_team)
    (member,) = set(re.findall(rf'href="({at_team}/[0-9a-f-]{{36}})"', client.text))
    await client.submit_after(member, part="Trains staff", share="30", writes="y")
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["officer"])
    assert (await client.open(invited)).status_code == 403
    await as_(client, owner, cast["partner"])
    await client.submit_after(invited)
    bid = client.place
    await client.follow()
    assert "You are asked to join a bid" in client.text
    await client.submit(f"{bid}/refuse")
    assert client.place == "/bids"
    assert (await client.open(bid)).status_code == 404
    await as_(client, owner, cast["supplier"])
    await client.open(at_team)
    assert "Declined" in client.text
    await client.submit_after(f"{at_team}/ask", who="Marlstone Ltd", part="Trains staff", share="30")
    await client.open(at_team)
    (again,) = set(re.findall(rf'href="({at_team}/[0-9a-f-]{{36}})"', client.text)) - {member}
    await client.open(again)
    await client.submit(f"{again}/remove")
    await client.follow()
    assert "Taken out" in client.text
