"""Bids: drafts that are sealed, handed in, replaced, withdrawn; what comes late; receipts."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from store.db import transaction
from store.sealing import KeyLost, Tampered
from tenders.actions import terminating
from tenders.actions.bidding import drafting, handing_in, sealed
from tenders.queries import bids as queries
from tenders.rules.bidding.drafts import BidPart
from tests import build
from tests.tenders import bidding as builder
from values.refusals import Missing, NotAllowed, Refused


async def draft_of(bidding, who):
    async with transaction(bidding.sessions, who.actor) as db:
        bid = await queries.own_bid(db, who.actor, bidding.tender)
        return (await sealed.open_draft(db, bid, master=build.KEY)).draft


async def test_a_draft_is_read_again_by_its_people_as_it_was_saved(bidding, cast):
    await bidding.fill(cast["supplier"])
    draft = await draft_of(bidding, cast["supplier"])
    asked = await bidding.asked()
    assert draft.answers == {each.id: builder.WORDS for each in asked.questions}
    assert [said.evidence for said in draft.conditions.values()] == [builder.EVIDENCE]
    assert [price.fixed_pence for price in draft.prices.values()] == [builder.PENCE]
    assert [file.name for file in draft.files] == [builder.FILE_NAME]


async def test_an_organisation_has_one_bid_for_a_tender(bidding, cast):
    first, again = await asyncio.gather(*(bidding.begin(cast["supplier"]) for _ in range(2)))
    assert first == again == await bidding.begin(cast["supplier"])
    assert await bidding.begin(cast["rival"]) != first


async def test_only_suppliers_bid_and_only_for_a_tender_that_takes_bids(bidding, cast, act, approved):
    with pytest.raises(NotAllowed):
        await bidding.begin(cast["officer"])
    await bidding.begin(cast["supplier"])
    await act("officer", terminating.terminate, bidding.tender, reason="No money")
    with pytest.raises(Refused, match="takes no bids"):
        await bidding.begin(cast["rival"])
    with pytest.raises(Refused, match="takes no bids"):
        await bidding.save(cast["supplier"], BidPart.ANSWERS, {})


async def test_a_colleague_who_saved_meanwhile_is_not_overwritten(bidding, cast):
    await bidding.begin(cast["supplier"])
    await bidding.save(cast["supplier"], BidPart.ANSWERS, {"a": "mine"})
    for seen in (0, 7):
        with pytest.raises(Refused, match="A colleague has saved"):
            await bidding.act(
                cast["supplier"], drafting.save_part, bidding.tender, BidPart.ANSWERS, {"a": "x"}, seen=seen
            )
    assert (await draft_of(bidding, cast["supplier"])).answers == {"a": "mine"}


async def test_what_is_missing_is_named_and_keeps_a_bid_from_being_handed_in(bidding, cast):
    await bidding.begin(cast["supplier"])
    with pytest.raises(Refused, match="3 things are missing"):
        await bidding.submit(cast["supplier"])
    assert await bidding.last(cast["supplier"]) is None


async def test_a_receipt_has_the_hash_of_all_that_was_handed_in(bidding, cast):
    await bidding.fill(cast["supplier"])
    done = await bidding.submit(cast["supplier"])
    assert done.fresh
    assert done.receipt.kind == "submitted"
    assert done.receipt.at < done.receipt.due_at
    async with transaction(bidding.sessions, cast["supplier"].actor) as db:
        bid = await queries.own_bid(db, cast["supplier"].actor, bidding.tender)
        copy = await sealed.copy_of(db, bid, done.receipt, master=build.KEY)
    assert hashlib.sha256(copy).digest() == done.receipt.sha256
    assert builder.WORDS in copy.decode()
    assert hashlib.sha256(builder.FILE_TEXT.encode()).hexdigest() in copy.decode()


async def test_the_same_content_handed_in_twice_has_two_hashes(bidding, cast):
    # Whoever has nothing but hashes cannot try out prices until one fits.
    await bidding.fill(cast["supplier"])
    first = await bidding.submit(cast["supplier"])
    second = await bidding.submit(cast["supplier"])
    assert second.fresh
    assert first.receipt.sha256 != second.receipt.sha256


async def test_a_form_that_is_sent_twice_gets_the_receipt_of_the_first_time(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    done = await asyncio.gather(
        *(
            bidding.act(cast["supplier"], handing_in.submit, bidding.tender, master=build.KEY, known=None)
            for _ in range(3)
        )
    )
    assert len({each.receipt.id for each in done}) == 1
    assert sorted(each.fresh for each in done) == [False, False, True]
    assert await owner.fetchval("select count(*) from bid_submission") == 1


async def test_what_was_replaced_stays_with_its_receipt_and_its_files(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    first = await bidding.submit(cast["supplier"])
    async with transaction(bidding.sessions, cast["supplier"].actor) as db:
        bid = await queries.own_bid(db, cast["supplier"].actor, bidding.tender)
        (file,) = await queries.sealed_files(db, bid.id)
    await bidding.act(cast["supplier"], drafting.remove_file, bidding.tender, file.id)
    loose = await bidding.add_file(cast["supplier"], name="loose.txt")
    await bidding.act(cast["supplier"], drafting.remove_file, bidding.tender, loose)
    second = await bidding.submit(cast["supplier"])
    assert (await draft_of(bidding, cast["supplier"])).files == ()
    kept = await owner.fetch(
        "select file_id from bid_submission_file where receipt_id = $1", first.receipt.id
    )
    assert [row["file_id"] for row in kept] == [file.id]
    assert await owner.fetchval("select count(*) from bid_chunk where file_id = $1", loose) == 0
    async with transaction(bidding.sessions, cast["supplier"].actor) as db:
        found = await queries.receipts(db, bid.id)
    assert [each.id for each in found] == [second.receipt.id, first.receipt.id]


async def test_a_bid_is_withdrawn_and_handed_in_again(bidding, cast):
    await bidding.fill(cast["supplier"])
    with pytest.raises(Refused, match="nothing to withdraw"):
        await bidding.withdraw(cast["supplier"])
    await bidding.submit(cast["supplier"])
    done = await bidding.withdraw(cast["supplier"])
    assert (done.receipt.kind, done.receipt.sha256) == ("withdrawn", None)
    with pytest.raises(Refused, match="nothing to withdraw"):
        await bidding.withdraw(cast["supplier"])
    assert (await bidding.submit(cast["supplier"])).receipt.kind == "submitted"


async def test_what_comes_after_the_deadline_gets_a_receipt_that_says_so_and_is_not_kept(
    bidding, cast, owner
):
    await bidding.fill(cast["supplier"])
    first = await bidding.submit(cast["supplier"])
    await builder.close(owner, bidding.tender, ago="1 millisecond")
    late = await bidding.submit(cast["supplier"])
    assert late.receipt.kind == "late"
    assert late.receipt.at >= late.receipt.due_at
    assert (await bidding.withdraw(cast["supplier"])).receipt.kind == "late"
    assert await owner.fetchval("select array_agg(receipt_id) from bid_submission") == [first.receipt.id]
    with pytest.raises(Refused, match="deadline has passed"):
        await bidding.save(cast["supplier"], BidPart.ANSWERS, {})


async def test_what_had_arrived_before_the_deadline_counts_though_it_is_recorded_after(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    who = cast["supplier"].actor
    async with transaction(bidding.sessions, who) as db:
        bid = await queries.own_bid(db, who, bidding.tender)
        await asyncio.sleep(0.05)
        # Meanwhile the deadline passes: a moment after the request arrived.
        await owner.execute("set session_replication_role = replica")
        await owner.execute(
            "update tender set tenders_due_at = $1 where id = $2",
            bid.now + timedelta(milliseconds=10),
            bidding.tender,
        )
        await owner.execute("set session_replication_role = origin")
        withdrawn = await handing_in._recorded(
            db,
            who,
            bid,
            None,
            handing_in.Envelope(b"d" * 32, b"h", b"c", b"h", b"c", [], []),
        )
    assert (withdrawn.receipt.kind, withdrawn.receipt.at) == ("submitted", bid.now)


async def test_an_arrival_that_cannot_be_is_not_believed(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    who = cast["supplier"].actor
    async with transaction(bidding.sessions, who) as db:
        bid = await queries.own_bid(db, who, bidding.tender)
        for claimed in (bid.now - timedelta(minutes=5), bid.now + timedelta(minutes=5)):
            last = (await queries.receipts(db, bid.id))[:1]
            envelope = handing_in.Envelope(b"d" * 32, b"h", b"c", b"h", b"c", [], [])
            done = await handing_in._recorded(
                db, who, _at(bid, claimed), last[0].id if last else None, envelope
            )
            assert abs(done.receipt.at - bid.now) < timedelta(minutes=1)


def _at(bid, moment):
    import dataclasses  # noqa: PLC0415

    return dataclasses.replace(bid, now=moment)


async def test_nobody_reads_another_organisations_bid(bidding, cast):
    await bidding.fill(cast["supplier"])
    done = await bidding.submit(cast["supplier"])
    for who in ("rival", "officer", "leeds", "lead", "outside"):
        async with transaction(bidding.sessions, cast[who].actor) as db:
            with pytest.raises(Missing):
                await queries.own_bid(db, cast[who].actor, bidding.tender)
            with pytest.raises(Missing):
                await queries.receipt(db, done.receipt.id)


async def test_without_the_master_key_nothing_is_begun_handed_in_or_read(bidding, cast):
    await bidding.fill(cast["supplier"])
    other = b"another master key, made anew..."
    with pytest.raises(KeyLost, match="put the earlier file"):
        await bidding.act(cast["rival"], drafting.begin, bidding.tender, master=other)
    with pytest.raises(KeyLost):
        await bidding.act(cast["supplier"], handing_in.submit, bidding.tender, master=other, known=None)


async def test_a_key_that_was_put_there_past_the_service_is_not_sealed_to(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    await owner.execute("update tender_key set public = $1", b"x" * 32)
    with pytest.raises(Tampered):
        await bidding.submit(cast["supplier"])


async def test_handing_in_takes_few_statements_however_many_files_there_are(bidding, cast, statements):
    await bidding.fill(cast["supplier"])
    for number in range(5):
        await bidding.add_file(cast["supplier"], name=f"{number}.txt")
    statements.clear()
    await bidding.act(cast["supplier"], handing_in.submit, bidding.tender, master=build.KEY, known=None)
    assert len(statements) <= 12, statements
