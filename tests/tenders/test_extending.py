"""A deadline that is moved to later for all."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from store.db import transaction
from tenders.actions import extending
from tenders.queries import bids as bid_queries
from tests.tenders import bidding as builder
from tests.tenders.bidding import raw
from values.refusals import NotAllowed, Refused


async def test_a_deadline_is_moved_to_later_for_all_by_the_lead_with_a_reason(bidding, cast, act, owner):
    due = await owner.fetchval("select tenders_due_at from tender where id = $1", bidding.tender)
    later = due.replace(year=due.year + 1)
    with pytest.raises(NotAllowed):
        await act("camden officer", extending.extend, bidding.tender, until=later, reason="Outage")
    with pytest.raises(Refused, match="later only"):
        await act("officer", extending.extend, bidding.tender, until=due, reason="Outage")
    with pytest.raises(Refused, match="Say why"):
        await act("officer", extending.extend, bidding.tender, until=later, reason=" ")
    for who in ("camden officer", "supplier", "lead", "leeds"):
        with pytest.raises(DBAPIError, match="only the lead moves a deadline"):
            await raw(bidding, who, "select app.extend_deadline(:tender, :until, 'x', 'x')", until=later)
    await act("officer", extending.extend, bidding.tender, until=later, reason="Outage")
    assert await owner.fetchval("select tenders_due_at from tender where id = $1", bidding.tender) == later
    async with transaction(bidding.sessions, cast["rival"].actor) as db:
        (row,) = await bid_queries.extensions(db, bidding.tender)
    assert (row.due_before, row.due_at, row.reason) == (due, later, "Outage")
    with pytest.raises(DBAPIError, match="cannot be changed"):
        await raw(bidding, "officer", "update tender set tenders_due_at = now() where id = :tender")


async def test_after_an_outage_a_deadline_that_has_passed_is_moved_and_bids_come_in_again(
    over, cast, act, owner
):
    assert (await over.submit(cast["rival"])).receipt.kind == "late"
    now = await owner.fetchval("select clock_timestamp() + interval '1 day'")
    await act("officer", extending.extend, over.tender, until=now, reason="The service was down")
    assert (await over.submit(cast["rival"])).receipt.kind == "submitted"
    await builder.close(owner, over.tender)
    await over.propose(cast["leeds"])
    with pytest.raises(Refused, match="until opening is proposed"):
        await act("officer", extending.extend, over.tender, until=now, reason="The service was down")


async def test_the_guards_are_not_for_the_application_to_turn_off(database):
    from store.migrations import plain  # noqa: PLC0415

    connection = await asyncpg.connect(plain(database.app))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("set session_replication_role = replica")
    await connection.close()
