"""What of a tender a panel assesses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels
from sourcing.queries.panels import PanelRow
from tenders.models import TenderCriterion
from tenders.rules.assessing import AssessedCriterion, PublishedCriterion, assessed
from values.refusals import Missing


async def criteria(db: AsyncSession, tender_id: UUID) -> tuple[AssessedCriterion, ...]:
    """Return the award criteria of a tender as they are marked, in their published order."""
    rows = await db.execute(
        select(
            TenderCriterion.id,
            TenderCriterion.parent_id,
            TenderCriterion.title,
            TenderCriterion.weight,
            TenderCriterion.highest,
            TenderCriterion.least,
            TenderCriterion.passes_or_fails,
            TenderCriterion.standard,
        )
        .where(TenderCriterion.tender_id == tender_id, TenderCriterion.kind == "award")
        .order_by(TenderCriterion.position)
    )
    return assessed(
        [PublishedCriterion(str(row[0]), str(row[1]) if row[1] else None, *row[2:]) for row in rows]
    )


async def panel(db: AsyncSession, tender_id: UUID) -> PanelRow | None:
    """Return the panel of a tender, or None where none was formed or the reader is of no buyer."""
    try:
        return await panels.panel(db, tender_id)
    except Missing:
        return None
