"""Between bids that method and rule leave equal a lot is drawn: one proposes it, a second person confirms."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.models import TieDraw
from tenders.queries import tenders
from tenders.queries import ties as queries
from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


async def propose(db: AsyncSession, actor: Actor, tender_id: UUID, lot_id: UUID) -> None:
    """Propose to draw a lot between the bids that are left; nobody can choose by it.

    Raises:
        NotAllowed: not an officer or approver of a buyer.
        Refused: there is no tie that a lot breaks, or a draw was proposed.
    """
    code = await _buyer(db, actor, tender_id)
    found = await queries.settled(db, tender_id)
    tie = next((each for each in found.open if each.lot == str(lot_id)), None) if found else None
    if found is None or tie is None or not tie.needs_draw:
        raise Refused("No tie here is to be broken by lot.")
    if str(lot_id) in found.draws:
        raise Refused("A draw was proposed already.")
    await db.execute(
        insert(TieDraw)
        .values(
            tender_id=tender_id,
            lot_id=lot_id,
            sha256=found.sha256,
            candidates=list(tie.left),
            proposed_by_id=actor.person_id,
            proposed_by=actor.name,
            proposed_code=code,
        )
        .inline()
    )
    await audit.record(db, actor, "tender.draw_proposed", "tender", tender_id, bids=list(tie.left))


async def confirm(db: AsyncSession, actor: Actor, tender_id: UUID, lot_id: UUID) -> str:
    """Confirm a draw that somebody else proposed; the database draws, and the number comes back.

    Raises:
        NotAllowed: not an officer or approver of a buyer.
        Refused: nobody else proposed it, or both are of one buyer and there is another.
    """
    code = await _buyer(db, actor, tender_id)
    found = await queries.settled(db, tender_id)
    draw = found.draws.get(str(lot_id)) if found else None
    if draw is None or draw.drawn:
        raise Refused("There is no draw to confirm.")
    alone = len(await tenders.buyers(db, tender_id)) == 1
    if draw.proposed_by_id == actor.person_id or (draw.proposed_code == code and not alone):
        raise Refused("A second person confirms the draw: of another buyer, where there is one.")
    drawn = await db.scalar(select(func.app.draw_lot(tender_id, lot_id, actor.name)))
    await audit.record(
        db, actor, "tender.lot_drawn", "tender", tender_id, number=drawn, proposed_by=draw.proposed_by
    )
    return str(drawn)


async def _buyer(db: AsyncSession, actor: Actor, tender_id: UUID) -> str:
    tender = await tenders.locked_tender(db, tender_id)
    code = await own_code(db, actor) or ""
    buys = code in {each.code for each in await tenders.buyers(db, tender_id)}
    if not buys or not actor.has(Role.OFFICER, Role.APPROVER):
        raise NotAllowed("Only people of the buyers draw a lot.")
    if tender.state != TenderState.ASSESSED:
        raise Refused("A lot is drawn once the assessment was made, and before the award.")
    return code
