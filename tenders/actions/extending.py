"""A deadline is moved to later for all bidders, with a reason that everybody reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import subjects
from spend.queries import own_code
from store import audit
from tenders.queries import tenders
from tenders.rules import extending as rules
from tenders.rules import states
from values.actors import Actor
from values.refusals import Refused


async def extend(db: AsyncSession, actor: Actor, tender_id: UUID, *, until: datetime, reason: str) -> None:
    """Move the deadline to later, for everybody.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is no later time, opening was proposed, or no reason was given.
    """
    tender = await tenders.tender_row(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    now = await subjects.now(db)
    rules.check_can_extend(tender.state, tender.tenders_due_at, until, now, reason=reason)
    done = await db.scalar(select(func.app.extend_deadline(tender_id, until, reason.strip(), actor.name)))
    if not done:
        raise Refused("The tender has gone on since you opened this page. Look at it again.")
    await audit.record(
        db,
        actor,
        "tender.deadline_extended",
        "tender",
        tender_id,
        before=tender.tenders_due_at.isoformat() if tender.tenders_due_at else None,
        until=until.isoformat(),
        reason=reason.strip(),
    )
