"""What was opened: damaged bids stop no other, and the panel reads what it is cleared for."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from notifications.tasks import tell
from sourcing.actions import declarations, panels
from sourcing.rules.panels import PanelState
from sourcing.rules.scores import WantedQuestion
from store import sealing
from store.db import transaction
from store.jobs import Work
from tenders.actions.bidding import handing_in, opening, sealed
from tenders.queries import bids as bid_queries
from tenders.queries import openings
from tests import build
from tests.tenders import bidding as builder
from values.actors import Actor, Role
from values.refusals import Refused

SPOILING = {
    "what it says": "update bid_submission set content = content || '\\x00' where receipt_id = $1",
    "its header": "update bid_submission set header = '\\x' where receipt_id = $1",
    "a file": "update bid_chunk c set content = content || '\\x00' from bid_submission_file f"
    " where f.file_id = c.file_id and f.receipt_id = $1",
    "a missing file": "delete from bid_chunk c using bid_submission_file f"
    " where f.file_id = c.file_id and f.receipt_id = $1",
    "the file's header": "update bid_submission_file set header = '\\x01' where receipt_id = $1",
    "its receipt": "update bid_receipt set sha256 = decode(repeat('ab', 32), 'hex') where id = $1",
}


async def suppliers(db, count):
    """People of so many more suppliers."""
    made = [
        await build.person(db, Role.SUPPLIER, organisation_id=await build.organisation(db))
        for _ in range(count)
    ]
    await db.commit()
    return made


async def test_bids_that_were_changed_are_shown_as_such_and_stop_no_other(bidding, cast, db, owner):
    people = await suppliers(db, len(SPOILING) + 1)
    for person in people:
        await bidding.fill(person)
        await bidding.submit(person)
    spoiled = {await bidding.last(person): way for person, way in zip(people[1:], SPOILING, strict=True)}
    for receipt, way in spoiled.items():
        await owner.execute(SPOILING[way], receipt)
    await builder.close(owner, bidding.tender)
    await builder.give_code(owner, cast["leeds"], cast["camden"])
    await bidding.propose(cast["leeds"])
    outcome = await bidding.confirm(cast["camden"])
    assert (outcome.bids, outcome.damaged) == (len(people), len(SPOILING))
    rows = await owner.fetch(
        "select o.whole, o.damage, n.receipt_id, c.content is not null as readable from opened_bid o"
        " join opened_name n on n.opened_id = o.id left join opened_content c on c.opened_id = o.id"
    )
    for row in rows:
        way = spoiled.get(row["receipt_id"])
        assert (row["whole"], row["readable"], row["damage"] == "") == ((way is None,) * 3), way


async def test_an_earlier_submission_put_in_the_place_of_a_later_one_is_noticed_and_its_bidder_told(
    over, cast, owner, sessions_jobs
):
    first = await over.last(cast["rival"])
    await builder.close(owner, over.tender, ago="-1 hour")
    later = (await over.submit(cast["rival"])).receipt.id
    await owner.execute(
        "update bid_submission s set header = e.header, content = e.content from bid_submission e"
        " where s.receipt_id = $1 and e.receipt_id = $2",
        later,
        first,
    )
    await builder.close(owner, over.tender)
    await over.propose(cast["leeds"])
    assert (await over.confirm(cast["camden"])).damaged == 1
    damage = "select app.own_damage(:tender)"
    for who in ("supplier", "outside", "officer"):
        assert await builder.raw(over, who, damage) == [("",)]
    ((said,),) = await builder.raw(over, "rival", damage)
    assert said == "What it says cannot be opened: it was changed after it was handed in."
    resources = {"settings": SimpleNamespace(public_url="https://buy.example.org")}
    await tell(Work(sessions_jobs, Actor(name="clock"), resources=resources))
    told = await owner.fetch("select person_id, text from notice where reason = 'bids'")
    assert [row["person_id"] for row in told] == [cast["rival"].id]
    assert "Your receipt proves what you handed in" in told[0]["text"]
    with pytest.raises(DBAPIError, match="permission denied"):
        await builder.raw(over, "officer", "select * from app.damaged_bidders(:tender)")


NO_BIDS = (
    b"[]",
    b"{}",
    b"not JSON",
    b"\xff",
    b'{"form":1}',
)


async def test_what_bidders_wrote_past_the_service_stops_no_other(over, cast, db, owner):
    """Suppliers who speak SQL seal nonsense to the right key under the right hash."""
    await builder.close(owner, over.tender, ago="-1 hour")
    for person, content in zip(await suppliers(db, len(NO_BIDS)), NO_BIDS, strict=True):
        await over.begin(person)
        await hand_in_raw(over, person.actor, content)
    await builder.close(owner, over.tender)
    await over.propose(cast["leeds"])
    outcome = await over.confirm(cast["camden"])
    assert (outcome.bids, outcome.damaged) == (2 + len(NO_BIDS), len(NO_BIDS))


async def hand_in_raw(bidding, who, content):
    async with transaction(bidding.sessions, who) as db:
        bid = await bid_queries.own_bid(db, who, bidding.tender)
        public = await sealed.public_of(db, bidding.tender, master=build.KEY)
        digest = hashlib.sha256(content).digest()
        place = sealed.submission_place(bidding.tender, bid.id, digest)
        header, ciphertext = sealed.seal(public, place, content)
        envelope = handing_in.Envelope(digest, header, ciphertext, header, ciphertext, [], [])
        await handing_in._recorded(db, who, bid, None, envelope)


async def test_opened_bids_are_numbers_and_nobody_reads_them_before_they_are_cleared(opened, cast, act):
    for who in ("officer", "leeds", "camden", "camden officer"):
        async with transaction(opened.sessions, cast[who].actor) as db:
            (row,) = await openings.opened(db, opened.tender)
            assert (row.number, row.whole, row.cleared, row.name) == (1, True, False, "")
            assert await openings.content(db, row.id) is None
            assert await openings.files(db, row.id) == []
    for who in ("lead", "outside", "rival", "supplier"):
        async with transaction(opened.sessions, cast[who].actor) as db:
            assert await openings.opened(db, opened.tender) == []


async def test_the_panel_reads_what_it_is_cleared_for_under_numbers(opened, cast, act):
    await act("officer", panels.form_panel, opened.tender, chair_id=cast["leeds"].id, assesses=True)
    await act("camden officer", panels.name_member, opened.tender, cast["camden"].id)
    question = WantedQuestion(code="1", title="Ease of use", highest=5, least=None)
    await act("officer", panels.give_questions, opened.tender, [question])
    assert await act("officer", opening.enter_candidates, opened.tender) == 1
    with pytest.raises(Refused, match="entered already"):
        await act("officer", opening.enter_candidates, opened.tender)
    await act("leeds", panels.move, opened.tender, PanelState.SCORING)
    async with transaction(opened.sessions, cast["camden"].actor) as db:
        (row,) = await openings.opened(db, opened.tender)
        assert await openings.content(db, row.id) is None
        await declarations.declare(db, cast["camden"].actor, opened.tender, row.id, conflict=False)
    async with transaction(opened.sessions, cast["camden"].actor) as db:
        (row,) = await openings.opened(db, opened.tender)
        assert (row.cleared, row.name) == (True, "")
        said = await openings.content(db, row.id)
        assert set(said["answers"].values()) == {builder.WORDS}
        (file,) = await openings.files(db, row.id)
        chunks = await bid_queries.chunks(db, file.file_id)
        content = b"".join(sealing.opened_with(file.key, file.context, chunks))
        assert content.decode() == builder.FILE_TEXT
    async with transaction(opened.sessions, cast["leeds"].actor) as db:
        assert await openings.files(db, row.id) == []
        assert await bid_queries.chunks(db, file.file_id) == []
