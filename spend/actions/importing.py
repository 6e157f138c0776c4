"""Import of published files: each is read, written to the lake once, and registered in one transaction.

Whatever is killed half-way leaves files of the lake that no row names, and no row without its file: the next
import of the same files does what is missing.
"""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from spend import queries
from spend.actions import intake
from spend.actions.readers import readers
from spend.actions.registering import register
from store.db import transaction
from store.jobs import Progress, Work
from store.lake import Lake

# So many files are registered in one transaction: few enough that a kill loses little, enough to be quick.
BATCH = 16
# So many files are handed to a reader at once where there are many: each handing over costs this process more
# than registering a file. Few go one by one, so that somebody who waits for them sees how far they are.
HANDED = 4
# So many bodies at once: while the last files of one are registered, the readers go on with the next.
BODIES_AT_ONCE = 2


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


@dataclass(frozen=True, slots=True)
class _Together:
    """Progress over several bodies that are imported side by side."""

    whole: Progress
    total: int
    done: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class _Part:
    """The progress of one of them, told as part of the whole."""

    together: _Together
    body_code: str

    async def report(self, done: int, total: int | None, doing: str) -> None:  # noqa: ARG002
        """Say that so many of this body's files are done."""
        self.together.done[self.body_code] = done
        await self.together.whole.report(sum(self.together.done.values()), self.together.total, doing)


async def import_bodies(
    work: Work, lake: Lake, published: Mapping[str, Sequence[Incoming]]
) -> dict[str, Summary]:
    """Import files of several bodies, with the same readers for all; return what came of each.

    Safe to repeat, as `import_files` is. The first failure ends all.
    """
    progress = _Together(work.progress, sum(map(len, published.values())))
    turns = asyncio.Semaphore(BODIES_AT_ONCE)

    async def one(body_code: str, files: Sequence[Incoming], pool: Executor) -> Summary:
        async with turns:
            own = replace(work, progress=_Part(progress, body_code))
            return await import_files(own, lake, body_code, files, pool=pool)

    try:
        async with readers(progress.total) as pool, asyncio.TaskGroup() as group:
            tasks = {code: group.create_task(one(code, files, pool)) for code, files in published.items()}
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return {code: task.result() for code, task in tasks.items()}


async def import_files(
    work: Work,
    lake: Lake,
    body_code: str,
    files: Sequence[Incoming],
    *,
    replaces: UUID | None = None,
    pool: Executor | None = None,
) -> Summary:
    """Import files that one body published. Safe to repeat: a file that is registered changes nothing.

    Args:
        work: sessions, actor and progress.
        lake: where originals and lines are kept.
        body_code: the register's code of the body that published them.
        files: in any order; earlier versions come first by name and are replaced by later ones.
        replaces: the registered file that the one file given replaces, where its name does not say so.
        pool: readers that others use as well; without them, some are started for these files alone.
    """
    summary = Summary(files=len(files))
    async with transaction(work.sessions, work.actor) as db:
        remembered = await queries.mappings(db, body_code)
        registered = frozenset(file.lines_name for file in await queries.registered(db, body_code))
    batch: list[intake.Taken] = []
    take = functools.partial(intake.take_all, lake, body_code, mappings=remembered, registered=registered)
    async with AsyncExitStack() as stack:
        pool = pool or await stack.enter_async_context(readers(len(files)))
        with closing(_submitted(pool, take, files, lake)) as readings:
            try:
                done = 0
                for reading in readings:
                    batch += await asyncio.wrap_future(reading)
                    done += len(reading.result())
                    if len(batch) >= BATCH or done == len(files):
                        await _register(work, lake, body_code, batch, summary, replaces)
                        batch.clear()
                    await work.progress.report(done, len(files), "Reading files")
            finally:
                lake.drop(written for taken in batch for written in taken.written)
    return summary


def _submitted(
    pool: Executor,
    take: Callable[[list[tuple[str, str]]], list[intake.Taken]],
    files: Sequence[Incoming],
    lake: Lake,
) -> Generator[Future[list[intake.Taken]]]:
    """Hand files to the readers, never more than a few ahead, so that memory does not grow with them.

    What was handed to them when it ends, also the file that somebody is waiting for, leaves nothing behind.
    """
    ahead: deque[Future[list[intake.Taken]]] = deque()
    at_once = HANDED if len(files) > 2 * BATCH else 1
    try:
        for first in range(0, len(files), at_once):
            ahead.append(
                pool.submit(take, [(str(file.path), file.name) for file in files[first : first + at_once]])
            )
            if len(ahead) * at_once >= 2 * BATCH:
                yield ahead[0]
                ahead.popleft()
        while ahead:
            yield ahead[0]
            ahead.popleft()
    finally:
        for reading in ahead:
            if not reading.cancel():
                reading.add_done_callback(functools.partial(_drop, lake))


def _drop(lake: Lake, reading: Future[list[intake.Taken]]) -> None:
    if reading.exception() is None:
        lake.drop(written for taken in reading.result() for written in taken.written)


async def _register(
    work: Work,
    lake: Lake,
    body_code: str,
    batch: Sequence[intake.Taken],
    summary: Summary,
    replaces: UUID | None,
) -> None:
    """Settle the files of a batch in the lake, then name them in the register."""
    read = [taken for taken in batch if taken.refusal is None]
    await asyncio.to_thread(lake.settle, [written for taken in read for written in taken.written])
    async with transaction(work.sessions, work.actor) as db:
        done = await register(db, work.actor, lake, body_code, read, replaces)
    for taken in read:
        summary.count(taken.lines, taken.reasons, taken.amount_read_pence, taken.amount_basis)
    summary.unreadable += [
        {"file": taken.name, "message": taken.refusal} for taken in batch if taken.refusal is not None
    ]
    summary.new += len(done.new)
    summary.already += done.already
    summary.replaced += done.replaced
    summary.registered += map(str, done.new)
