"""People of councils and firms, challenges of theirs, and ways to act and ask as somebody."""

from __future__ import annotations

import asyncpg
import pytest

from store.db import transaction
from store.migrations import plain
from tests.beginnings import furthest
from tests.challenges.beginnings import CHALLENGES
from tests.plain_browser import ADDRESS, Browser
from values.actors import PUBLIC


@pytest.fixture
def beginning(request):
    return furthest(CHALLENGES, request.fixturenames)


@pytest.fixture
def cast(database):
    return database.begun["cast"]


@pytest.fixture
def complete(database):
    return database.begun["complete"]


@pytest.fixture
def statement(database):
    return database.begun["statement"]


@pytest.fixture
def opened(database):
    return database.begun["opened"]


@pytest.fixture
def hidden(database):
    return database.begun["hidden"]


@pytest.fixture
def due(database):
    return database.begun["due"]


@pytest.fixture
def chosen(database):
    return database.begun["chosen"]


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
        actor = PUBLIC if who == "public" else cast[who].actor
        async with transaction(sessions_app, actor) as db:
            return await query(db, *args)

    return reading


@pytest.fixture
async def ask(database, cast):
    """Run raw SQL as somebody, on a connection of the application's role."""
    connection = await asyncpg.connect(plain(database.app))

    async def asked(who, sql, *values):
        actor = PUBLIC if who == "public" else cast[who].actor
        names = {"person": actor.person_id, "organisation": actor.organisation_id}
        for name, value in {**names, "roles": ",".join(sorted(actor.roles))}.items():
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value or ""))
        return await connection.fetch(sql, *values)

    yield asked
    await connection.close()


@pytest.fixture
async def browse(application, cast):
    """A browser for each person, signed in."""
    opened = {}

    async def browsing(who):
        if who not in opened:
            browser = Browser(application, ADDRESS, network=f"192.0.2.{len(opened) + 10}")
            opened[who] = await browser.__aenter__()
            if who != "public":
                await browser.sign_in(cast[who])
        return opened[who]

    yield browsing
    for each in opened.values():
        await each.__aexit__()
