"""Long work of this slice: importing uploads, reading files again, withdrawing and restoring files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from spend import queries
from spend.actions import correcting, withdrawing
from spend.actions.importing import Incoming, Summary, import_files
from spend.rules import access
from store import jobs
from store.db import transaction
from store.jobs import Task, Work
from store.lake import Lake


async def import_upload(
    work: Work, *, body: str, files: list[dict[str, str]], replaces: str | None = None
) -> dict[str, Any]:
    """Import uploaded files, which the lake holds under their digests. Safe to run twice.

    Args:
        work: sessions, actor and progress.
        body: the register's code of the body that published them.
        files: name and digest of each.
        replaces: id of the registered file that the one file given replaces.
    """
    async with transaction(work.sessions, work.actor) as db:
        access.check_may_change(work.actor, body, await queries.own_code(db, work.actor))
    lake: Lake = work.resources["lake"]
    incoming = [Incoming(Path(lake.original(file["digest"])), file["name"]) for file in files]
    try:
        summary = await import_files(
            work, lake, body, incoming, replaces=UUID(replaces) if replaces else None
        )
    except jobs.Cancelled:
        # Whole batches may be in already, and count.
        await _release(work)
        raise
    return await _finished(work, body, summary)


async def reread(work: Work, *, body: str, fingerprint: str) -> dict[str, Any]:
    """Read a body's files with one header again, after its columns were corrected. Safe to run twice."""
    lake: Lake = work.resources["lake"]
    try:
        summary = await correcting.reread(work, lake, body, fingerprint)
    except jobs.Cancelled:
        await _release(work)
        raise
    return await _finished(work, body, summary)


async def withdraw(work: Work, *, file: str, reason: str) -> dict[str, Any]:
    """Take a file out of the figures. Run twice, the second time says that there is nothing to do."""
    async with transaction(work.sessions, work.actor) as db:
        await withdrawing.withdraw(db, work.actor, UUID(file), reason=reason)
    return {"file": file}


async def restore(work: Work, *, file: str) -> dict[str, Any]:
    """Let a withdrawn file count again. Run twice, the second time says that there is nothing to do."""
    async with transaction(work.sessions, work.actor) as db:
        await withdrawing.restore(db, work.actor, UUID(file))
    return {"file": file}


async def _finished(work: Work, body: str, summary: Summary) -> dict[str, Any]:
    if summary.new:
        await _release(work)
    return {**summary.as_json(), "body": body}


async def _release(work: Work) -> None:
    async with transaction(work.sessions, work.actor) as db:
        await jobs.enqueue(db, work.actor, "insights.release")


TASKS: dict[str, Task] = {
    "spend.import": import_upload,
    "spend.reread": reread,
    "spend.withdraw": withdraw,
    "spend.restore": restore,
}
