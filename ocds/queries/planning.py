"""Early notices that the central platform published, for releases to be made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ocds.rules.processes import Early, Planned
from tenders.models import EarlyNotice
from tenders.queries.early_notices import COLUMNS, EarlyRow
from tenders.rules.notices import NoticeState


async def planned(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Planned]:
    """Return what is public of some processes before their tenders; nothing of a draft but its notices."""
    query = select(*COLUMNS).where(
        EarlyNotice.tender_id.in_(tender_ids), EarlyNotice.state == NoticeState.CONFIRMED
    )
    found: dict[UUID, list[EarlyRow]] = {}
    for row in await db.execute(query.order_by(EarlyNotice.confirmed_at, EarlyNotice.id)):
        found.setdefault(row.tender_id, []).append(EarlyRow(*row))
    return {
        tender_id: Planned(
            tender_id=tender_id,
            notices=[_early(row) for row in own],
            ended_at=own[-1].ended_at,
            invented=own[-1].demonstration,
        )
        for tender_id, own in found.items()
    }


async def titles(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what processes were called by their newest early notices."""
    return {each.tender_id: each.notices[-1].facts.title for each in (await planned(db, tender_ids)).values()}


def _early(row: EarlyRow) -> Early:
    if row.published_at is None or row.confirmed_at is None:
        raise LookupError(f"the notice {row.id} is not confirmed")
    return Early(row.code, row.number, row.reference, row.published_at, row.confirmed_at, row.facts)
