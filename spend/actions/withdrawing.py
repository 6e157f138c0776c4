"""Taking a file out of the figures, and back in: the application asks, and a job, which may, does it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend import queries
from spend.models import FileState, PublishedFile
from spend.rules import access
from store import audit, jobs
from values.actors import Actor
from values.refusals import Refused

NOT_CURRENT = "This file does not count, so there is nothing to withdraw"
NOT_WITHDRAWN = "This file was not withdrawn, so there is nothing to restore"
TAKEN = "Another version of this file counts now. Withdraw that one first"


async def ask_withdraw(db: AsyncSession, actor: Actor, file_id: UUID, *, reason: str) -> UUID:
    """Ask for a file to be taken out of the figures; return the job."""
    facts = await _changeable(db, actor, file_id)
    if not facts.current:
        raise Refused(NOT_CURRENT)
    return await jobs.enqueue(db, actor, "spend.withdraw", file=str(file_id), reason=reason)


async def ask_restore(db: AsyncSession, actor: Actor, file_id: UUID) -> UUID:
    """Ask for a withdrawn file to count again; return the job."""
    facts = await _changeable(db, actor, file_id)
    if not facts.withdrawn:
        raise Refused(NOT_WITHDRAWN)
    return await jobs.enqueue(db, actor, "spend.restore", file=str(file_id))


async def withdraw(db: AsyncSession, actor: Actor, file_id: UUID, *, reason: str) -> None:
    """Take a file out of the figures, and have them made anew."""
    facts = await _changeable(db, actor, file_id)
    await _one_at_a_time(db, facts.body_code)
    if (await queries.file_facts(db, file_id)).state != FileState.CURRENT:
        raise Refused(NOT_CURRENT)
    await db.execute(
        update(PublishedFile)
        .where(PublishedFile.id == file_id)
        .values(state=FileState.WITHDRAWN, ended_at=datetime.now(UTC))
    )
    await audit.record(db, actor, "file.withdrawn", "published_file", file_id, reason=reason)
    await jobs.enqueue(db, actor, "insights.release")


async def restore(db: AsyncSession, actor: Actor, file_id: UUID) -> None:
    """Let a withdrawn file count again, and have the figures made anew."""
    facts = await _changeable(db, actor, file_id)
    await _one_at_a_time(db, facts.body_code)
    if (await queries.file_facts(db, file_id)).state != FileState.WITHDRAWN:
        raise Refused(NOT_WITHDRAWN)
    taken = await db.scalar(
        select(PublishedFile.id)
        .where(
            PublishedFile.body_code == facts.body_code,
            PublishedFile.state == FileState.CURRENT,
            (PublishedFile.sha256 == bytes.fromhex(facts.digest)) | (PublishedFile.replaces_id == file_id),
        )
        .limit(1)
    )
    if taken is not None:
        raise Refused(TAKEN)
    await db.execute(
        update(PublishedFile)
        .where(PublishedFile.id == file_id)
        .values(state=FileState.CURRENT, ended_at=None)
    )
    await audit.record(db, actor, "file.restored", "published_file", file_id)
    await jobs.enqueue(db, actor, "insights.release")


async def _changeable(db: AsyncSession, actor: Actor, file_id: UUID) -> queries.FileFacts:
    facts = await queries.file_facts(db, file_id)
    access.check_may_change(actor, facts.body_code, await queries.own_code(db, actor))
    return facts


async def _one_at_a_time(db: AsyncSession, body_code: str) -> None:
    """Wait for an import of the same body, which takes the same lock."""
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended(:body, 0))"), {"body": body_code})
