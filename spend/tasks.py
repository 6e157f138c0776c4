"""Long work of this slice: importing files that people uploaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from spend.actions.importing import Incoming, import_files
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
    lake: Lake = work.resources["lake"]
    incoming = [Incoming(Path(lake.original(file["digest"])), file["name"]) for file in files]
    summary = await import_files(work, lake, body, incoming, replaces=UUID(replaces) if replaces else None)
    if summary.new:
        async with transaction(work.sessions, work.actor) as db:
            await jobs.enqueue(db, work.actor, "insights.release")
    return {**summary.as_json(), "body": body}


TASKS: dict[str, Task] = {"spend.import": import_upload}
