"""Corrections of tenders that are public, with what each changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ocds.rules.processes import Correction
from tenders.models import TenderCorrection
from tenders.queries import corrections


async def published(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Correction]]:
    """Return the published corrections of tenders, the first first."""
    rows: Any = await db.execute(
        select(
            TenderCorrection.id,
            TenderCorrection.tender_id,
            TenderCorrection.number,
            TenderCorrection.reason,
            TenderCorrection.reference,
            TenderCorrection.published_at,
            TenderCorrection.recorded_at,
        )
        .where(TenderCorrection.tender_id.in_(tender_ids), TenderCorrection.recorded_at.is_not(None))
        .order_by(TenderCorrection.number)
    )
    kept = rows.all()
    changes = await corrections.changes_of(db, [row.id for row in kept])
    found: dict[UUID, list[Correction]] = {}
    for row in kept:
        found.setdefault(row.tender_id, []).append(
            Correction(
                row.number,
                row.reason,
                changes.get(row.id, []),
                row.reference,
                row.published_at,
                row.recorded_at,
            )
        )
    return found
