"""What a command needs around it: a running, migrated database and the lake."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from app.settings import SettingError, Settings
from store import embedded, migrations
from store.lake import Lake
from values.actors import Actor, Role

# Whoever types a command on the machine looks after it; the audit trail says so.
COMMAND_LINE = Actor(roles=frozenset({Role.OPERATOR}), name="command line")


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where the database answers, for each role, and where the lake is."""

    settings: Settings
    app_url: str
    jobs_url: str
    owner_url: str
    lake: Lake
    server: embedded.Server | None = None

    def revive(self) -> bool:
        """Start the embedded database again if it stopped; tell whether it had."""
        return self.server is not None and embedded.revive(self.settings.home)

    def resources(self) -> dict[str, Any]:
        """Return what tasks are given besides the database."""
        return {"lake": self.lake, "mail": self.settings.mail, "settings": self.settings}


@contextlib.contextmanager
def opened(settings: Settings, *, migrate: bool = True) -> Generator[Runtime]:
    """Open the database that the settings name; with none named, start the embedded one.

    Raises:
        SettingError: an outside database is named, but not with all the roles that are needed.
    """
    lake = Lake(settings.lake, settings.engine_memory)
    if settings.database_url:
        yield _outside(settings, lake)
        return
    with embedded.running(settings.home) as server:
        runtime = Runtime(
            settings,
            server.url("bt_app"),
            server.url("bt_jobs"),
            server.url("bt_owner"),
            lake,
            server,
        )
        if migrate:
            prepare(runtime)
        yield runtime


def prepare(runtime: Runtime) -> None:
    """Create the embedded database and bring it to the newest shape."""
    if runtime.server is None:
        logins = [url for url in (runtime.app_url, runtime.jobs_url) if url]
        migrations.migrate(runtime.owner_url, logins)
        return
    if asyncio.run(migrations.is_newest(runtime.owner_url)):
        return
    admin = runtime.server.url("postgres", "postgres")
    asyncio.run(migrations.create_database(admin, "buytogether"))
    migrations.migrate(runtime.owner_url)


def _outside(settings: Settings, lake: Lake) -> Runtime:
    if not settings.database_jobs_url:
        raise SettingError(
            "DATABASE_URL is set: set DATABASE_JOBS_URL too, the role that the worker signs in as"
        )
    return Runtime(
        settings, settings.database_url, settings.database_jobs_url, settings.database_owner_url, lake
    )
