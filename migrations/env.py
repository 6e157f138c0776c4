"""Alembic's entry: one transaction under an advisory lock, with short waits for locks."""

import asyncio
import importlib

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from store.db import Table
from store.migrations import ADVISORY_LOCK

# Alembic compares the database with every table that we know.
for models in (
    "store.models",
    "accounts.models",
    "suppliers.models",
    "spend.models",
    "procurement.models",
    "sourcing.models",
    "tenders.models",
    "challenges.models",
    "insights.models",
    "notifications.models",
):
    importlib.import_module(models)


def ours(thing: object, _name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and getattr(thing, "schema", None) == "queue")


def run(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '10s'"))
    connection.execute(text("set statement_timeout = '10min'"))
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        include_object=ours,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool, hide_parameters=True)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
