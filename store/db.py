"""The database: the base of all tables, sessions, and the actor that each transaction acts as."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVarTuple

import asyncpg
from sqlalchemy import BigInteger, Connection, DateTime, MetaData, Row, Select, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from values.actors import PUBLIC, Actor

Sessions = async_sessionmaker[AsyncSession]

Columns = TypeVarTuple("Columns")

# The three settings that policies read, for as long as a transaction lasts.
_SETTINGS: Final = ("app.person", "app.organisation", "app.roles")
# Who waits longer for a free connection is told that the service is busy.
SECONDS_FOR_A_CONNECTION: Final = 10
# Keeps names of turns apart from what else is hashed into a lock.
TURNS: Final = 7_204_115
_HARMLESS: Final = re.compile(r"[0-9a-z_,-]*")


class Table(DeclarativeBase):
    """Base of every table. Constraints have names, so that a violation can be told in words."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
    }


class Opening(asyncpg.Connection):
    """A connection whose next transaction says in its first message who is asking: a round trip less a page.

    Attributes:
        entering: what follows BEGIN, once.
    """

    entering: str = ""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 -- asyncpg's signature
        """Execute a statement; after the one that begins a transaction, say who is asking."""
        if self.entering and query.startswith("BEGIN"):
            query, self.entering = query + self.entering, ""
        return await super().execute(query, *args, timeout=timeout)


def connect(url: str, *, size: int = 8, name: str = "buytogether") -> AsyncEngine:
    """Return the engine for a database address; parameters never appear in errors or logs."""
    engine = create_async_engine(
        asynchronous(url),
        hide_parameters=True,
        pool_size=size,
        max_overflow=size,
        pool_timeout=SECONDS_FOR_A_CONNECTION,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={
            "connection_class": Opening,
            "server_settings": {"timezone": "UTC", "application_name": name, "jit": "off"},
        },
    )
    event.listen(engine.sync_engine, "checkin", _forget)
    return engine


def asynchronous(url: str) -> str:
    """Return an address with the driver that we use, whatever form the operator wrote."""
    scheme, rest = url.split("://", 1)
    return f"postgresql+asyncpg://{rest}" if scheme in ("postgres", "postgresql") else url


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Return the factory of sessions: nothing is loaded or flushed behind anybody's back."""
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


@contextlib.asynccontextmanager
async def transaction(sessions: Sessions, actor: Actor) -> AsyncGenerator[AsyncSession]:
    """Open one transaction that acts as `actor`; it commits at the end, or rolls back on an exception."""
    db = sessions(info={"actor": actor})
    try:
        yield db
        await db.commit()
    except BaseException:
        # To its end, even where the request was given up: the connection must come back clean.
        await asyncio.shield(asyncio.ensure_future(db.close()))
        raise


async def rows(
    db: AsyncSession, statement: Select[*Columns], values: Mapping[str, Any] | None = None
) -> Sequence[Row[*Columns]]:
    """Return all rows of a statement that asks for columns, not for objects.

    What a list shows is read so: the session would prepare each result to hold objects, and that costs about
    as much again as the reading.
    """

    def read(session: Session) -> Sequence[Row[*Columns]]:
        return session.connection().execute(statement, values).all()

    return await db.run_sync(read)


async def take_turns(db: AsyncSession, what: str) -> None:
    """Wait until nobody else does this, and keep others from it until the transaction ends.

    Args:
        db: the transaction.
        what: a name that only this has, its slice first; numbers that were picked by hand met each other.
    """
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, TURNS))))


@event.listens_for(Session, "after_begin")
def _enter(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database who is asking, for as long as this transaction lasts."""
    if transaction.nested:
        return
    actor: Actor = session.info.get("actor", PUBLIC)
    entering = "" if actor.person_id is None and not actor.roles else _entering(actor)
    driver = connection.connection.driver_connection
    # Not isinstance: to asyncpg every connection is an instance of each of its classes.
    if type(driver) is Opening and not driver.is_in_transaction():
        driver.entering = entering
    elif entering:
        connection.exec_driver_sql(entering)


def _forget(connection: Any, _record: object) -> None:
    """Let nothing that one transaction was to say be said by the next, where it never began."""
    driver = getattr(connection, "driver_connection", None)
    if type(driver) is Opening:
        driver.entering = ""


@lru_cache(maxsize=1000)
def _entering(actor: Actor) -> str:
    """Return the statement that says who is asking.

    Its values cannot be bound, because several statements of one message take no parameters. They are ids and
    names of roles; anything else is refused.
    """
    values = (str(actor.person_id or ""), str(actor.organisation_id or ""), ",".join(sorted(actor.roles)))
    if not all(map(_HARMLESS.fullmatch, values)):
        raise ValueError("an actor has an id or a role that cannot be one")
    settings = (
        f"set_config('{name}', '{value}', true)" for name, value in zip(_SETTINGS, values, strict=True)
    )
    return f"select {', '.join(settings)}"
