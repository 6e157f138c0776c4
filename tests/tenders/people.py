"""Fixtures that tests of several packages share: a pool with its people, and a tender of it."""

from __future__ import annotations

import pytest

from store.db import transaction
from tests.tenders import made


@pytest.fixture
async def cast(db):
    return await made.build_cast(db)


@pytest.fixture
def act(cast, sessions_app):
    """Do something as somebody, in a transaction of its own."""

    async def acting(who, action, *args, **more):
        actor = cast[who].actor
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, *args, **more)

    return acting


@pytest.fixture
async def complete(cast, sessions_app):
    """A draft that lacks nothing."""
    tender_id = await made.make(sessions_app, cast)
    await made.complete(sessions_app, cast, tender_id)
    return tender_id


@pytest.fixture
async def approved(complete, cast, sessions_app):
    """The same, approved by every buyer."""
    await made.approve_all(sessions_app, cast, complete)
    return complete


@pytest.fixture
async def published(approved, cast, sessions_app):
    """The same, whose notice the central platform has published."""
    await made.publish(sessions_app, cast, approved)
    return approved
