"""Migrations: one line of them, up and down and up again, and the models agree with the result."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from store import embedded, migrations

SCRIPTS = ScriptDirectory.from_config(migrations.config("postgresql://nobody@localhost/nothing"))
HEAD = migrations.FOLDER / ".head"
LEFT_BEHIND = """
    select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relname not like 'alembic_version%'
    union all select 'schema ' || nspname from pg_namespace
      where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')
    union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def empty(server: embedded.Server):
    """The owner's address of an empty database."""
    name = "migrations"

    async def drop() -> None:
        connection = await asyncpg.connect(migrations.plain(server.url("postgres", "postgres")))
        await connection.execute(f'drop database if exists "{name}" with (force)')
        await connection.close()

    # Alembic runs a loop of its own, so none of this may run in the tests' loop.
    with ThreadPoolExecutor(1) as thread:
        create = migrations.create_database(server.url("postgres", "postgres"), name)
        thread.submit(asyncio.run, create).result()
        yield server.url("bt_owner", name), thread
        thread.submit(asyncio.run, drop()).result()


def test_there_is_one_head_and_the_file_names_it():
    # Two people who add a migration at once get a conflict in that file, not two heads.
    heads = SCRIPTS.get_heads()
    assert len(heads) == 1
    assert HEAD.read_text().strip() == Path(SCRIPTS.get_revision(heads[0]).path).stem


def test_revisions_are_numbered_without_a_gap():
    numbers = sorted(int(revision.revision) for revision in SCRIPTS.walk_revisions())
    assert numbers == list(range(1, len(numbers) + 1))


def test_migrations_do_not_import_our_models():
    for revision in SCRIPTS.walk_revisions():
        text = Path(revision.path).read_text()
        assert ".models" not in text, revision.path


def test_up_down_up_leaves_what_the_models_say(empty):
    url, thread = empty
    configuration = migrations.config(url)

    def walk() -> None:
        migrations.migrate(url)
        command.downgrade(configuration, "base")
        assert asyncio.run(_left(url)) == []
        migrations.migrate(url)
        migrations.check(url)

    thread.submit(walk).result()


async def _left(url: str) -> list[str]:
    connection = await asyncpg.connect(migrations.plain(url))
    try:
        rows = await connection.fetch(LEFT_BEHIND)
        return sorted(row["name"] for row in rows)
    finally:
        await connection.close()
