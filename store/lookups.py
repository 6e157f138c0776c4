"""Raw connections for the one statement that every page waits for: who is asking.

A set of connections for all purposes costs more than such a statement itself. Nothing is ever set on these
connections and no transaction is left open, so there is nothing to reset between two uses.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg

from store.migrations import plain

LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)


class Lookups:
    """A few connections that are opened when they are needed, and again where the server was restarted."""

    def __init__(self, url: str, *, size: int, name: str) -> None:
        self._url = plain(url)
        self._settings = {"timezone": "UTC", "application_name": name, "jit": "off"}
        self._idle: list[asyncpg.Connection] = []
        self._places = asyncio.Semaphore(size)

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None:
        """Return the first row of a query that may run twice: a connection may prove lost only in use."""
        async with self._places:
            while self._idle:
                with contextlib.suppress(*LOST):
                    return await self._ask(self._idle.pop(), query, args)
            return await self._ask(
                await asyncpg.connect(self._url, server_settings=self._settings), query, args
            )

    async def _ask(
        self, connection: asyncpg.Connection, query: str, args: tuple[Any, ...]
    ) -> asyncpg.Record | None:
        try:
            row = await connection.fetchrow(query, *args)
        except BaseException:
            # It may be in the middle of an answer.
            connection.terminate()
            raise
        self._idle.append(connection)
        return row

    async def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            await self._idle.pop().close()


@contextlib.asynccontextmanager
async def opened(url: str, *, size: int, name: str) -> AsyncGenerator[Lookups]:
    """Hand out lookups for as long as they are used; the server must be there from the start."""
    lookups = Lookups(url, size=size, name=name)
    try:
        await lookups.fetchrow("select 1")
        yield lookups
    finally:
        await lookups.close()
