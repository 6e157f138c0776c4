"""From an assessment to contracts: approvals, summaries at once, standstill, challenge, signature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from notifications.actions import telling
from sourcing.rules.counting import standstill_ends
from sourcing.rules.law import law
from store.db import transaction
from tenders.actions import assessing, awarding, notices
from tenders.actions.contracts import signing
from tenders.forms.contracts import SignedForm
from tenders.forms.deciding import ApproveForm
from tenders.models import AwardApproval, TenderContract
from tenders.queries import assessments, awards
from tenders.rules.notices import Code
from tests.tenders import bidding as builder
from tests.tenders.assessing import REASON
from tests.tenders.test_assessing import conditions
from tests.tenders.test_routes import as_, fresh
from values.actors import Actor
from values.refusals import Refused
from values.years import london_today


@pytest.fixture
async def assessed(bench):
    await bench.settle(points={1: 5, 2: 3})
    await conditions(bench, 1, 2)
    await bench.act("officer", assessing.assess)
    return bench


async def approve(bench, *people):
    seen = (await bench.read(assessments.made)).sha256
    for who in people:
        await bench.act(who, awarding.approve, seen=seen)


async def award(bench):
    await bench.act("officer", awarding.decide, reason="As it was computed")
    await approve(bench, "leeds", "camden", "salford")
    await bench.act("officer", awarding.conclude)


async def notice(bench):
    notice_id = await bench.act("officer", notices.prepare, Code.AWARD)
    await bench.act(
        "officer", notices.confirm, notice_id, reference="054321-2026", published_at=datetime.now(UTC)
    )


async def test_every_buyer_approves_before_anything_is_awarded(assessed, owner):
    await assessed.act("officer", awarding.decide, reason="As it was computed")
    await approve(assessed, "leeds", "camden")
    with pytest.raises(Refused, match="Not approved yet by: Salford"):
        await assessed.act("officer", awarding.conclude)
    with pytest.raises(DBAPIError, match="not every buyer has approved"):
        await builder.raw(assessed.bidding, "officer", "update tender set state = 'awarded' returning 1")
    await approve(assessed, "salford")
    await assessed.act("officer", awarding.conclude)
    assert await builder.state(owner, assessed.bidding) == "awarded"


async def test_each_bidder_reads_its_own_summary_and_no_other_all_from_one_moment(
    assessed, cast, owner, sessions_jobs
):
    await award(assessed)
    everything = "select content::text, organisation_id, released_at from assessment_summary"
    for who in ("supplier", "rival"):
        assert await builder.raw(assessed.bidding, who, everything) == []
    with pytest.raises(Refused, match="Tell all bidders first"):
        await assessed.act("officer", notices.prepare, Code.AWARD)
    await assessed.act("officer", awarding.release)
    (winner,) = (await assessed.read(awards.page)).awards
    moments = set()
    for who in ("supplier", "rival"):
        ((content, organisation_id, released_at),) = await builder.raw(assessed.bidding, who, everything)
        moments.add(released_at)
        assert organisation_id == cast[who].organisation_id
        assert winner.supplier_name in content
        assert REASON in content
        assert ('"winning": []' in content) == (organisation_id == winner.organisation_id)
    assert len(moments) == 1
    for who in ("outside", "lead"):
        assert await builder.raw(assessed.bidding, who, everything) == []
    told = "select person_id from notice where reason = 'bids'"
    assert await owner.fetch(told) == []
    async with transaction(sessions_jobs, Actor()) as db:
        while await telling.tell_next(db, address="https://buy.example.org", now=datetime.now(UTC)):
            pass
    assert {row[0] for row in await owner.fetch(told)} == {cast["supplier"].id, cast["rival"].id}
    async with transaction(sessions_jobs, Actor()) as db:
        with pytest.raises(DBAPIError, match="permission denied"):
            await db.execute(text("select content from assessment_summary"))


TABLES = ("tender_award", "award_approval", "tender_standstill", "tender_challenge", "tender_contract")


async def test_who_won_is_public_once_the_platform_has_the_notice_and_nothing_is_signed_early(
    assessed, cast, owner
):
    await award(assessed)
    await assessed.act("officer", awarding.release)
    for who in ("rival", "outside"):
        assert await builder.raw(assessed.bidding, who, "select 1 from tender_award") == []
    await notice(assessed)
    assert await builder.state(owner, assessed.bidding) == "standstill"
    page = await assessed.read(awards.page)
    assert page.standstill.ends_on == standstill_ends(london_today(), 8, law().holidays)
    for table in TABLES:
        seen = await builder.raw(assessed.bidding, "rival", f"select 1 from {table}")
        assert bool(seen) == (table in ("tender_award", "tender_standstill")), table
    lot = page.awards[0].lot_id
    today = london_today()
    with pytest.raises(Refused, match="Standstill runs"):
        await assessed.act("officer", signing.sign, lot, reference="C1", signed_on=today)
    await assessed.act("officer", awarding.record_challenge, words="Claim issued", notified_on=today)
    past = {"published_on": today - timedelta(days=20), "ends_on": today - timedelta(days=5)}
    await owner.execute(
        "update tender_standstill set published_on = $1, ends_on = $2", past["published_on"], past["ends_on"]
    )
    with pytest.raises(Refused, match="A challenge is open"):
        await assessed.act("officer", signing.sign, lot, reference="C1", signed_on=today)
    with pytest.raises(DBAPIError, match="nothing can be signed"):
        await builder.raw(assessed.bidding, "officer", "update tender set state = 'contracts' returning 1")
    await assessed.act("officer", awarding.end_challenge, reason="It was withdrawn")
    await assessed.act("officer", signing.sign, lot, reference="C1", signed_on=today)
    assert await builder.state(owner, assessed.bidding) == "contracts"
    (contract,) = (await assessed.read(awards.page)).contracts
    assert contract.details_due_on == today + timedelta(days=29)


async def test_an_award_is_walked_on_pages_and_each_bidder_reads_how_it_was_assessed(
    client, assessed, cast, owner
):
    place = f"/tenders/{assessed.tender}/awarded"
    await as_(client, owner, cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/decide", reason="As it was computed")
    assert client.status == 303, client.errors()
    for who in ("leeds", "camden", "salford"):
        await as_(client, owner, cast[who])
        await fresh(owner, cast[who])
        await client.open(place)
        await client.submit(f"{place}/approve", code=cast[who].code())
        assert client.status == 303, client.errors()
    await as_(client, owner, cast["officer"])
    for step in ("conclude", "release"):
        await client.open(place)
        await client.submit(f"{place}/{step}")
        assert client.status == 303, client.errors()
    for who in ("supplier", "rival"):
        await as_(client, owner, cast[who])
        await client.open(place)
        assert "How your bid was assessed" in client.text
        assert REASON in client.text
    await notice(assessed)
    await client.post("/sign-out")
    await client.open(place)
    (winner,) = (await assessed.read(awards.page)).awards
    assert winner.supplier_name in client.text
    assert "How your bid" not in client.text
    await as_(client, owner, cast["officer"])
    await client.open(place)
    assert "Record a challenge" in client.text


WRITES = (
    (
        "insert into tender_award (tender_id, lot_id, opened_id, organisation_id, supplier_name, sha256,"
        " reason, decided_by) select :tender, l.id, gen_random_uuid(), gen_random_uuid(), 'x',"
        " decode(repeat('ab', 32), 'hex'), 'x', 'x' from tender_lot l where l.tender_id = :tender returning 1"
    ),
    (
        "insert into award_approval (tender_id, body_code, sha256, person_id, person_name)"
        " values (:tender, 'SLF', decode(repeat('ab', 32), 'hex'), gen_random_uuid(), 'x') returning 1"
    ),
    (
        "insert into assessment_summary (opened_id, tender_id, organisation_id, content)"
        " values (gen_random_uuid(), :tender, gen_random_uuid(), '{}') returning 1"
    ),
    (
        "insert into tender_standstill (tender_id, published_on, working_days, ends_on, holidays_as_of)"
        " values (:tender, '2026-01-01', 8, '2026-01-15', '2026-01-01') returning 1"
    ),
    (
        "insert into tender_challenge (id, tender_id, words, notified_on, recorded_by)"
        " values (gen_random_uuid(), :tender, 'x', '2026-01-01', 'x') returning 1"
    ),
    (
        "insert into tender_contract (tender_id, lot_id, body_code, reference, signed_on, recorded_by)"
        " select :tender, l.id, 'LDS', 'x', '2026-01-01', 'x' from tender_lot l where l.tender_id = :tender"
        " returning 1"
    ),
)


async def test_nobody_writes_an_award_past_the_rules(assessed):
    for sql in WRITES:
        for who in ("officer", "camden officer", "salford", "rival", "outside", "lead"):
            with pytest.raises(DBAPIError, match="row-level security"):
                await builder.raw(assessed.bidding, who, sql)


@pytest.mark.parametrize(("form", "table"), [(ApproveForm, AwardApproval), (SignedForm, TenderContract)])
def test_what_two_people_do_at_the_same_moment_is_said_by_the_name_of_a_constraint(form, table):
    assert set(form.taken) <= {each.name for each in table.__table__.constraints}
