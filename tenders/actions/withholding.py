"""A text of the winning bid's assessment is withheld from summaries before they are told (section 94)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.models import AssessmentSummary, SummaryWithheld
from tenders.queries import awards as queries
from tenders.queries import tenders
from tenders.rules import states
from tenders.rules import withholding as rules
from tenders.rules.states import TenderState
from tenders.rules.withholding import Ground
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


async def withhold(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, lot: str, criterion: str, ground: Ground, reason: str
) -> None:
    """Put another text in place of why the winner got its mark, in the summaries of all others.

    What they lose and on which ground is said in its place; the text and the reason stay with the buyers.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no such text, it was withheld, or all were told already.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    page = await queries.page(db, tender_id)
    if TenderState(tender.state) is not TenderState.AWARDED or page.released:
        raise Refused("A text is withheld after the award and before all bidders are told.")
    instead = rules.instead(ground)
    words = ""
    for each in page.summaries:
        content, found = rules.replaced(each.content, lot, criterion, instead)
        words = words or found
        if found:
            await _write(db, each.opened_id, content)
    if not words:
        raise Refused("No summary tells such a text, or it is withheld already.", "what")
    values: dict[str, Any] = {"lot": lot, "criterion": criterion, "words": words, "instead": instead}
    await db.execute(
        insert(SummaryWithheld)
        .values(id=uuid7(), tender_id=tender_id, **values, reason=reason, withheld_by=actor.name)
        .inline()
    )
    await audit.record(db, actor, "tender.summary_withheld", "tender", tender_id, criterion=criterion)


async def _write(db: AsyncSession, opened_id: UUID, content: dict[str, Any]) -> None:
    await db.execute(
        update(AssessmentSummary)
        .where(AssessmentSummary.opened_id == opened_id)
        .values(content=content)
        .execution_options(synchronize_session=False)
    )
