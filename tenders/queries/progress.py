"""How far a published tender is, as somebody of a buyer stands to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import panels
from tenders.queries import assessing, awards, openings
from tenders.queries import notices as notice_queries
from tenders.queries.tenders import BuyerRow, TenderRow
from tenders.rules import opening, states
from tenders.rules.content import Model
from tenders.rules.next_steps import Awards, Opens, Panels, Progress
from tenders.rules.notices import Code, NoticeState
from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused
from values.years import london_today

_OPENS: Final = (TenderState.PUBLISHED, TenderState.CLOSED, TenderState.OPENED)
_SCORES: Final = (TenderState.OPENED, TenderState.ASSESSED)
_AWARDS: Final = (TenderState.ASSESSED, TenderState.AWARDED, TenderState.STANDSTILL, TenderState.CONTRACTS)


async def progress(
    db: AsyncSession, actor: Actor, tender: TenderRow, buyers: Sequence[BuyerRow], own_code: str
) -> Progress:
    """Return what the next step of a reader of a buyer follows from."""
    state = TenderState(tender.state)
    leads = states.may_lead(actor, tender.lead_code, own_code)
    return Progress(
        state=state,
        lead=next((each.short_name for each in buyers if each.code == tender.lead_code), tender.lead_name),
        leads=leads,
        approves=actor.has(Role.APPROVER),
        officer=actor.has(Role.OFFICER),
        opens=await _opens(db, actor, tender, own_code) if state in _OPENS else Opens(),
        panel=await _panel(db, actor, tender.id) if state in _SCORES else Panels(),
        award=await _award(db, tender, buyers, own_code, leads=leads) if state in _AWARDS else Awards(),
        below=tender.below,
    )


async def _opens(db: AsyncSession, actor: Actor, tender: TenderRow, own_code: str) -> Opens:
    found = await openings.circumstances(db, tender, own_code=own_code, takes_part=True)
    waiting = found.waiting
    return Opens(
        due_at=tender.tenders_due_at,
        due_passed=opening.may_see_steps(found),
        proposed_by=f"{waiting.person_name} of {waiting.body_name}" if waiting else "",
        proposes=_can(lambda: opening.check_can_propose(found)),
        confirms=_can(lambda: opening.check_can_confirm(actor, found)),
        bids=len(await openings.opened(db, tender.id)),
    )


def _can(check: Callable[[], None]) -> bool:
    try:
        check()
    except (Refused, NotAllowed):
        return False
    return True


async def _panel(db: AsyncSession, actor: Actor, tender_id: UUID) -> Panels:
    panel = await assessing.panel(db, tender_id)
    if panel is None:
        return Panels()
    members = await panels.members(db, tender_id)
    own = next((each for each in members if each.person_id == actor.person_id), None)
    return Panels(
        state=panel.state,
        chairs=panel.chair_id == actor.person_id,
        behind=own is not None and own.behind,
        assesses=own is not None and own.assesses,
        names_shown=panel.names_lifted_at is not None,
    )


async def _award(
    db: AsyncSession, tender: TenderRow, buyers: Sequence[BuyerRow], own_code: str, *, leads: bool
) -> Awards:
    page = await awards.page(db, tender.id)
    approved = {each.body_code for each in page.approvals}
    found = await notice_queries.notices(db, tender.id)
    ends_on = page.standstill.ends_on if page.standstill else None
    own = {each.lot_id for each in page.contracts if each.body_code == own_code}
    return Awards(
        decided=bool(page.awards),
        missing=tuple(each.short_name for each in buyers if each.code not in approved),
        own_missing=own_code not in approved,
        told=page.released,
        noticed=any(each.code == Code.AWARD and each.state != NoticeState.DISCARDED for each in found),
        ends_on=ends_on,
        over=ends_on is not None and london_today() > ends_on,
        suspended=page.suspended,
        signs=leads or tender.model == Model.PARALLEL,
        signed=bool(page.awards) and {each.lot_id for each in page.awards} <= own,
    )
