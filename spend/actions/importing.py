"""Import of published files: each is read, written to the lake once, and registered in one transaction.

Whatever is killed half-way leaves files of the lake that no row names, and no row without its file: the next
import of the same files does what is missing.
"""

from __future__ import annotations

import asyncio
import functools
import multiprocessing
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend import queries
from spend.actions import intake
from spend.models import FileState, PublishedFile, SetAsideLine
from spend.rules import replacement
from store import audit
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from values.actors import Actor
from values.ids import uuid7

# So many files are registered in one transaction: few enough that a kill loses little, enough to be quick.
BATCH = 16
# Starting reading processes takes about as long as reading so many files.
FILES_WORTH_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to import: where its bytes are, and the name under which it was published."""

    path: Path
    name: str


@dataclass(slots=True)
class Summary:
    """What came of an import, over all files given, whether they were new or known.

    Attributes:
        amount_read_pence: the sum over the lines read: net of VAT, gross only where no net is published.
        reasons: why lines were set aside → how many.
        new, already, replaced: how many files were registered, known before, and ended by a newer version.
        unreadable: files that are no spending files, with what to do.
    """

    files: int = 0
    lines: int = 0
    read: int = 0
    set_aside: int = 0
    amount_read_pence: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    new: int = 0
    already: int = 0
    replaced: int = 0
    amount_basis: dict[str, int] = field(default_factory=dict)
    unreadable: list[dict[str, str]] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)

    def count(self, lines: int, set_aside: dict[str, int], amount_pence: int, basis: dict[str, int]) -> None:
        """Add one file's counts."""
        self.lines += lines
        self.read += lines - sum(set_aside.values())
        self.set_aside += sum(set_aside.values())
        self.amount_read_pence += amount_pence
        for reason, number in set_aside.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + number
        for name, number in basis.items():
            self.amount_basis[name] = self.amount_basis.get(name, 0) + number

    def as_json(self) -> dict[str, Any]:
        """Return the summary in the shape that programs rely on."""
        return {name: getattr(self, name) for name in self.__slots__}


async def import_files(
    work: Work, lake: Lake, body_code: str, files: Sequence[Incoming], *, replaces: UUID | None = None
) -> Summary:
    """Import files that one body published. Safe to repeat: a file that is registered changes nothing.

    Args:
        work: sessions, actor and progress.
        lake: where originals and lines are kept.
        body_code: the register's code of the body that published them.
        files: in any order; earlier versions come first by name and are replaced by later ones.
        replaces: the registered file that the one file given replaces, where its name does not say so.
    """
    summary = Summary(files=len(files))
    async with transaction(work.sessions, work.actor) as db:
        remembered = await queries.mappings(db, body_code)
        registered = frozenset(file.lines_name for file in await queries.registered(db, body_code))
    batch: list[intake.Taken] = []
    done = 0
    async with _readers(len(files)) as pool:
        take = functools.partial(intake.take, lake, body_code, mappings=remembered, registered=registered)
        for reading in _submitted(pool, take, files):
            taken = await asyncio.wrap_future(reading)
            done += 1
            batch.append(taken)
            if len(batch) == BATCH or done == len(files):
                await _register(work, lake, body_code, batch, summary, replaces)
                batch = []
            await work.progress.report(done, len(files), "Reading files")
    return summary


def _submitted(
    pool: Executor, take: Callable[[str, str], intake.Taken], files: Sequence[Incoming]
) -> Iterable[Future[intake.Taken]]:
    """Hand files to the readers, never more than a few ahead, so that memory does not grow with them."""
    ahead: list[Future[intake.Taken]] = []
    for file in files:
        ahead.append(pool.submit(take, str(file.path), file.name))
        if len(ahead) >= 2 * BATCH:
            yield ahead.pop(0)
    yield from ahead


@asynccontextmanager
async def _readers(files: int) -> AsyncGenerator[Executor]:
    """Hand out readers: a process for each processor, or one thread where starting them costs more."""
    pool = ThreadPoolExecutor(1) if files < FILES_WORTH_PROCESSES else _processes()
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _processes() -> Executor:
    size = os.cpu_count() or 1
    multiprocessing.set_forkserver_preload(["spend.actions.intake"])
    try:
        return ProcessPoolExecutor(size, mp_context=multiprocessing.get_context("forkserver"))
    except OSError:
        # Some containers have no /dev/shm that we may write to, and so no semaphores: threads read, slower.
        return ThreadPoolExecutor(size)


async def _register(
    work: Work,
    lake: Lake,
    body_code: str,
    batch: Sequence[intake.Taken],
    summary: Summary,
    replaces: UUID | None,
) -> None:
    async with transaction(work.sessions, work.actor) as db:
        # Two imports for one body take turns, or both would register the same file.
        await db.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:body, 0))"), {"body": body_code}
        )
        known = {file.lines_name: file for file in await queries.registered(db, body_code)}
        for taken in batch:
            if taken.refusal is not None:
                summary.unreadable.append({"file": taken.name, "message": taken.refusal})
                continue
            summary.count(taken.lines, taken.reasons, taken.amount_read_pence, taken.amount_basis)
            if _registered(taken, known):
                summary.already += 1
                continue
            earlier = _replaced(taken, list(known.values()), replaces)
            late = earlier is None and _overtaken(taken.name, known.values())
            row = await _add(db, work.actor, lake, body_code, taken, earlier)
            if late:
                await _end(db, row.id)
                row = row.ended()
            if earlier is not None:
                summary.replaced += 1
                known[earlier.lines_name] = earlier.ended()
            known[taken.lines_name] = row
            summary.new += 1
            summary.registered.append(str(row.id))


def _registered(taken: intake.Taken, known: dict[str, queries.Registered]) -> bool:
    """Tell whether a file is in the register as it was read now.

    A file that counts under a person's correction, and is now read without it, is not.
    """
    otherwise = (
        file.state == FileState.CURRENT
        and file.digest == taken.digest
        and file.lines_name != taken.lines_name
        for file in known.values()
    )
    return taken.lines_name in known and not any(otherwise)


def _replaced(
    taken: intake.Taken, known: Sequence[queries.Registered], replaces: UUID | None
) -> queries.Registered | None:
    current = [file for file in known if file.state == FileState.CURRENT]
    if replaces is not None:
        return next((file for file in current if file.id == replaces), None)
    # The same bytes, read anew under a person's correction of the columns.
    again = next((file for file in current if file.digest == taken.digest), None)
    if again is not None:
        return again
    stem = replacement.stem(taken.name)
    return next((file for file in current if replacement.replaces(stem, replacement.stem(file.name))), None)


def _overtaken(name: str, known: Iterable[queries.Registered]) -> bool:
    """Tell whether a later version of this file is there already."""
    stem = replacement.stem(name)
    others = (replacement.stem(file.name) for file in known if file.state == FileState.CURRENT)
    return any(other.revision > stem.revision and replacement.replaces(other, stem) for other in others)


async def _end(db: AsyncSession, file_id: UUID) -> None:
    await db.execute(
        update(PublishedFile)
        .where(PublishedFile.id == file_id)
        .values(state=FileState.REPLACED, ended_at=datetime.now(UTC))
    )


async def _add(
    db: AsyncSession,
    actor: Actor,
    lake: Lake,
    body_code: str,
    taken: intake.Taken,
    earlier: queries.Registered | None,
) -> queries.Registered:
    file_id = uuid7()
    difference = None
    if earlier is not None:
        difference = await asyncio.to_thread(
            intake.difference, lake, body_code, earlier.lines_name, taken.lines_name
        )
        await _end(db, earlier.id)
        await audit.record(
            db, actor, "file.replaced", "published_file", earlier.id, by=str(file_id), **(difference or {})
        )
    await db.execute(
        insert(PublishedFile).values(
            id=file_id,
            body_code=body_code,
            name=taken.name,
            sha256=bytes.fromhex(taken.digest),
            lines_name=taken.lines_name,
            size_bytes=taken.size_bytes,
            replaces_id=earlier.id if earlier else None,
            lines=taken.lines,
            read=taken.lines - len(taken.set_aside),
            set_aside=len(taken.set_aside),
            amount_read_pence=taken.amount_read_pence,
            amount_basis=max(taken.amount_basis, key=lambda b: taken.amount_basis[b], default="unknown"),
            first_on=taken.first_on,
            last_on=taken.last_on,
            decisions=taken.decisions,
            mapping=taken.mapping,
            difference=difference,
            imported_by=actor.person_id,
        )
    )
    if taken.set_aside:
        await db.execute(insert(SetAsideLine), [{"file_id": file_id, **row} for row in taken.set_aside])
    await audit.record(
        db,
        actor,
        "file.imported",
        "published_file",
        file_id,
        body=body_code,
        name=taken.name,
        sha256=taken.digest,
        lines=taken.lines,
        set_aside=len(taken.set_aside),
    )
    return queries.Registered(file_id, taken.name, taken.digest, taken.lines_name, FileState.CURRENT)
