"""Backup and restore: database and lake in one archive, as one moment saw them. Never the master key.

A backup holds one snapshot of the database open from the first look to the last byte, and takes the files
of the lake that this snapshot names. A restore reads the whole archive before it touches anything, unpacks
beside what is there, replaces the database in one transaction and only then moves the files into place.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import anyio.from_thread
import anyio.to_thread
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from store import archive, migrations, programs
from store.db import asynchronous
from store.jobs import Progress
from store.lake import Lake
from values.refusals import Refused

DATABASE: Final = "database"
FILES: Final = "lake"
BACKUP_LOCK: Final = 7_204_115_537
TRIES: Final = 3
# No cross-device or unsupported links on some shared volumes: there, a copy is as good and takes longer.
NO_LINKS: Final = (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK)

# Takes away what the owner made, and leaves what the server's administrator made (database, public, rights).
WIPE: Final = """
set lock_timeout = '10s';
do $$
declare found record;
begin
  for found in select nspname from pg_namespace
    where nspowner = current_user::regrole and nspname <> 'public' and nspname not like 'pg\\_%' loop
    execute format('drop schema %I cascade', found.nspname);
  end loop;
  for found in select c.oid::regclass as name, c.relkind from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relowner = current_user::regrole
      and c.relkind in ('r', 'p') loop
    execute format('drop table if exists %s cascade', found.name);
  end loop;
end $$;
"""

Names = Callable[[AsyncSession], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class World:
    """All that a service keeps, and how to get at it.

    Attributes:
        owner_url: the role that owns everything in the database; to restore it must be able to create roles.
        login_urls: addresses of the application and the worker, as `migrations.migrate` takes them.
        lake: the files that the database names.
        key: the master key's file. It is never copied; the archive notes which one it was.
    """

    owner_url: str
    login_urls: Sequence[str]
    lake: Lake
    key: Path


@dataclass(frozen=True, slots=True)
class Archived:
    """What a backup holds."""

    place: Path
    files: int
    size_bytes: int
    packed_bytes: int


class _Gone(Exception):  # noqa: N818 -- a race that is run again, not an error
    """A file was swept between the look at the database and the look at the lake."""


async def back_up(world: World, place: Path, names: Names, *, progress: Progress) -> Archived:
    """Write database and lake into one archive.

    Args:
        world: what to keep.
        place: the archive; must not be there yet.
        names: returns the names of the files that the database names, from the root of the lake.
        progress: told of every file.

    Raises:
        Refused: there is a file at `place`, another backup runs, or a file is missing from the lake.
        programs.ProgramError: the database could not be dumped.
    """
    async with _only_one(world.owner_url) as connection:
        tools = programs.for_server(await _version(connection) // 10_000)
        missing = ""
        for _ in range(TRIES):
            try:
                return await _back_up(world, tools, place, names, progress)
            except _Gone as gone:
                missing = str(gone)
    raise Refused(f"The database names {missing}, which is not in the lake. Restore an earlier backup.")


async def _back_up(
    world: World, tools: programs.Programs, place: Path, names: Names, progress: Progress
) -> Archived:
    async with _moment(world.owner_url) as (db, snapshot):
        wanted = await names(db)
        about = {**await _about(db), "files": len(wanted), "key": fingerprint(world.key)}

        def write() -> Archived:
            with _held(world.lake, wanted) as held, archive.written(place) as writer:
                writer.add(archive.ABOUT, json.dumps(about, indent=2).encode())
                with tools.dump(world.owner_url, snapshot) as dump:
                    writer.add_pieces(DATABASE, dump)
                for done, name in enumerate(wanted, 1):
                    writer.add_file(f"{FILES}/{name}", held / name)
                    anyio.from_thread.run(progress.report, done, len(wanted), "Writing files")
            return Archived(place, len(wanted), writer.size_bytes, place.stat().st_size)

        try:
            return await anyio.to_thread.run_sync(write)
        except FileExistsError as error:
            raise Refused(f"There is a file {place} already. Choose another name.") from error


async def is_empty(owner_url: str) -> bool:
    """Tell whether a database holds nothing of ours yet."""
    async with _connected(owner_url) as connection:
        return not await connection.scalar(text("select to_regclass('public.alembic_version') is not null"))


async def restore(world: World, place: Path, *, progress: Progress) -> dict[str, Any]:
    """Put an archive in the place of whatever database and lake hold; return what it says of itself.

    Nothing is touched before the whole archive was read and found as its manifest says. Killed at any moment,
    it can be repeated.

    Raises:
        Refused: the archive is damaged or newer than this program, or another backup or restore runs.
        programs.ProgramError: the database refused it; nothing was changed.
    """
    about = await _verified(place, progress)
    await anyio.to_thread.run_sync(migrations.create_roles, world.owner_url, list(world.login_urls))
    async with _only_one(world.owner_url) as connection:
        version = await _version(connection)
        tools = programs.for_server(version // 10_000)
        fresh = world.lake.path(".restored")

        def unpack() -> None:
            shutil.rmtree(fresh, ignore_errors=True)
            try:
                _unpack(
                    place, fresh, lambda done: anyio.from_thread.run(progress.report, done, None, "Unpacking")
                )
                _replace_database(tools, world.owner_url, fresh / DATABASE, version // 10_000)
                _replace_files(world.lake, fresh)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)

        await anyio.to_thread.run_sync(unpack)
    await anyio.to_thread.run_sync(migrations.migrate, world.owner_url, list(world.login_urls))
    return about


async def _version(connection: AsyncConnection) -> int:
    number = await connection.scalar(text("select current_setting('server_version_num')"))
    return int(number or 0)


async def _verified(place: Path, progress: Progress) -> dict[str, Any]:
    def read() -> dict[str, Any]:
        return archive.verify(
            place, lambda done: anyio.from_thread.run(progress.report, done, None, "Checking the archive")
        )

    try:
        about = await anyio.to_thread.run_sync(read)
    except archive.Damaged as damaged:
        raise Refused(f"{place.name} is not a whole backup: {damaged}. Nothing was changed.") from damaged
    if about["revision"] not in migrations.revisions():
        raise Refused(
            f"{place.name} was made by a newer version of this program. Update it first. Nothing was changed."
        )
    return about


def fingerprint(key: Path) -> str:
    """Return what tells one master key from another without saying anything about it; "" without a key."""
    if not key.exists():
        return ""
    return hashlib.sha256(b"which master key is this\0" + key.read_bytes()).hexdigest()[:16]


async def _about(db: AsyncSession) -> dict[str, Any]:
    revision = await db.scalar(text("select version_num from alembic_version"))
    head = await db.scalar(text("select encode(hash, 'hex') from audit_seal order by position desc limit 1"))
    return {
        "format": archive.FORMAT,
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision,
        "server": await db.scalar(text("select current_setting('server_version')")),
        "audit_head": head,
    }


@contextlib.asynccontextmanager
async def _connected(owner_url: str) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(asynchronous(owner_url), poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def _only_one(owner_url: str) -> AsyncGenerator[AsyncConnection]:
    """Keep other backups and restores of this database out, so that their folders in the lake are ours."""
    async with _connected(owner_url) as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": BACKUP_LOCK}):
            raise Refused("Another backup or restore of this database is running. Wait until it has ended.")
        yield connection


@contextlib.asynccontextmanager
async def _moment(owner_url: str) -> AsyncGenerator[tuple[AsyncSession, str]]:
    """Hand out a session that sees one moment, and the name under which pg_dump sees the same."""
    async with _connected(owner_url) as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with AsyncSession(connection) as db:
            snapshot = await db.scalar(text("select pg_export_snapshot()"))
            assert snapshot is not None
            yield db, snapshot


@contextlib.contextmanager
def _held(lake: Lake, names: Sequence[str]) -> Generator[Path]:
    """Hold files by a second name, so that a sweep in the meantime takes none of them from us."""
    folder = lake.path(".backup")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for name in names:
            link = folder / name
            link.parent.mkdir(parents=True, exist_ok=True)
            _link(lake.path(name), link, name)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(place: Path, link: Path, name: str) -> None:
    try:
        os.link(place, link)
    except FileNotFoundError as error:
        raise _Gone(name) from error
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copyfile(place, link)


def _unpack(place: Path, folder: Path, tell: Callable[[int], object]) -> None:
    """Unpack the files below `folder/lake`, and the dump's pieces as one file `folder/database`."""
    folder.mkdir(parents=True)
    with archive.Reader.opened(place) as reader, (folder / DATABASE).open("wb") as dump:
        for done, (name, _, content) in enumerate(reader, 1):
            kind, _, rest = name.partition("/")
            if kind == DATABASE:
                shutil.copyfileobj(content, dump, archive.BLOCK)
            elif kind == FILES:
                file = folder / FILES / rest
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as fresh:
                    shutil.copyfileobj(content, fresh, archive.BLOCK)
            tell(done)


def _replace_database(tools: programs.Programs, owner_url: str, dump: Path, major: int) -> None:
    """Put a dump in the place of everything that the owner has in the database, all of it or nothing."""
    with tools.session(owner_url) as session, tools.script(dump) as script:
        session.write(WIPE.encode())
        for line in script:
            # Newer dumps set what older servers have not heard of.
            if not (major < 17 and line.startswith(b"SET transaction_timeout")):
                session.write(line)
    dump.unlink()


def _replace_files(lake: Lake, fresh: Path) -> None:
    """Move unpacked files into the lake, folder by folder (the lake itself may be a mounted volume)."""
    before = lake.path(".before")
    shutil.rmtree(before, ignore_errors=True)
    before.mkdir()
    for folder in lake.root.iterdir():
        if not folder.name.startswith("."):
            folder.rename(before / folder.name)
    unpacked = fresh / FILES
    for folder in unpacked.iterdir() if unpacked.exists() else ():
        folder.rename(lake.path(folder.name))
    shutil.rmtree(before)
