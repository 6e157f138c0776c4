"""Invented tenders past their publication: in every state, at times that fit together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from store.db import transaction
from tenders.actions.demonstration_bidders import BIDDERS, NORTHMOOR
from tenders.actions.demonstration_clock import RecordedTimes
from tenders.actions.demonstration_panel import OFFICER, account
from tenders.models import Tender
from tenders.queries import assessments, awards, bids, openings
from tenders.queries import content as content_queries
from tenders.rules import outcomes
from tenders.rules.fingerprints import fingerprint
from tenders.rules.states import TenderState
from tests.databases import TESTER, connected
from values.actors import PUBLIC
from values.refusals import Refused


@pytest.fixture
async def rows(demonstration_world):
    async with connected(demonstration_world.jobs) as jobs, transaction(jobs, TESTER) as db:
        return {row.state: row for row in await db.scalars(select(Tender).order_by(Tender.created_at))}


async def test_there_is_an_invented_tender_in_every_state(rows):
    assert set(rows) == {each.value for each in TenderState}
    assert all(row.demonstration for row in rows.values())


async def test_their_times_fit_together(rows, world_app):
    now = datetime.now(UTC)
    over = [
        row for row in rows.values() if row.state not in ("draft", "in_approval", "approved", "published")
    ]
    async with transaction(world_app, account(OFFICER)) as db:
        for row in over:
            assert row.created_at <= row.published_at < row.tenders_due_at < now or row.state == "terminated"
            assert row.published_at < row.state_changed_at <= now
            content = await content_queries.content(db, row.id)
            assert fingerprint(content) == row.fingerprint
            opening = await openings.confirmed(db, row.id)
            if opening:
                assert row.tenders_due_at < opening.confirmed_at < row.state_changed_at + timedelta(seconds=1)
        page = await awards.page(db, rows["contracts"].id)
        assert page.standstill
        assert all(each.signed_on > page.standstill.ends_on for each in page.contracts)
        assert {each.body_code for each in page.contracts} == {"LDS", "CMD"}
        page = await awards.page(db, rows["standstill"].id)
        assert page.standstill
        assert page.standstill.published_on < now.date() < page.standstill.ends_on
        assert not page.contracts


async def test_receipts_say_the_deadline_and_a_time_before_it(rows, world_app):
    actor = NORTHMOOR.actor
    async with transaction(world_app, actor) as db:
        for state in ("closed", "opened", "standstill", "contracts"):
            bid = await bids.own_bid(db, actor, rows[state].id)
            (receipt,) = await bids.receipts(db, bid.id)
            assert receipt.kind == "submitted"
            assert receipt.at < receipt.due_at == rows[state].tenders_due_at


async def test_winners_come_out_of_the_assessment_and_are_public_with_the_notice(rows, world_app):
    async with transaction(world_app, account(OFFICER)) as db:
        made = await assessments.made(db, rows["contracts"].id)
        assert made
        assert outcomes.fingerprint(made.kept) == made.sha256
    async with transaction(world_app, PUBLIC) as db:
        seen = {state: (await awards.page(db, row.id)).awards for state, row in rows.items()}
    assert {state for state, found in seen.items() if found} == {"standstill", "contracts"}
    assert {each.name for each in BIDDERS} > {seen["contracts"][0].supplier_name}


async def test_times_of_a_tender_that_is_not_invented_are_not_moved(complete, database):
    now = datetime.now(UTC)
    async with connected(database.owner) as owner:
        times = RecordedTimes(owner)
        with pytest.raises(Refused):
            await times.move(complete, now - timedelta(days=9), now - timedelta(hours=1))
        with pytest.raises(Refused):
            async with times.before_deadline(complete):
                pytest.fail("The deadline was moved")
