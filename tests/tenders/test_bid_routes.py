"""Pages of bids as people walk them without JavaScript: a supplier from the tender to the receipt."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests import build
from tests.tenders import bidding as builder
from tests.tenders.test_routes import as_

PLACE = "/tenders/{}/bid"


@pytest.fixture
async def at_desk(client, bidding, cast):
    """A supplier who has begun a bid; the address of its task list."""
    await client.sign_in(cast["supplier"])
    place = PLACE.format(bidding.tender)
    await client.open(f"/tenders/{bidding.tender}")
    assert f'href="{place}"' in client.text
    await client.submit_after(place)
    assert client.place == place
    return place


async def fill(client, place):
    await client.submit_after(f"{place}/conditions", meets_0="yes", evidence_0=builder.EVIDENCE)
    assert client.place == place, client.errors()
    await client.submit_after(f"{place}/answers", answer_0=builder.WORDS)
    assert client.place == place, client.errors()
    await client.submit_after(f"{place}/prices", fixed_0="735,198.46", tier_0_0="1.50", tier_0_1="1.2")
    assert client.place == place, client.errors()


async def upload(client, place, name, content):
    client.answer = await client.client.post(f"{place}/files", files={"files": (name, content)})
    client._check()
    return client.answer


async def test_a_supplier_goes_from_the_tender_to_a_receipt_that_is_verified(client, at_desk, owner):
    await client.open(at_desk)
    assert "Still missing" in client.text
    await fill(client, at_desk)
    await upload(client, at_desk, "../plan.txt", b"A plan in words")
    assert client.status == 303, client.errors()
    await client.open(at_desk)
    assert "Still missing" not in client.text
    await client.open("/bids")
    assert "Not submitted" in client.text
    await client.submit_after(f"{at_desk}/submit")
    assert client.errors() == ["Confirm that you may submit this bid, and that it is complete"]
    await client.submit(f"{at_desk}/submit", sure="y")
    assert client.place.startswith("/receipts/")
    receipt = client.place
    await client.follow()
    digest = await owner.fetchval("select encode(sha256, 'hex') from bid_receipt")
    assert digest in client.text
    content = (await client.client.get(f"{receipt}/manifest.json")).content
    assert hashlib.sha256(content).hexdigest() == digest
    said = json.loads(content)
    (price,) = said["prices"].values()
    assert price == {"fixed_pence": 73_519_846, "tiers": [[0, 150], [1000, 120]]}
    assert said["files"][0]["name"] == "plan.txt"
    text = (await client.client.get(f"{receipt}/receipt.txt")).text
    await client.post("/sign-out")
    await client.submit_after("/receipts", text=text)
    assert "This receipt is genuine" in client.text
    await client.submit("/receipts", text=text.replace("Submitted", "Withdrawn"))
    assert "something in it was changed" in client.text
    await client.submit("/receipts", text=re.sub(r"SHA-256: \w+", "SHA-256: " + "0" * 64, text))
    assert "This is no receipt of this service" in client.text
    await client.submit("/receipts", text="Hello")
    assert client.errors() == ["Paste the whole receipt, from its first line to its signature"]


async def test_replace_withdraw_and_a_form_sent_twice(client, at_desk, owner):
    await fill(client, at_desk)
    await client.open(f"{at_desk}/submit")
    page = client.answer
    places = set()
    for _ in range(2):
        client.answer = page
        await client.submit(f"{at_desk}/submit", sure="y")
        places.add(client.place)
    assert len(places) == 1
    await client.follow()
    await client.open(at_desk)
    assert "Submit again" in client.text
    await client.submit_after(f"{at_desk}/submit", sure="y")
    assert client.place not in places
    await client.submit_after(f"{at_desk}/withdraw")
    await client.follow()
    assert "Your bid was withdrawn" in client.text
    await client.open(f"{at_desk}/withdraw")
    assert "There is nothing to withdraw" in client.text
    kinds = await owner.fetch("select kind from bid_receipt order by position")
    assert [row["kind"] for row in kinds] == ["submitted", "submitted", "withdrawn"]


async def test_a_wrong_file_or_too_much_of_one_is_said_and_loses_nothing(client, at_desk, owner):
    await fill(client, at_desk)
    await upload(client, at_desk, "page.html", b"<!doctype html><html><script>")
    assert client.status == 422
    assert "is not a file of a kind that can be read here" in client.errors()[0]
    await upload(client, at_desk, "large.txt", b"words " * 3_400_000)
    assert client.status == 422
    assert "The most that can be sent at once" in client.errors()[0]
    await upload(client, at_desk, "", b"")
    assert client.errors() == ["Choose a file"]
    assert await owner.fetchval("select count(*) from bid_file") == 0
    assert await owner.fetchval("select count(*) from bid_part") == 3
    await upload(client, at_desk, "good.txt", b"good words")
    await client.follow()
    original = re.findall(r'href="([^"]+/original)"', client.text)[0]
    answer = await client.client.get(original)
    assert answer.content == b"good words"
    assert answer.headers["cache-control"] == "no-store"
    await client.submit(original.replace("original", "remove"))
    assert client.status == 303
    assert await owner.fetchval("select count(*) from bid_chunk") == 0


async def test_what_was_typed_wrong_stays_in_the_form(client, at_desk):
    await client.submit_after(f"{at_desk}/prices", fixed_0="lots", tier_0_0="1.50")
    assert client.status == 422
    assert client.errors() == ["Enter the sum in pounds, such as 12,000"]
    assert 'value="lots"' in client.text
    assert 'value="1.50"' in client.text
    await client.submit(f"{at_desk}/prices", fixed_0="12", tier_0_0="1.50")
    assert client.status == 303
    # A colleague's tab that was opened before.
    await client.submit_after(f"{at_desk}/answers", answer_0="First")
    answer = await client.post(f"{at_desk}/answers", answer_0="Mine", seen="0")
    assert answer.status_code == 422
    assert "A colleague has saved this part" in client.errors()[0]
    assert "Mine" in client.text


async def test_after_the_deadline_a_bid_is_refused_with_a_receipt(client, at_desk, bidding, owner):
    await fill(client, at_desk)
    await client.open(f"{at_desk}/submit")
    await builder.close(owner, bidding.tender)
    await client.submit(f"{at_desk}/submit", sure="y")
    await client.follow()
    assert "it arrived after the deadline" in client.text
    await client.open(at_desk)
    assert "was not submitted in time" in client.text
    await upload(client, at_desk, "late.txt", b"late")
    assert client.status == 422
    assert "deadline has passed" in client.errors()[0]


async def test_without_the_master_key_a_clear_page_says_so(client, at_desk, application):
    await fill(client, at_desk)
    key = application.state.settings.home / "keys/master.key"
    key.write_bytes(b"another master key, made anew...")
    for path in (at_desk, f"{at_desk}/answers", f"{at_desk}/submit"):
        answer = await client.open(path)
        assert answer.status_code == 503
        assert "KeyLost" in client.text
        assert "keys/master.key" in client.text
    key.write_bytes(build.KEY)
    assert (await client.open(at_desk)).status_code == 200


@pytest.mark.parametrize("who", ["officer", "leeds", "lead"])
async def test_nobody_else_has_a_bid(client, at_desk, cast, owner, who):
    await as_(client, owner, cast[who])
    for path in ("/bids", at_desk, f"{at_desk}/answers", f"{at_desk}/files", f"{at_desk}/submit"):
        assert (await client.open(path)).status_code == 403, path


async def test_a_rival_finds_its_own_beginning_and_no_receipt(client, at_desk, cast, owner):
    await fill(client, at_desk)
    await client.submit_after(f"{at_desk}/submit", sure="y")
    receipt = client.place
    await as_(client, owner, cast["rival"])
    for path in (receipt, f"{receipt}/receipt.txt", f"{receipt}/manifest.json", f"{at_desk}/answers"):
        assert (await client.open(path)).status_code == 404, path
    await client.open(at_desk)
    assert "Begin a bid" in client.text


async def test_what_a_supplier_writes_is_not_markup(client, at_desk):
    await client.submit_after(f"{at_desk}/answers", answer_0="<script>alert(1)</script>\0{{ 7*7 }}")
    await client.open(f"{at_desk}/answers")
    assert "&lt;script&gt;" in client.text
    assert "<script>alert" not in client.text
