"""A pool with its people, a complete tender of it, and ways to act and read as somebody."""

from __future__ import annotations

import pytest

from store.db import transaction
from tests.tenders import bidding as bidding_builder
from tests.tenders import signed
from tests.tenders.assessing import Bench
from tests.tenders.people import act, approved, beginning, cast, complete, published

__all__ = ["act", "approved", "beginning", "cast", "complete", "published"]


@pytest.fixture
def read(cast, sessions_app):
    async def reading(query, *args, who="officer"):
        async with transaction(sessions_app, cast[who].actor) as db:
            return await query(db, *args)

    return reading


@pytest.fixture
def bidding(database, cast, sessions_app, tmp_path):
    """A published tender that takes bids; `cast["supplier"]` and `cast["rival"]` are of two suppliers."""
    return bidding_builder.Bidding(sessions_app, cast, database.begun["bidding"], tmp_path)


@pytest.fixture
async def opened(bidding, cast, owner):
    """The same, with one bid of the supplier, opened by an approver of Leeds and one of Camden."""
    await bidding.fill(cast["supplier"])
    await bidding.submit(cast["supplier"])
    await bidding_builder.close(owner, bidding.tender)
    await bidding_builder.give_code(owner, cast["leeds"], cast["camden"])
    await bidding.propose(cast["leeds"])
    await bidding.confirm(cast["camden"])
    return bidding


@pytest.fixture
async def over(bidding, cast, owner):
    """Two bids, and the deadline has passed; everybody has just given a code."""
    await bidding_builder.close(owner, bidding.tender)
    await bidding_builder.give_code(owner, *cast.people.values())
    return bidding


@pytest.fixture
async def bench(over):
    """Two opened bids, and what a panel of two councils does with them."""
    return Bench(over)


@pytest.fixture
async def running(bench, owner):
    """An awarded tender with three indicators, whose standstill is over."""
    await signed.assess(bench)
    await signed.award(bench)
    await signed.after_standstill(owner)
    await signed.add_indicators(owner, bench.tender)
    return bench
