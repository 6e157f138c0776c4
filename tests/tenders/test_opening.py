"""Opening: by two people of two buyers, after the deadline, each with a code; what was changed is shown."""

from __future__ import annotations

import asyncio
import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.db import transaction
from store.sealing import KeyLost
from tenders.actions import terminating
from tests.tenders import bidding as builder
from tests.tenders.bidding import raw, state
from values.refusals import NotAllowed, Refused


async def test_two_people_of_two_buyers_open_all_bids(over, cast, owner):
    await over.propose(cast["leeds"])
    assert await state(owner, over) == "closed"
    outcome = await over.confirm(cast["camden"])
    assert (outcome.bids, outcome.damaged) == (2, 0)
    assert await state(owner, over) == "opened"
    contents = [json.loads(row["content"]) for row in await owner.fetch("select content from opened_content")]
    assert {answer for each in contents for answer in each["answers"].values()} == {
        f"{builder.WORDS} of supplier",
        f"{builder.WORDS} of rival",
    }
    assert {price["fixed_pence"] for each in contents for price in each["prices"].values()} == {builder.PENCE}
    entry = await owner.fetchval("select details from audit_entry where action = 'tender.opened'")
    hashes = [row["sha256"].hex() for row in await owner.fetch("select sha256 from bid_receipt")]
    assert json.loads(entry)["receipts"] == sorted(hashes)


async def test_early_nobody_opens(bidding, cast, owner):
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    await builder.give_code(owner, *cast.people.values())
    with pytest.raises(Refused, match="too early"):
        await bidding.propose(cast["leeds"])
    for sql in (
        "select app.propose_opening(:tender, 'x')",
        "select app.confirm_opening(:tender, 'x')",
        "update tender set state = 'closed' where id = :tender",
    ):
        with pytest.raises(DBAPIError, match=r"too early|can still come in"):
            await raw(bidding, "officer", sql)


async def test_in_the_first_minute_bids_that_arrived_in_time_may_still_come(over, cast, owner):
    await builder.close(owner, over.tender, ago="30 seconds")
    await over.propose(cast["leeds"])
    with pytest.raises(Refused, match="too early"):
        await over.confirm(cast["camden"])
    with pytest.raises(DBAPIError, match="too early"):
        await raw(over, "camden", "select app.confirm_opening(:tender, 'x')")


async def test_alone_nobody_opens(over, cast, owner):
    with pytest.raises(Refused, match="Nobody has proposed"):
        await over.confirm(cast["camden"])
    with pytest.raises(DBAPIError, match="too early"):
        await raw(over, "camden", "select app.confirm_opening(:tender, 'x')")
    await over.propose(cast["leeds"])
    with pytest.raises(Refused, match="One person alone"):
        await over.confirm(cast["leeds"])
    with pytest.raises(DBAPIError, match="one person alone"):
        await raw(over, "leeds", "select app.confirm_opening(:tender, 'x')")
    assert await state(owner, over) == "closed"


async def test_two_of_one_council_do_not_open(over, cast, owner):
    await over.propose(cast["camden officer"])
    with pytest.raises(Refused, match="another buyer"):
        await over.confirm(cast["camden"])
    with pytest.raises(DBAPIError, match="two of one buyer"):
        await raw(over, "camden", "select app.confirm_opening(:tender, 'x')")


async def test_two_of_the_only_buyer_open(over, cast, owner):
    await owner.execute("set session_replication_role = replica")
    await owner.execute("delete from tender_buyer where body_code <> 'LDS'")
    await owner.execute("set session_replication_role = origin")
    await over.propose(cast["officer"])
    with pytest.raises(Refused, match="One person alone"):
        await over.confirm(cast["officer"])
    assert (await over.confirm(cast["leeds"])).bids == 2


async def test_nobody_else_proposes_or_confirms(over, cast):
    others = ("outside", "lead", "supplier", "rival")
    for who in others:
        with pytest.raises(NotAllowed):
            await over.propose(cast[who])
    await over.propose(cast["leeds"])
    for who in others:
        with pytest.raises(NotAllowed):
            await over.confirm(cast[who])
        for call in ("propose_opening(:tender, 'x')", "confirm_opening(:tender, 'x')"):
            with pytest.raises(DBAPIError, match="not of a buyer"):
                await raw(over, who, f"select app.{call}")
        with pytest.raises(DBAPIError, match="not confirmed by this person"):
            await raw(over, who, "select app.finish_opening(:tender)")


async def test_without_a_fresh_code_nobody_opens(over, cast, owner):
    await owner.execute("update credential set totp_last_step = totp_last_step - 10")
    for function in ("propose", "confirm"):
        with pytest.raises(DBAPIError, match="no code was given"):
            await raw(over, "leeds", f"select app.{function}_opening(:tender, 'x')")


async def test_a_proposal_is_confirmed_within_a_day_or_made_again(over, cast, owner):
    await over.propose(cast["leeds"])
    with pytest.raises(Refused, match="proposed to open the bids already"):
        await over.propose(cast["camden"])
    with pytest.raises(DBAPIError, match="it was proposed already"):
        await raw(over, "camden", "select app.propose_opening(:tender, 'x')")
    await owner.execute("update tender_opening set proposed_at = proposed_at - interval '25 hours'")
    with pytest.raises(Refused, match="within the last day"):
        await over.confirm(cast["camden"])
    with pytest.raises(DBAPIError, match="nobody proposed it"):
        await raw(over, "camden", "select app.confirm_opening(:tender, 'x')")
    await over.propose(cast["camden"])
    assert (await over.confirm(cast["leeds"])).bids == 2


async def test_the_lead_does_not_pass_the_steps_by(over, cast):
    await over.propose(cast["leeds"])
    with pytest.raises(DBAPIError, match="two people open a tender"):
        await raw(over, "officer", "update tender set state = 'opened' where id = :tender")
    with pytest.raises(DBAPIError, match="row-level security"):
        await raw(
            over,
            "officer",
            "insert into opened_bid (id, tender_id, number, whole)"
            " values (gen_random_uuid(), :tender, 1, true)",
        )


async def test_the_last_submission_counts_and_a_withdrawn_bid_is_not_opened(bidding, cast, owner):
    await bidding.fill(cast["supplier"], words="An earlier thought")
    await bidding.submit(cast["supplier"])
    asked = await bidding.asked()
    await bidding.save(
        cast["supplier"], builder.BidPart.ANSWERS, {each.id: "Better" for each in asked.questions}
    )
    await bidding.submit(cast["supplier"])
    await bidding.fill(cast["rival"])
    await bidding.submit(cast["rival"])
    await bidding.withdraw(cast["rival"])
    await builder.close(owner, bidding.tender)
    await builder.give_code(owner, *cast.people.values())
    await bidding.submit(cast["rival"])  # too late
    await bidding.propose(cast["leeds"])
    assert (await bidding.confirm(cast["camden"])).bids == 1
    (row,) = await owner.fetch("select content from opened_content")
    assert set(json.loads(row["content"])["answers"].values()) == {"Better"}


async def test_no_bids_at_all_can_be_opened_and_then_terminated(bidding, cast, owner, act):
    await bidding.begin(cast["supplier"])
    await builder.close(owner, bidding.tender)
    await builder.give_code(owner, *cast.people.values())
    await bidding.propose(cast["leeds"])
    assert (await bidding.confirm(cast["camden"])).bids == 0
    assert await state(owner, bidding) == "opened"
    await act("officer", terminating.terminate, bidding.tender, reason="Nobody bid")
    assert await state(owner, bidding) == "terminated"


async def test_with_another_master_key_nothing_is_opened_and_all_stays_as_it_was(over, cast, owner):
    await over.propose(cast["leeds"])
    with pytest.raises(KeyLost, match="put the earlier file"):
        await over.confirm(cast["camden"], master=b"another master key, made anew...")
    assert await state(owner, over) == "closed"
    assert await owner.fetchval("select count(*) from opened_bid") == 0
    # The earlier file was put back.
    assert (await over.confirm(cast["camden"])).bids == 2


async def test_whoever_confirmed_reads_ciphertext_only_until_it_is_finished(over, cast, owner):
    await over.propose(cast["leeds"])
    sealed_bids = "select count(*) from app.sealed_bids(:tender)"
    async with transaction(over.sessions, cast["camden"].actor) as db:
        await db.execute(text("select app.confirm_opening(:tender, 'x')"), {"tender": over.tender})
        assert await db.scalar(text(sealed_bids), {"tender": over.tender}) == 2
        await db.execute(text("select app.finish_opening(:tender)"), {"tender": over.tender})
        assert await db.scalar(text(sealed_bids), {"tender": over.tender}) == 0


async def test_opening_waits_for_what_is_being_handed_in(over, cast, owner):
    """A submission that counts and is not yet committed is opened with the others."""
    await over.propose(cast["leeds"])
    who = cast["rival"].actor
    # A deadline a minute ago, and a bid that arrived before it and waited.
    await builder.close(owner, over.tender, ago="-1 hour")
    async with transaction(over.sessions, who) as db:
        await db.execute(
            text("select app.hand_in(b.id, r.id, now(), 'x', null, null, null, null, null, '{}', '{}')"
                 " from bid b join bid_receipt r on r.bid_id = b.id")
        )  # fmt: skip
        await builder.close(owner, over.tender)
        confirming = asyncio.create_task(over.confirm(cast["camden"]))
        await asyncio.sleep(0.3)
        assert not confirming.done()
    assert (await confirming).bids == 1
