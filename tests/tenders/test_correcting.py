"""A published tender is corrected: by the lead, with every buyer, with the notice first, for all to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from notifications.queries import tenders as told_queries
from ocds.queries import events
from ocds.queries import processes as process_queries
from ocds.queries.events import Wanted
from ocds.rules.releases import releases
from sourcing.actions import following
from store import audit, files
from store.db import transaction
from tenders.actions import documents, extending
from tenders.actions.correcting import deciding, drafting, publishing
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.queries import documents as document_queries
from tenders.queries import tenders
from tenders.rules.correcting import places
from tests.ocds import schemas
from tests.ocds.made import PUBLISHER
from tests.tenders import bidding as builder
from tests.tenders import made
from values.actors import PUBLIC
from values.refusals import Missing, NotAllowed, Refused

DOCUMENT = "The draft contract, first version"


@pytest.fixture
async def bids(complete, cast, act, sessions_app, tmp_path):
    """A published tender with a document that takes bids; one is in."""
    path = tmp_path / "contract.txt"
    path.write_text(DOCUMENT)
    await act(
        "officer", documents.add, complete, title="Contract", name="contract.txt", kind="text", path=path
    )
    await made.approve_all(sessions_app, cast, complete)
    bidding = await builder.prepare(sessions_app, cast, complete, tmp_path)
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    return bidding


@pytest.fixture
def public(sessions_app):
    async def reading(query, *args, **more):
        async with transaction(sessions_app, PUBLIC) as db:
            return await query(db, *args, **more)

    return reading


async def released(db, tender_id):
    (process,) = await process_queries.processes(db, [tender_id])
    return releases(PUBLISHER, process)


async def approve(act, sessions, cast, tender_id, who):
    async with transaction(sessions, cast[who].actor) as db:
        row = await queries.correction(db, tender_id, 1)
        return await deciding.approve(db, cast[who].actor, tender_id, 1, seen=row.fingerprint or b"")


async def test_a_correction_goes_from_its_reason_to_the_public_and_what_was_said_stays_readable(
    bids, cast, act, public, owner, sessions_app, sessions_jobs, tmp_path
):
    tender = bids.tender
    await act("supplier", following.follow, tender)
    earlier = await public(released, tender)
    before = await public(content_queries.content, tender)
    for who in ("camden officer", "leeds", "supplier"):
        with pytest.raises(NotAllowed):
            await act(who, drafting.begin, tender, reason="A slip")
    with pytest.raises(Refused, match="Say why"):
        await act("officer", drafting.begin, tender, reason=" ")
    assert await act("officer", drafting.begin, tender, reason="Two slips of the pen") == 1
    with pytest.raises(Refused, match="Another correction is open"):
        await act("officer", drafting.begin, tender, reason="More")
    with pytest.raises(Refused, match="Nothing is corrected"):
        await act("officer", deciding.submit, tender, 1)

    path = tmp_path / "second.txt"
    path.write_text("The draft contract, second version")
    change = (drafting.change, tender, 1)
    await act("officer", *change, "lot", 1, "gross_pence", to="240000000")
    await act("officer", *change, "requirement", 1, "text", to="Works offline for a day")
    await act("officer", *change, "criterion", 1, "description", to="How fast staff do six tasks")
    await act("officer", *change, "tender", 1, "risks", to="Others")
    await act("officer", drafting.take_out, tender, 1, "tender", 1, "risks")
    await act("officer", drafting.change_file, tender, 1, 1, name="contract.txt", kind="text", path=path)
    due = (await public(tenders.tender_row, tender)).tenders_due_at
    later = due + timedelta(days=7)
    with pytest.raises(Refused, match="to later only"):
        await act("officer", drafting.describe, tender, 1, reason="x", until=due, enough="")
    await act("officer", drafting.describe, tender, 1, reason="Two slips", until=later, enough="")

    await act("officer", deciding.submit, tender, 1)
    with pytest.raises(Refused, match="that step is not open"):
        await act("officer", *change, "tender", 1, "risks", to="Others")
    with pytest.raises(Refused, match="changed since"):
        await act("leeds", deciding.approve, tender, 1, seen=b"0" * 32)
    await act("camden", deciding.refuse, tender, 1, reason="Say it in words")
    await act("officer", deciding.submit, tender, 1)
    assert not await approve(act, sessions_app, cast, tender, "leeds")
    with pytest.raises(Refused, match="approved this tender for your council already"):
        await approve(act, sessions_app, cast, tender, "leeds")
    assert not await approve(act, sessions_app, cast, tender, "camden")
    with pytest.raises(Refused, match="not open"):
        await act("officer", publishing.prepare, tender, 1)
    assert await approve(act, sessions_app, cast, tender, "salford")

    # Nobody outside sees any of it, and the tender says what it said.
    assert await public(queries.corrections, tender) == []
    with pytest.raises(Missing):
        await public(queries.correction, tender, 1)
    assert await public(content_queries.content, tender) == before
    now = datetime.now(UTC)
    with pytest.raises(Refused, match="Prepare the notice first"):
        await act("officer", publishing.confirm, tender, 1, reference="1", published_at=now)
    await act("officer", publishing.prepare, tender, 1)
    await act(
        "officer", publishing.confirm, tender, 1, reference="022345-2026", published_at=datetime.now(UTC)
    )

    (row,) = await public(queries.published, tender)
    after = await public(content_queries.content, tender)
    assert (after.lots[0].gross_pence, after.dates.tenders_due_at) == (240_000_000, later)
    assert after.requirements[0].text == "Works offline for a day"
    assert (after.risks, after.documents[0].version) == (before.risks, 2)
    changes = await public(queries.changes, row.id)
    assert [each.place for each in changes] == ["lot", "requirement", "criterion", "document"]
    undone = places.undone(after, changes)
    assert undone.lots == before.lots
    assert (undone.criteria, undone.documents) == (before.criteria, before.documents)
    said = {each["name"]: each["value"] for each in row.fields}
    assert "Before: Works offline. Now: Works offline for a day" in said["What changes"]
    assert (said["Reference of the notice that changes"], said["Why it changes"]) == (
        "012345-2026",
        "Two slips",
    )

    # The first version can still be read, and what was handed in counts until its bidder replaces it.
    (document,) = await public(document_queries.current, tender)
    first = (await public(document_queries.versions, tender, document.id))[-1]
    assert await public(files.read, first.sha256) == DOCUMENT.encode()
    assert await owner.fetchval("select count(*) from bid_submission") == 1
    assert (await bids.submit(cast["supplier"])).receipt.kind == "submitted"

    now_released = await public(released, tender)
    assert [each.body for each in now_released[:1]] == [each.body for each in earlier]
    assert [each.name for each in now_released] == ["UK4", "deadline-1", "correction-1"]
    listed = await public(events.events, Wanted(tender_id=tender), limit=100)
    assert {(each.at, each.name) for each in listed} == {(each.at, each.name) for each in now_released}
    last = now_released[-1].body
    assert schemas.errors(last) == []
    assert last["tag"] == ["tenderAmendment"]
    assert last["tender"]["amendments"][-1]["rationale"] == "Two slips"

    async with transaction(sessions_jobs, PUBLIC) as db:
        await audit.seal(db)
        found = await told_queries.followed(db, 0, 2**40)
    hear = {each.action: each.people for each in found}
    assert hear["tender.corrected"] == (cast["supplier"].id,)


async def test_the_database_lets_nobody_pass_the_buyers_or_leave_a_correction_half_published(
    bids, cast, act, sessions_app, owner
):
    tender = bids.tender
    await act("officer", drafting.begin, tender, reason="A slip")
    await act("officer", drafting.change, tender, 1, "tender", 1, "risks", to="Others")

    async def raw(who, sql):
        async with transaction(sessions_app, cast[who].actor) as db:
            done: Any = await db.execute(text(sql))
            return done.rowcount

    step = "update tender_correction set state = 'publishing', reference = 'x', published_at = now()"
    for who in ("officer", "camden officer", "leeds"):
        with pytest.raises(DBAPIError):
            await raw(who, step)
    for who in ("supplier", "outside", "lead"):
        assert await raw(who, step) == 0
    for who in ("camden officer", "leeds", "supplier", "lead"):
        assert await raw(who, "delete from tender_correction_change") == 0
    for sql in (
        "update tender set title = 'x'",
        "update tender_correction set state = 'approved'",
        "update tender_correction set state = 'published', recorded_at = now()",
    ):
        with pytest.raises(DBAPIError):
            await raw("officer", sql)
    assert await raw("officer", "update tender_lot set title = 'x'") == 0
    await act("officer", deciding.submit, tender, 1)
    with pytest.raises(DBAPIError, match="not every buyer"):
        await raw("camden", "update tender_correction set state = 'approved'")
    with pytest.raises(DBAPIError, match="stays as it is"):
        await raw("officer", "update tender_correction set reason = 'Other'")
    for who in ("leeds", "camden", "salford"):
        await approve(act, sessions_app, cast, tender, who)
    with pytest.raises(DBAPIError, match="whole or not at all"):
        await raw("officer", step)
    due = await owner.fetchval("select tenders_due_at from tender where id = $1", tender)
    await act("officer", publishing.prepare, tender, 1)
    await act("officer", extending.extend, tender, until=due + timedelta(days=1), reason="An outage")
    with pytest.raises(Refused, match="something else than the buyers approved"):
        await act("officer", publishing.confirm, tender, 1, reference="1", published_at=datetime.now(UTC))
    await act("officer", drafting.withdraw, tender, 1, reason="Too late for it")
    with pytest.raises(DBAPIError, match="over stays as it is"):
        await raw("officer", "update tender_correction set state = 'draft'")


async def test_a_tender_from_before_a_field_says_it_with_its_first_correction(published, act, owner, read):
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update tender set treaties = '{}' where id = $1", published)
    await owner.execute("set session_replication_role = origin")
    await act("officer", drafting.begin, published, reason="A slip")
    change = (published, 1, "tender", 1)
    await act("officer", drafting.change, *change, "risks", to="Councils may be merged, and branches close")
    with pytest.raises(Refused, match="The notice lacks: International agreements"):
        await act("officer", deciding.submit, published, 1)
    await act("officer", drafting.change, *change, "treaties", to="gpa cptpp")
    await act("officer", deciding.submit, published, 1)
    (_, made_now) = await read(queries.changes, (await read(queries.correction, published, 1)).id)
    assert (made_now.before, made_now.after) == ("", "gpa cptpp")
