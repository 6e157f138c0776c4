"""From agreed marks and opened prices to the best bid: looked at, computed, kept; who reads it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from sourcing.actions import declarations, panels
from sourcing.queries import panels as panel_queries
from sourcing.rules.panels import Decision, PanelState
from tenders.actions import assessing as actions
from tenders.queries import assessments as queries
from tenders.rules import outcomes
from tenders.rules.checks import CheckKind, Step
from tests.tenders import bidding as builder
from tests.tenders.assessing import REASON, Bench
from tests.tenders.test_routes import as_
from values.refusals import NotAllowed, Refused


async def check(bench, number, kind, step, criterion=None, who="officer"):
    await bench.act(
        who, actions.record_check, number, kind=kind, criterion_id=criterion, step=step, reason=REASON
    )


async def conditions(bench, *numbers):
    page = await bench.read(queries.page)
    for number in numbers:
        for each in page.asked.conditions:
            await check(bench, number, CheckKind.CONDITION, Step.PASSES, UUID(each.id))


async def test_the_best_is_computed_from_marks_and_prices(bench, owner):
    await bench.settle(points={1: 4, 2: 3})
    with pytest.raises(Refused, match="still to be decided: 2"):
        await bench.act("officer", actions.assess)
    await conditions(bench, 1, 2)
    page = await bench.read(queries.page)
    (lot,) = page.lots
    # Both ask the same, so that all of 40 points for price go to each: 4/5 of 60 and 3/5 of 60 beside it.
    assert [(x.tender, str(x.total)) for x in lot.outcome.standings] == [("1", "88.00"), ("2", "76.00")]
    # 735,198.46 and 1.50 for each loan, at 1,000, 2,000 and 3,000 of them.
    fixed = builder.PENCE
    assert lot.prices["1"] == (fixed + 150_000, fixed + 300_000, fixed + 450_000)
    with pytest.raises(NotAllowed):
        await bench.act("camden officer", actions.assess)
    digest = await bench.act("officer", actions.assess)
    made = (await bench.read(queries.page, "camden")).made
    assert made.sha256 == digest == outcomes.fingerprint(made.kept)
    assert made.kept["lots"][0]["best"] == ["1"]
    assert await builder.state(owner, bench.bidding) == "assessed"
    with pytest.raises(Refused, match="it stands"):
        await bench.act("leeds", panels.move, PanelState.MODERATING, reason="Once more")
    reopen = (
        "update panel set state = 'moderating', state_reason = 'x' where subject_id = :tender returning 1"
    )
    release = (
        "update panel_member set released_at = statement_timestamp(), released_reason = 'x'"
        " where subject_id = :tender and person_id <> app.person() returning 1"
    )
    for sql in (reopen, release):
        with pytest.raises(DBAPIError, match="was acted on"):
            await builder.raw(bench.bidding, "leeds", sql)


class Conflicted(Bench):
    """The lead's officer is on the panel too, and is barred from the first bid."""

    async def form(self):
        await super().form()
        await self.act("officer", panels.name_member, self.cast["officer"].id, assesses=False)

    async def declare(self):
        await super().declare()
        first, second = await self.read(panel_queries.candidates)
        declare = declarations.declare
        await self.act("officer", declare, second.id, conflict=False)
        declared = await self.act("officer", declare, first.id, conflict=True, nature="My sister works there")
        await self.act("leeds", declarations.decide, declared, Decision.MAY_NOT, reason="Too close")


async def test_who_is_barred_from_a_bid_neither_reads_how_it_did_nor_assesses(bench, owner):
    bench = Conflicted(bench.bidding)
    await bench.settle(lift=False)
    page = await bench.read(queries.page, "officer")
    assert (page.hidden, page.lots) == (1, ())
    assert len((await bench.read(queries.page)).lots) == 1
    with pytest.raises(Refused, match="One bid is hidden from you"):
        await bench.act("officer", actions.assess)
    with pytest.raises(NotAllowed, match="a conflict with this bid"):
        await check(bench, 1, CheckKind.LOW_PRICE, Step.ASKED)
    await check(bench, 2, CheckKind.LOW_PRICE, Step.ASKED)
    kept = (
        "insert into tender_assessment (tender_id, kept, sha256, person_name)"
        " values (:tender, '{}', decode(repeat('ab', 32), 'hex'), 'x')"
    )
    looked = (
        "insert into bid_check (id, tender_id, opened_id, kind, step, reason, person_id, person_name)"
        " select gen_random_uuid(), tender_id, id, 'low-price', 'asked', 'x', app.person(), 'x'"
        " from opened_bid where tender_id = :tender and number = 1"
    )
    for sql in (kept, looked):
        with pytest.raises(DBAPIError, match="row-level security"):
            await builder.raw(bench.bidding, "officer", sql)
    for who, numbers in {"officer": [2], "leeds": [1, 2]}.items():
        rows = await builder.raw(bench.bidding, who, SQL[2])
        assert sorted(row[0] for row in rows) == numbers, who
    # Once the assessment is made, all of it is read.
    await owner.execute(kept.replace(":tender", "$1"), bench.tender)
    assert (await bench.read(queries.page, "officer")).hidden == 0


async def test_a_low_price_is_asked_about_before_it_is_disregarded(bench):
    await bench.settle(points={1: 5})
    await conditions(bench, 1, 2)
    with pytest.raises(Refused, match="First ask the supplier to explain"):
        await check(bench, 1, CheckKind.LOW_PRICE, Step.DISREGARDED)
    await check(bench, 1, CheckKind.LOW_PRICE, Step.ASKED)
    with pytest.raises(Refused, match="still to be decided: 1"):
        await bench.act("officer", actions.assess)
    await check(bench, 1, CheckKind.LOW_PRICE, Step.ANSWERED)
    await check(bench, 1, CheckKind.LOW_PRICE, Step.DISREGARDED)
    await bench.act("officer", actions.assess)
    page = await bench.read(queries.page)
    assert page.made.kept["lots"][0]["best"] == ["2"]
    assert page.made.kept["disregarded"]["1"].startswith("Abnormally low price")


SQL = (
    "select id from bid_check",
    "select tender_id from tender_assessment",
    "select number from app.settled_bids(:tender)",
)


async def test_only_the_buyers_read_checks_assessment_and_prices(bench):
    await bench.settle()
    await conditions(bench, 1, 2)
    await bench.act("officer", actions.assess)
    for sql in SQL:
        for who in ("officer", "leeds", "camden", "salford"):
            assert await builder.raw(bench.bidding, who, sql), (who, sql)
        for who in ("supplier", "rival", "outside", "lead"):
            assert await builder.raw(bench.bidding, who, sql) == [], (who, sql)


async def test_prices_are_for_nobody_before_the_panel_settles(bench):
    await bench.score_alone()
    for who in ("officer", "leeds", "camden"):
        assert await builder.raw(bench.bidding, who, SQL[2]) == []


async def test_nobody_writes_an_assessment_past_the_rules(bench):
    write = (
        "insert into tender_assessment (tender_id, kept, sha256, person_name)"
        " values (:tender, '{}', decode(repeat('ab', 32), 'hex'), 'x') returning 1"
    )
    await bench.score_alone()
    for who in ("officer", "camden officer", "rival"):
        with pytest.raises(DBAPIError, match="row-level security"):
            await builder.raw(bench.bidding, who, write)
    with pytest.raises(DBAPIError, match="nothing was assessed"):
        await builder.raw(bench.bidding, "officer", "update tender set state = 'assessed' returning 1")


async def test_it_is_walked_on_pages(client, bench, cast, owner):
    place = f"/tenders/{bench.tender}/assessment"
    await as_(client, owner, cast["officer"])
    await client.open(place)
    assert "no panel" in client.text
    await bench.settle(points={1: 2})
    numbers = [each.number for each in await bench.read(panel_queries.candidates)]
    page = await bench.read(queries.page)
    for number in numbers:
        about = page.asked.conditions[0].id
        await client.submit_after(f"{place}/bids/{number}", about=about, step="kept", reason=REASON)
        assert client.status == 422
        await client.submit(f"{place}/bids/{number}", about=about, step="passes", reason=REASON)
        assert client.status == 303, client.errors()
    await client.open(place)
    assert "<strong>bid 2</strong>" in client.text
    await client.submit(place)
    assert client.status == 303, client.errors()
    await client.open(f"{place}.csv")
    assert client.text.count("\n") == 5
    await as_(client, owner, cast["rival"])
    assert (await client.open(place)).status_code == 404
