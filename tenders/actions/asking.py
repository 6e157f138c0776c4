"""A tender that is published takes questions, until a time that follows from its dates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions import subjects
from sourcing.queries.subjects import now, questions_until
from tenders.queries.tenders import TenderRow
from tenders.rules import asking
from values.actors import Actor


async def take_questions(
    db: AsyncSession, actor: Actor, tender: TenderRow, *, published_at: datetime
) -> None:
    """Let suppliers ask about a tender that was just published; the lead can move the time to later.

    Where its dates leave no time, the lead is shown that none is given.
    """
    until = asking.last_for_questions(published_at, tender.tenders_due_at)
    if until is None or until <= await now(db) or await questions_until(db, tender.id):
        return
    await subjects.take_questions_until(db, actor, tender.id, until)
