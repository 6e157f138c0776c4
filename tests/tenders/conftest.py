"""A pool with its people, a complete tender of it, and ways to act and read as somebody."""

from __future__ import annotations

import pytest

from store.db import transaction
from tenders.actions import approving
from tests.tenders import bidding as bidding_builder
from tests.tenders import made
from tests.tenders.assessing import Bench


@pytest.fixture
async def cast(db):
    return await made.build_cast(db)


@pytest.fixture
async def complete(cast, sessions_app):
    tender_id = await made.make(sessions_app, cast)
    await made.complete(sessions_app, cast, tender_id)
    return tender_id


@pytest.fixture
def act(cast, sessions_app):
    """Do something as somebody, in a transaction of its own."""

    async def acting(who, action, *args, **more):
        actor = cast[who].actor
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, *args, **more)

    return acting


@pytest.fixture
def read(cast, sessions_app):
    async def reading(query, *args, who="officer"):
        async with transaction(sessions_app, cast[who].actor) as db:
            return await query(db, *args)

    return reading


@pytest.fixture
async def approved(complete, cast, act, sessions_app):
    await act("officer", approving.submit, complete)
    for who in ("leeds", "camden", "salford"):
        await made.approve(sessions_app, cast[who], complete)
    return complete


@pytest.fixture
async def bidding(approved, cast, sessions_app, tmp_path):
    """A published tender that takes bids; `cast["supplier"]` and `cast["rival"]` are of two suppliers."""
    return await bidding_builder.prepare(sessions_app, cast, approved, tmp_path)


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
    for who in ("supplier", "rival"):
        await bidding.fill(cast[who], words=f"{bidding_builder.WORDS} of {who}")
        await bidding.submit(cast[who])
    await bidding_builder.close(owner, bidding.tender)
    await bidding_builder.give_code(owner, *cast.people.values())
    return bidding


@pytest.fixture
async def bench(over, cast):
    """Two opened bids, and what a panel of two councils does with them."""
    await over.propose(cast["leeds"])
    await over.confirm(cast["camden"])
    return Bench(over)
