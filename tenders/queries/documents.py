"""Documents of a tender: the versions that count, and all there ever were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import TenderDocument, TenderDocumentVersion
from tenders.rules.documents import KIND_WORDS
from values.refusals import Missing

_COLUMNS: Final = (
    TenderDocument.id,
    TenderDocument.title,
    TenderDocument.position,
    TenderDocumentVersion.version,
    TenderDocumentVersion.name,
    TenderDocumentVersion.kind,
    TenderDocumentVersion.size,
    TenderDocumentVersion.sha256,
    TenderDocumentVersion.person_name,
    TenderDocumentVersion.added_at,
    TenderDocument.removed_at,
)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A version of a document."""

    id: UUID
    title: str
    position: int
    version: int
    name: str
    kind: str
    size: int
    sha256: bytes
    person_name: str
    added_at: datetime
    removed_at: datetime | None

    @property
    def kind_words(self) -> str:
        """What kind of file it is."""
        return KIND_WORDS.get(self.kind, self.kind)


def _versions(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(TenderDocumentVersion, TenderDocumentVersion.document_id == TenderDocument.id)
        .where(*where)
    )


async def current(db: AsyncSession, tender_id: UUID) -> Sequence[DocumentRow]:
    """Return the last version of each document that was not removed, in the order in which they came."""
    return (await current_of(db, [tender_id])).get(tender_id, [])


async def current_of(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[DocumentRow]]:
    """Return the same of several tenders."""
    query = (
        _versions(TenderDocument.tender_id.in_(tender_ids), TenderDocument.removed_at.is_(None))
        .add_columns(TenderDocument.tender_id)
        .ext(distinct_on(TenderDocument.position, TenderDocument.id))
        .order_by(TenderDocument.position, TenderDocument.id, TenderDocumentVersion.version.desc())
    )
    found: dict[UUID, list[DocumentRow]] = {}
    for *document, tender_id in await db.execute(query):
        found.setdefault(tender_id, []).append(DocumentRow(*document))
    return found


async def versions(db: AsyncSession, tender_id: UUID, document_id: UUID) -> Sequence[DocumentRow]:
    """Return all versions of a document, the last first.

    Raises:
        Missing: the tender has no such document, or it is not theirs to see.
    """
    query = _versions(TenderDocument.tender_id == tender_id, TenderDocument.id == document_id).order_by(
        TenderDocumentVersion.version.desc()
    )
    found = [DocumentRow(*row) for row in await db.execute(query)]
    if not found:
        raise Missing("document")
    return found


async def last_position(db: AsyncSession, tender_id: UUID) -> int:
    """Return the position of the last document, removed ones as well; 0 where there is none."""
    query = select(func.coalesce(func.max(TenderDocument.position), 0))
    return await db.scalar(query.where(TenderDocument.tender_id == tender_id)) or 0
