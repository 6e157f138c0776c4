"""A day in place of the law's tables is part of what buyers approve: another one ends approvals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions import overrides as actions
from sourcing.rules.timetables.asked import Asked
from tenders.actions import changing
from values.actors import Actor


async def set_day(
    db: AsyncSession, actor: Actor, tender_id: UUID, asked: Asked, *, code: str, value: date, reason: str
) -> None:
    """Set a day for a step of a tender that can still be changed.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published, or the timetable contradicts the day.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    await actions.set_override(db, actor, tender_id, asked, code=code, value=value, reason=reason)
    await changing.settle(db, actor, tender)


async def withdraw(db: AsyncSession, actor: Actor, tender_id: UUID, *, code: str, reason: str) -> None:
    """Let the tables count again for a step of a tender that can still be changed.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the tender is published: what was approved and published stays.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    await actions.withdraw_override(db, actor, tender_id, code=code, reason=reason)
    await changing.settle(db, actor, tender)
