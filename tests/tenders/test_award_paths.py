"""A tie, a draw, a withheld text, a limit, and an award below the threshold: one tender walks through all."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from sourcing.rules.timetables.asked import Asked, Procedure
from tenders.actions import awarding, drawing, notices, overriding, withholding
from tenders.actions.contracts import noticing
from tenders.queries import approvals, assessments, awards, ties
from tenders.queries import contracts as contract_queries
from tenders.rules.notices import Code
from tenders.rules.ties import drawn_from
from tenders.rules.withholding import Ground
from tests.tenders import bidding as builder
from tests.tenders import signed
from tests.tenders.assessing import REASON
from tests.tenders.test_routes import as_, fresh
from values.refusals import Refused


async def set_past(owner, tender, column, value):
    """Set what only a superuser who turns the guards off can, once a tender is published."""
    await owner.execute("set session_replication_role = replica")
    await owner.execute(f"update tender set {column} = $2 where id = $1", tender, value)
    await owner.execute("set session_replication_role = origin")


@pytest.fixture
async def equal(bench, owner):
    """Two bids with the same prices and marks: no rule can tell them apart."""
    await signed.assess(bench, {1: 4, 2: 4})
    return bench


async def draw(bench, client, owner, cast):
    """Draw the lot: proposed by Leeds, confirmed by Camden on the page."""
    (tie,) = (await bench.read(ties.settled)).open
    lot = UUID(tie.lot)
    with pytest.raises(Refused, match="Draw a lot between them"):
        await bench.act("officer", awarding.decide, reason="As it was computed")
    with pytest.raises(Refused, match="no draw to confirm"):
        await bench.act("camden", drawing.confirm, lot)
    await bench.act("officer", drawing.propose, lot)
    for who in ("officer", "leeds"):
        with pytest.raises(Refused, match="A second person"):
            await bench.act(who, drawing.confirm, lot)
        with pytest.raises(DBAPIError, match="a second person of another buyer"):
            await builder.raw(bench.bidding, who, f"select app.draw_lot(:tender, '{lot}', 'x')")
    for who in ("rival", "outside", "lead"):
        with pytest.raises(DBAPIError, match="a buyer confirms"):
            await builder.raw(bench.bidding, who, f"select app.draw_lot(:tender, '{lot}', 'x')")
        assert await builder.raw(bench.bidding, who, "select 1 from tie_draw") == []
    place = f"/tenders/{bench.tender}/awarded/draw/{lot}"
    await as_(client, owner, cast["camden officer"])
    await client.open(place)
    await client.submit(f"{place}/confirm")
    assert client.status == 303, client.errors()
    await client.open(place)
    assert "was drawn" in client.text
    found = await bench.read(ties.settled)
    kept = found.draws[tie.lot]
    assert kept.drawn == drawn_from(kept.candidates, kept.seed, kept.sha256) == found.winners[tie.lot]
    return found.winners[tie.lot]


async def test_equals_are_drawn_approved_within_limits_told_with_care_and_signed_below_the_threshold(
    client, equal, cast, owner
):
    drawn = await draw(equal, client, owner, cast)
    await equal.act("officer", awarding.decide, reason="As it was drawn")
    seen = (await equal.read(assessments.made)).sha256

    # A code is not used up by an approval that cannot hold.
    limit = "update approver_authority set limit_pence = $2 where person_id = $1"
    await owner.execute(limit, cast["leeds"].id, 1)
    place = f"/tenders/{equal.tender}/awarded"
    await as_(client, owner, cast["leeds"])
    await fresh(owner, cast["leeds"])
    code = cast["leeds"].code()
    await client.open(place)
    await client.submit(f"{place}/approve", code=code)
    assert client.status == 422
    assert "an approver with a higher limit" in client.text
    await owner.execute(limit, cast["leeds"].id, 200_000_000)
    await client.open(place)
    await client.submit(f"{place}/approve", code=code)
    assert client.status == 303, client.errors()
    for who in ("camden", "salford"):
        await equal.act(who, awarding.approve, seen=seen)
    await equal.act("officer", awarding.conclude)

    lot = (await equal.read(awards.page)).summaries[0].content["lots"][0]["lot"]
    said = {"lot": lot, "criterion": "Ease of use", "ground": Ground.COMMERCIAL, "reason": "Its method"}
    await equal.act("officer", withholding.withhold, **said)
    with pytest.raises(Refused, match="withheld already"):
        await equal.act("officer", withholding.withhold, **said)
    await equal.act("officer", awarding.release)
    with pytest.raises(Refused, match="before all bidders are told"):
        await equal.act("officer", withholding.withhold, **said)
    told = {
        each.content["number"]: each.content["lots"][0] for each in (await equal.read(awards.page)).summaries
    }
    loser = next(number for number in told if number != drawn)
    assert told[drawn]["won"]
    assert [score["reason"] for score in told[drawn]["own"]].count(REASON) == 1
    assert "section 94(2)" in told[loser]["winning"][0]["reason"]
    assert [score["reason"] for score in told[loser]["own"]].count(REASON) == 1
    for who in ("supplier", "rival", "outside"):
        assert await builder.raw(equal.bidding, who, "select 1 from summary_withheld") == []

    with pytest.raises(Refused, match="standstill after it"):
        await signed.sign(equal)
    await set_past(owner, equal.tender, "procedure", "below-threshold")
    with pytest.raises(Refused, match="no contract award notice is owed"):
        await equal.act("officer", notices.prepare, Code.AWARD)
    contract = await signed.sign(equal)
    assert await builder.state(owner, equal.bidding) == "contracts"
    assert await builder.raw(equal.bidding, "rival", "select 1 from tender_award") == []
    notice_id = await equal.act("officer", noticing.prepare, contract, "UK7", contract)
    life = (await equal.read(contract_queries.of_tender))[0]
    assert life.facts.details_due_on is None
    await owner.execute("update contract_notice set prepared_at = now() - interval '1 hour'")
    at = await owner.fetchval("select now()")
    await equal.act(
        "officer", noticing.confirm, contract, notice_id, reference="070001-2026", published_at=at
    )
    assert len(await builder.raw(equal.bidding, "rival", "select 1 from tender_award")) == 1


async def test_a_day_in_place_of_the_tables_ends_approvals(approved, cast, act, read):
    assert len([each for each in await read(approvals.approvals, approved) if each.stands]) == 3
    asked = Asked(procedure=Procedure.OPEN, publish=date(2026, 12, 1))
    said = {"code": "tenders-due", "value": date(2027, 2, 1), "reason": "Christmas"}
    await act("officer", overriding.set_day, approved, asked, **said)
    assert [each for each in await read(approvals.approvals, approved) if each.stands] == []
