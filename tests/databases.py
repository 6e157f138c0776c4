"""A database for every test that asks: a clone of the migrated template, or of a state built on it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pickle
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import load_register
from store import db as store_db
from store import embedded, migrations
from tests.beginnings import Beginning, Begun
from values.actors import Actor

TEMPLATE: Final = "template_buytogether"
TESTER: Final = Actor(name="tests")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """Addresses of one test's own database, for each role, and what is in it from the beginning."""

    name: str
    server: embedded.Server
    begun: Begun = field(default_factory=dict)

    def url(self, role: str) -> str:
        return self.server.url(role, self.name)

    @property
    def app(self) -> str:
        return self.url("bt_app")

    @property
    def jobs(self) -> str:
        return self.url("bt_jobs")

    @property
    def owner(self) -> str:
        return self.url("bt_owner")

    @property
    def admin(self) -> str:
        return self.url("postgres")

    @contextlib.asynccontextmanager
    async def administering(self) -> AsyncIterator[asyncpg.Connection[Any]]:
        """A raw connection that sees everything."""
        connection = await asyncpg.connect(migrations.plain(self.admin))
        try:
            yield connection
        finally:
            await connection.close()

    def acting(self) -> contextlib.AbstractAsyncContextManager[store_db.Sessions]:
        """Sessions of the application's role, for whoever builds a state in it."""
        return connected(self.app)

    @contextlib.asynccontextmanager
    async def building(self) -> AsyncIterator[AsyncSession]:
        """A session of the worker's role, for whoever builds a state in it; it commits at the end."""
        async with connected(self.jobs) as sessions, sessions(info={"actor": TESTER}) as session:
            yield session
            await session.commit()


def make_template(server: embedded.Server) -> None:
    asyncio.run(migrations.create_database(server.url("postgres", "postgres"), TEMPLATE))
    migrations.migrate(server.url("bt_owner", TEMPLATE))
    asyncio.run(_load_register(server.url("bt_jobs", TEMPLATE)))


async def _load_register(url: str) -> None:
    async with connected(url) as sessions, store_db.transaction(sessions, TESTER) as db:
        await load_register(db, TESTER)


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[store_db.Sessions]:
    """Sessions of one role, closed at the end."""
    engine = store_db.connect(url, size=4, name="tests")
    try:
        yield store_db.make_sessions(engine)
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def cloned(server: embedded.Server, template: str) -> AsyncIterator[Database]:
    """A clone of a template database, dropped at the end."""
    name = await _make_clone(server, template)
    yield Database(name, server)
    await drop_clone(server, name)


async def _make_clone(server: embedded.Server, template: str) -> str:
    name = f"test_{next(_numbers)}"
    # Copying files takes two thirds of what writing every page to the log would.
    await _administer(server, f'create database "{name}" template "{template}" strategy file_copy')
    return name


async def drop_clone(server: embedded.Server, name: str) -> None:
    await _administer(server, f'drop database "{name}" with (force)')


async def _administer(server: embedded.Server, statement: str) -> None:
    admin = await asyncpg.connect(migrations.plain(server.url("postgres", "postgres")))
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


class Clones:
    """Clones of the template and of states built on it, each made while the test before it runs."""

    def __init__(self, server: embedded.Server, template: str) -> None:
        self._server, self._template = server, template
        self._thread = ThreadPoolExecutor(1, "clones")
        self._ready: dict[str, Future[str]] = {}
        self._states: dict[Beginning, tuple[str, bytes]] = {}

    async def take(self, beginning: Beginning | None = None) -> Database:
        """Return a fresh clone, and begin to make the next of its kind."""
        if beginning is None:
            return Database(await self._clone(self._template), self._server)
        if beginning not in self._states:
            self._states[beginning] = await self._build(beginning)
        template, begun = self._states[beginning]
        return Database(await self._clone(template), self._server, pickle.loads(begun))

    def close(self) -> None:
        """Wait for the last, which nobody takes: they go with the server."""
        self._thread.shutdown()

    async def _build(self, beginning: Beginning) -> tuple[str, bytes]:
        made = await self.take(beginning.after)
        begun = {**made.begun, **await beginning.build(made, made.begun)}
        return made.name, pickle.dumps(begun)

    async def _clone(self, template: str) -> str:
        ready = self._ready.get(template) or self._begin(template)
        self._ready[template] = self._begin(template)
        return await asyncio.wrap_future(ready)

    def _begin(self, template: str) -> Future[str]:
        return self._thread.submit(lambda: asyncio.run(_make_clone(self._server, template)))
