"""Invented notices that come before the tender notice: suppliers are asked, a procurement is planned."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenders.actions import early_notices, parts
from tenders.queries import tenders
from tenders.rules.early_notices import Early, Engaging
from tenders.rules.linting.findings import Part
from values.actors import Actor

REFERENCE: Final = "000000-0000 (invented)"


async def ask_suppliers(db: AsyncSession, officer: Actor, tender_id: UUID, anchor: date) -> None:
    """Ask suppliers about a draft by a notice that is confirmed at once."""
    engaging = Engaging(
        about="How you link permits to payments, and what a council has to keep ready for it (invented)",
        how="An hour on the telephone, or ten questions by mail: permits@example.org (invented)",
        starts_on=anchor,
        ends_on=anchor + timedelta(days=21),
    )
    await _confirmed(db, officer, tender_id, Early.ENGAGEMENT, engaging)


async def plan(db: AsyncSession, officer: Actor, tender_id: UUID, anchor: date) -> None:
    """Plan a tender for in two months, by a notice that is confirmed at once; the draft lacks much else."""
    for buyer in await tenders.buyers(db, tender_id):
        described = {
            "address": "1 Example Square (invented)",
            "email": "procurement@example.org",
            "identifier": f"PXXX-0000-{buyer.code} (invented)",
        }
        await parts.describe_buyer(db, officer, tender_id, buyer.code, described)
    await parts.save(db, officer, tender_id, Part.DATES, {"publish_on": anchor + timedelta(days=60)})
    await _confirmed(db, officer, tender_id, Early.PLANNED, None)


async def _confirmed(
    db: AsyncSession, officer: Actor, tender_id: UUID, code: Early, engaging: Engaging | None
) -> None:
    notice_id = await early_notices.prepare(db, officer, tender_id, code, engaging=engaging)
    await early_notices.confirm(
        db, officer, tender_id, notice_id, reference=REFERENCE, published_at=datetime.now(UTC)
    )
