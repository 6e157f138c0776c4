"""Invented notices that come before the tender notice: suppliers are asked, a procurement is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """Tell by a notice, confirmed at once, what suppliers were asked until the day before."""
    engaging = Engaging(
        about="How you link permits to payments, and what a council has to keep ready for it (invented)",
        how="An hour on the telephone, or ten questions by mail: permits@example.org (invented)",
        starts_on=anchor - timedelta(days=21),
        ends_on=anchor - timedelta(days=1),
    )
    await _confirmed(db, officer, tender_id, Early.ENGAGEMENT, engaging)


async def plan(
    db: AsyncSession,
    officer: Actor,
    tender_id: UUID,
    anchor: date,
    reached: Callable[[str], Mapping[str, str]],
) -> None:
    """Plan a tender for in two months, by a notice that is confirmed at once; the draft lacks much else.

    `reached` says how a council is reached, by its code.
    """
    for buyer in await tenders.buyers(db, tender_id):
        await parts.describe_buyer(db, officer, tender_id, buyer.code, reached(buyer.code))
    await parts.save(db, officer, tender_id, Part.DATES, {"publish_on": anchor + timedelta(days=60)})
    await _confirmed(db, officer, tender_id, Early.PLANNED, None)


async def _confirmed(
    db: AsyncSession, officer: Actor, tender_id: UUID, code: Early, engaging: Engaging | None
) -> None:
    notice_id = await early_notices.prepare(db, officer, tender_id, code, engaging=engaging)
    await early_notices.confirm(
        db, officer, tender_id, notice_id, reference=REFERENCE, published_at=datetime.now(UTC)
    )
