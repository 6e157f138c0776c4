"""Taking uploaded files: their bytes are kept, and a job is asked for that imports them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from spend import queries
from spend.rules import access
from store import audit, jobs
from store.lake import Lake
from values.actors import Actor
from values.refusals import Refused

INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Arrived:
    """An uploaded file: its name, the SHA-256 of its bytes, and where it waits."""

    name: str
    digest: str
    path: Path


async def upload(
    db: AsyncSession,
    actor: Actor,
    lake: Lake,
    body_code: str,
    files: Sequence[Arrived],
    *,
    replaces: UUID | None = None,
) -> UUID:
    """Keep uploaded files and ask for their import; return the job.

    Raises:
        NotAllowed: the actor may not upload for this body.
        Refused: all of them are known, or one file is to replace another and several were sent.
    """
    access.check_may_change(actor, body_code, await queries.own_code(db, actor))
    if replaces is not None and len(files) > 1:
        raise Refused("Choose one file only where it replaces another", "files")
    known = {file.digest: file for file in await queries.registered(db, body_code)}
    new = [file for file in files if file.digest not in known]
    if not new:
        raise Refused(_all_known([known[file.digest] for file in files]), "files")
    for file in new:
        await asyncio.to_thread(lake.adopt, file.path, file.digest)
    await audit.record(
        db, actor, "file.uploaded", "body", body_code, files={file.digest: file.name for file in new}
    )
    return await jobs.enqueue(
        db,
        actor,
        "spend.import",
        body=body_code,
        files=[{"name": file.name, "digest": file.digest} for file in new],
        replaces=str(replaces) if replaces else None,
    )


def _all_known(files: Sequence[queries.Registered]) -> str:
    if len(files) > 1:
        return f"All {len(files)} files are known already: their content was imported before"
    return (
        f"This file is known already: its content was imported as “{files[0].name}” and is {files[0].state}"
    )


def incoming(lake: Lake) -> Path:
    """Return the folder where uploads arrive: in the lake, so that keeping one is a rename."""
    folder = lake.path(INCOMING)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
