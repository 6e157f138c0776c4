"""Bring a database to the newest shape: roles, database, migrations under an advisory lock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from store.db import asynchronous

# Loaded only where there is something to migrate: every command asks whether there is.
if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[1] / "migrations"
# Names the newest revision; a test makes sure that it does.
HEAD = FOLDER / ".head"
# Any number will do, as long as everybody who migrates uses the same one.
ADVISORY_LOCK = 7_204_115_533


def config(owner_url: str) -> Config:
    """Return Alembic's configuration for a database, without an alembic.ini."""
    from alembic.config import Config  # noqa: PLC0415

    settings = Config(attributes={"url": asynchronous(owner_url)})
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


def migrate(owner_url: str, login_urls: Iterable[str] = ()) -> None:
    """Create what is missing and upgrade to the newest revision. Safe to run twice and at once.

    Args:
        owner_url: a role that may create roles; it will own everything.
        login_urls: addresses with which the application and the worker will sign in, in that order. Roles
            that do not exist are created, with the passwords that stand in the addresses.
    """
    from alembic import command  # noqa: PLC0415

    create_roles(owner_url, login_urls)
    command.upgrade(config(owner_url), "head")


async def is_newest(owner_url: str) -> bool:
    """Tell whether a database is there and has the newest shape, without loading any migration."""
    try:
        connection = await asyncpg.connect(plain(owner_url))
    except (asyncpg.InvalidCatalogNameError, asyncpg.InvalidAuthorizationSpecificationError):
        return False
    try:
        found = await connection.fetch("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
    newest = HEAD.read_text(encoding="utf-8").partition("_")[0]
    return [row["version_num"] for row in found] == [newest]


def create_roles(owner_url: str, login_urls: Iterable[str] = ()) -> None:
    """Create the roles that rights are granted to, and those that sign in, where they are missing."""
    asyncio.run(_prepare(owner_url, list(login_urls)))


def revisions() -> set[str]:
    """Return every revision that this program knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(FOLDER))
    return {script.revision for script in scripts.walk_revisions()}


def check(owner_url: str) -> None:
    """Raise if the models and the migrated database differ."""
    from alembic import command  # noqa: PLC0415

    command.check(config(owner_url))


async def create_database(admin_url: str, name: str, owner: str = "bt_owner") -> None:
    """Create an empty database and the role that owns it, unless they are there."""
    connection = await asyncpg.connect(plain(admin_url))
    try:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", owner):
            await connection.execute(f'create role "{owner}" login createrole nosuperuser')
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(
                f'create database "{name}" owner "{owner}" encoding "UTF8" template template0'
            )
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process was quicker
    finally:
        await connection.close()


def plain(url: str) -> str:
    """Return an address as asyncpg itself takes it."""
    return asynchronous(url).replace("postgresql+asyncpg://", "postgresql://", 1)


async def _prepare(owner_url: str, login_urls: list[str]) -> None:
    connection = await asyncpg.connect(plain(owner_url))
    try:
        # Roles belong to the whole server, so two databases that migrate at once would trip over each other.
        await connection.execute("select pg_advisory_lock($1)", ADVISORY_LOCK)
        await _grant_logins(connection, login_urls)
    finally:
        await connection.close()


async def _grant_logins(connection: asyncpg.Connection, login_urls: list[str]) -> None:
    for role, url in zip_longest(("bt_app", "bt_jobs"), login_urls[:2]):
        parts = urlsplit(url or "")
        login = unquote(parts.username or "") or role
        # Often the login is the role itself: then it is made with its password at once.
        await _ensure_role(connection, login, unquote(parts.password or "") or None)
        if login != role:
            await _ensure_role(connection, role, None)
            await connection.execute(f'grant {role} to "{login}"')


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str | None) -> None:
    if await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        return
    # A role's password cannot be a bound parameter; PostgreSQL quotes it for us.
    secret = await connection.fetchval("select quote_literal($1)", password) if password else "null"
    await connection.execute(
        f'create role "{role}" login password {secret} nosuperuser nocreatedb nocreaterole nobypassrls'
    )


def with_database(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))
