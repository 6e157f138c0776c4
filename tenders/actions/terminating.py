"""A tender is terminated: nothing will be awarded under it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.actions import changing
from tenders.models import TenderApproval
from tenders.queries import tenders
from tenders.rules import states
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import Refused


async def terminate(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    """Terminate a tender with a reason; its pool may make another.

    Once it was published a procurement termination notice follows (section 55).

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it has led to contracts or is over, or no reason was given.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    if not reason:
        raise Refused("Say why the tender is terminated", "reason")
    await changing.move(db, tender, TenderState.TERMINATED, reason)
    if not tender.published:
        await db.execute(
            update(TenderApproval)
            .where(TenderApproval.tender_id == tender_id, TenderApproval.ended_at.is_(None))
            .values(ended_at=func.statement_timestamp(), ended_reason="The tender was terminated")
        )
    await audit.record(db, actor, "tender.terminated", "tender", tender_id, reason=reason)
