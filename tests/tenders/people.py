"""Fixtures that tests of several packages share: a pool with its people, and a tender of it."""

from __future__ import annotations

import pytest

from store.db import transaction
from tests.beginnings import furthest
from tests.tenders.beginnings import TENDERS


@pytest.fixture
def beginning(request):
    """The furthest state of a tender that the test asks for."""
    return furthest(TENDERS, request.fixturenames)


@pytest.fixture
def cast(database):
    return database.begun["cast"]


@pytest.fixture
def act(cast, sessions_app):
    """Do something as somebody, in a transaction of its own."""

    async def acting(who, action, *args, **more):
        actor = cast[who].actor
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, *args, **more)

    return acting


@pytest.fixture
def complete(database):
    """A draft that lacks nothing."""
    return database.begun["complete"]


@pytest.fixture
def approved(database):
    """The same, approved by every buyer."""
    return database.begun["approved"]


@pytest.fixture
def published(database):
    """The same, whose notice the central platform has published."""
    return database.begun["published"]
