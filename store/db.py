"""The database: the base of all tables, sessions, and the actor that each transaction acts as."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Connection, DateTime, MetaData, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from values.actors import PUBLIC, Actor

Sessions = async_sessionmaker[AsyncSession]

_ENTER = """select set_config('app.person', $1, true), set_config('app.organisation', $2, true),
                   set_config('app.roles', $3, true)"""


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


def connect(url: str, *, size: int = 8, name: str = "buytogether") -> AsyncEngine:
    """Return the engine for a database address; parameters never appear in errors or logs."""
    return create_async_engine(
        asynchronous(url),
        hide_parameters=True,
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={"server_settings": {"timezone": "UTC", "application_name": name, "jit": "off"}},
    )


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
    async with sessions(info={"actor": actor}) as db, db.begin():
        yield db


@event.listens_for(Session, "after_begin")
def _enter(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database who is asking, for as long as this transaction lasts."""
    actor: Actor = session.info.get("actor", PUBLIC)
    if transaction.nested or (actor.person_id is None and not actor.roles):
        return
    connection.exec_driver_sql(
        _ENTER,
        (str(actor.person_id or ""), str(actor.organisation_id or ""), ",".join(sorted(actor.roles))),
    )
