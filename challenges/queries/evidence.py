"""Files of evidence as far as the reader may open them, each with the readings that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import PilotEvidence, PilotReadingEvidence
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file; `readings` are those that it shows, corrected ones too."""

    id: UUID
    position: int
    words: str
    sha256: bytes
    name: str
    file_kind: str
    size: int
    for_public: bool
    checked_by: str
    added_by: str
    added_at: datetime
    readings: Sequence[UUID]


async def evidence(db: AsyncSession, pilot_id: UUID) -> Sequence[EvidenceRow]:
    """Return the files of a pilot that the reader may open, by measure, the first added first."""
    of = PilotEvidence
    link = PilotReadingEvidence
    rows = await db.execute(
        select(
            *(of.id, of.position, of.words, of.sha256, of.name, of.file_kind, of.size),
            *(of.for_public, of.checked_by, of.added_by, of.added_at),
            func.array_agg(aggregate_order_by(link.reading_id, link.reading_id)),
        )
        .join(link, link.evidence_id == of.id)
        .where(of.pilot_id == pilot_id)
        .group_by(of.id)
        .order_by(of.position, of.added_at, of.id)
    )
    return [EvidenceRow(*row) for row in rows]


async def one(db: AsyncSession, pilot_id: UUID, evidence_id: UUID) -> EvidenceRow:
    """Return one file.

    Raises:
        Missing: there is none, or it is not the reader's to open.
    """
    found = next((each for each in await evidence(db, pilot_id) if each.id == evidence_id), None)
    if found is None:
        raise Missing("file")
    return found
