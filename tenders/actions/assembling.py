"""The panel of a tender is formed in one step: its chair, its questions, and the bids under their numbers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions import panels
from spend.queries import own_code
from tenders.actions.bidding import opening
from tenders.queries import assessing as queries
from tenders.queries import tenders
from tenders.rules import assessing as rules
from tenders.rules import states
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import Refused


async def form_panel(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, chair_id: UUID, assesses: bool
) -> int:
    """Form the panel, ask it what was published, and give it the opened bids; return how many there are.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the bids are not open, there is a panel, or no bid can be assessed.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    if TenderState(tender.state) is not TenderState.OPENED:
        raise Refused("A panel begins once the bids are opened.")
    if await queries.panel(db, tender_id):
        raise Refused("This tender has a panel.")
    await panels.form_panel(db, actor, tender_id, chair_id=chair_id, assesses=assesses)
    wanted = rules.questions(await queries.criteria(db, tender_id))
    await panels.give_questions(db, actor, tender_id, wanted)
    return await opening.enter_candidates(db, actor, tender_id)
