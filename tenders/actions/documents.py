"""Documents of a tender: added, replaced by another version, removed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from store import files
from tenders.actions import changing
from tenders.models import TenderDocument, TenderDocumentVersion
from tenders.queries import documents as queries
from tenders.rules import documents as rules
from values.actors import Actor
from values.ids import uuid7


async def add(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, title: str, name: str, kind: str, path: Path
) -> UUID:
    """Add a document with its first version.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published or over, or has as many documents as it takes.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    rules.check_room(len(await queries.current(db, tender_id)))
    document_id = uuid7()
    position = await queries.last_position(db, tender_id) + 1
    await db.execute(
        insert(TenderDocument)
        .values(id=document_id, tender_id=tender_id, position=position, title=title)
        .inline()
    )
    await _add_version(db, actor, tender_id, document_id, 1, name=name, kind=kind, path=path)
    await changing.changed(db, actor, tender, "tender.document_added", title=title, version=1)
    return document_id


async def replace(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    document_id: UUID,
    *,
    name: str,
    kind: str,
    path: Path,
) -> None:
    """Add another version of a document; the earlier ones stay on record.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published, or over.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    last = (await queries.versions(db, tender_id, document_id))[0]
    version = last.version + 1
    await _add_version(db, actor, tender_id, document_id, version, name=name, kind=kind, path=path)
    await changing.changed(db, actor, tender, "tender.document_added", title=last.title, version=version)


async def remove(db: AsyncSession, actor: Actor, tender_id: UUID, document_id: UUID) -> None:
    """Take a document out of a tender; it stays on record.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published, or over.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    last = (await queries.versions(db, tender_id, document_id))[0]
    await db.execute(
        update(TenderDocument)
        .where(TenderDocument.id == document_id)
        .values(removed_at=func.statement_timestamp())
    )
    await changing.changed(db, actor, tender, "tender.document_removed", title=last.title)


async def _add_version(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    document_id: UUID,
    version: int,
    *,
    name: str,
    kind: str,
    path: Path,
) -> None:
    sha256, size = await files.keep(db, path)
    await db.execute(
        insert(TenderDocumentVersion)
        .values(
            document_id=document_id,
            version=version,
            tender_id=tender_id,
            sha256=sha256,
            name=name,
            kind=kind,
            size=size,
            person_name=actor.name,
        )
        .inline()
    )
