"""Registering files that were read: which are new, which are known, which end an earlier version."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend import queries
from spend.actions import intake
from spend.actions.intake import Taken
from spend.models import FileState, PublishedFile, SetAsideLine
from spend.queries import Registered
from spend.rules import replacement
from store import audit
from store.audit import Entry
from store.lake import Lake
from values.actors import Actor
from values.ids import uuid7


@dataclass(slots=True)
class Batch:
    """What a batch of files will write: new rows with their set-aside lines, earlier versions that end.

    Attributes:
        known: the register's files of the body as they will be, by the name of their lines.
    """

    known: dict[str, Registered]
    new: dict[UUID, dict[str, Any]] = field(default_factory=dict[UUID, dict[str, Any]])
    ended: list[UUID] = field(default_factory=list[UUID])
    set_aside: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    entries: list[Entry] = field(default_factory=list[Entry])
    already: int = 0
    replaced: int = 0

    def end(self, file: Registered) -> None:
        """Let a version count no longer, whether it was registered before or stands in this batch."""
        if file.id in self.new:
            self.new[file.id].update(state=FileState.REPLACED, ended_at=datetime.now(UTC))
        else:
            self.ended.append(file.id)
        self.known[file.lines_name] = file.ended()


async def register(
    db: AsyncSession,
    actor: Actor,
    lake: Lake,
    body_code: str,
    taken: Sequence[Taken],
    replaces: UUID | None,
) -> Batch:
    """Register files of a body whose lines are in the lake; those that are registered change nothing.

    Args:
        db: one transaction, in which everything happens.
        actor: who imports.
        lake: where the lines are.
        body_code: whose files they are.
        taken: files that could be read.
        replaces: the registered file that the one file given replaces, where its name does not say so.
    """
    # Two imports for one body take turns, or both would register the same file.
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended(:body, 0))"), {"body": body_code})
    batch = Batch({file.lines_name: file for file in await queries.registered(db, body_code)})
    for file in taken:
        if _is_registered(file, batch.known):
            batch.already += 1
            continue
        earlier = _replaced(file, list(batch.known.values()), replaces)
        late = earlier is None and _overtaken(file.name, batch.known.values())
        await _add(batch, actor, lake, body_code, file, earlier)
        if late:
            batch.end(batch.known[file.lines_name])
    await _write(db, actor, batch)
    return batch


async def _write(db: AsyncSession, actor: Actor, batch: Batch) -> None:
    if batch.ended:
        await db.execute(
            update(PublishedFile)
            .where(PublishedFile.id.in_(batch.ended))
            .values(state=FileState.REPLACED, ended_at=datetime.now(UTC))
        )
    if batch.new:
        await db.execute(insert(PublishedFile), list(batch.new.values()))
    if batch.set_aside:
        await db.execute(insert(SetAsideLine), batch.set_aside)
    await audit.record_all(db, actor, batch.entries)


def _is_registered(taken: Taken, known: dict[str, Registered]) -> bool:
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


def _replaced(taken: Taken, known: Sequence[Registered], replaces: UUID | None) -> Registered | None:
    current = [file for file in known if file.state == FileState.CURRENT]
    if replaces is not None:
        return next((file for file in current if file.id == replaces), None)
    # The same bytes, read anew under a person's correction of the columns.
    again = next((file for file in current if file.digest == taken.digest), None)
    if again is not None:
        return again
    stem = replacement.stem(taken.name)
    return next((file for file in current if replacement.replaces(stem, replacement.stem(file.name))), None)


def _overtaken(name: str, known: Iterable[Registered]) -> bool:
    """Tell whether a later version of this file is there already."""
    stem = replacement.stem(name)
    others = (replacement.stem(file.name) for file in known if file.state == FileState.CURRENT)
    return any(other.revision > stem.revision and replacement.replaces(other, stem) for other in others)


async def _add(
    batch: Batch, actor: Actor, lake: Lake, body_code: str, taken: Taken, earlier: Registered | None
) -> None:
    file_id = uuid7()
    difference = None
    if earlier is not None:
        difference = await asyncio.to_thread(
            intake.difference, lake, body_code, earlier.lines_name, taken.lines_name
        )
        batch.end(earlier)
        batch.replaced += 1
        batch.entries.append(
            Entry("file.replaced", "published_file", earlier.id, {"by": str(file_id), **difference})
        )
    batch.new[file_id] = {
        "id": file_id,
        "body_code": body_code,
        "name": taken.name,
        "sha256": bytes.fromhex(taken.digest),
        "lines_name": taken.lines_name,
        "size_bytes": taken.size_bytes,
        "state": FileState.CURRENT,
        "ended_at": None,
        "replaces_id": earlier.id if earlier else None,
        "lines": taken.lines,
        "read": taken.lines - len(taken.set_aside),
        "set_aside": len(taken.set_aside),
        "amount_read_pence": taken.amount_read_pence,
        "amount_basis": max(taken.amount_basis, key=lambda b: taken.amount_basis[b], default="unknown"),
        "first_on": taken.first_on,
        "last_on": taken.last_on,
        "decisions": taken.decisions,
        "mapping": taken.mapping,
        "difference": difference,
        "imported_by": actor.person_id,
    }
    batch.set_aside += [{"file_id": file_id, "body_code": body_code, **row} for row in taken.set_aside]
    about = {
        "body": body_code,
        "name": taken.name,
        "sha256": taken.digest,
        "lines": taken.lines,
        "set_aside": len(taken.set_aside),
    }
    batch.entries.append(Entry("file.imported", "published_file", file_id, about))
    batch.known[taken.lines_name] = Registered(
        file_id, taken.name, taken.digest, taken.lines_name, FileState.CURRENT
    )
