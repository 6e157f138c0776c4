"""What a supplier has said about a tender, for its own people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from tenders.models import TenderFit
from tenders.queries.tenders import TenderRow
from tenders.rules.fitting import Answer, Fit


async def answers(db: AsyncSession, tender: TenderRow) -> dict[str, Answer]:
    """Return what the reader's own organisation said, by the keys of the points."""
    rows = await db.execute(
        select(TenderFit.key, TenderFit.answer, TenderFit.note).where(TenderFit.tender_id == tender.id)
    )
    return {key: Answer(Fit(answer) if answer else None, note) for key, answer, note in rows}


async def region_names(db: AsyncSession, tender: TenderRow) -> list[str]:
    """Return the names of the regions that a tender's buyers lie in."""
    names = dict(await regions(db))
    return [names[code] for code in tender.region_codes if code in names]
