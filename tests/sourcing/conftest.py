"""A tender that Leeds leads, and ways to act and read as somebody."""

from __future__ import annotations

import asyncpg
import pytest

from store.db import transaction
from store.migrations import plain
from tests.beginnings import furthest
from tests.sourcing.beginnings import CAST, Cast


@pytest.fixture
def beginning(request):
    return furthest([CAST], request.fixturenames)


@pytest.fixture
def cast(database) -> Cast:
    return database.begun["cast"]


@pytest.fixture
async def acting(cast, database):
    """A raw connection of the application's role that acts as somebody; an unknown name is the public."""
    connection = await asyncpg.connect(plain(database.app))

    async def enter(who: str) -> asyncpg.Connection:
        actor = cast.actor(who)
        for name, value in (
            ("person", actor.person_id or ""),
            ("organisation", actor.organisation_id or ""),
            ("roles", ",".join(sorted(actor.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value))
        return connection

    yield enter
    await connection.close()


@pytest.fixture
def does(cast, sessions_app):
    """Runs an action or a query in a transaction of its own, as somebody."""

    async def done(who, action, *args, **more):
        actor = cast.actor(who)
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, *args, **more)

    return done


@pytest.fixture
def reads(cast, sessions_app):
    """Runs a query that takes no actor, as somebody."""

    async def done(who, query, *args, **more):
        async with transaction(sessions_app, cast.actor(who)) as db:
            return await query(db, *args, **more)

    return done


@pytest.fixture
def bench(cast, does, reads):
    """A panel that is yet to be formed."""
    from tests.sourcing.panels import Bench  # noqa: PLC0415 -- it takes the cast's type from here

    return Bench(cast, does, reads)
