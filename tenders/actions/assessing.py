"""Bids are looked at, one step at a time, and then the assessment is computed and kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.panels import check_hidden
from spend.queries import own_code
from store import audit
from tenders.actions import changing
from tenders.models import BidCheck, TenderAssessment
from tenders.queries import assessments as queries
from tenders.queries import tenders
from tenders.queries.tenders import TenderRow
from tenders.rules import checks as rules
from tenders.rules import outcomes, states
from tenders.rules.checks import CheckKind, Step
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused


async def _opened(db: AsyncSession, actor: Actor, tender_id: UUID) -> TenderRow:
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    if TenderState(tender.state) is not TenderState.OPENED:
        raise Refused("Bids are looked at between the opening and the assessment.")
    return tender


async def record_check(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    number: int,
    *,
    kind: CheckKind,
    criterion_id: UUID | None,
    step: Step,
    reason: str,
) -> None:
    """Record a step about one bid: a condition that passes or fails, or a ground to disregard it.

    Raises:
        Missing: there is no such bid or condition.
        NotAllowed: not an officer of the lead council, or one who has a conflict with the bid.
        Refused: another step comes first, there is no reason, or it is the wrong time.
    """
    await _opened(db, actor, tender_id)
    page = await queries.page(db, tender_id)
    row = next((each for each in page.bids if each.candidate.number == number), None)
    if row is None:
        raise Missing("bid")
    if row.hidden:
        raise NotAllowed("You declared a conflict with this bid: somebody else looks at it.")
    if criterion_id is not None and str(criterion_id) not in {each.id for each in page.asked.conditions}:
        raise Missing("condition")
    before = rules.latest(row.checks).get((kind, criterion_id))
    rules.check_step(before.step if before else None, kind, step, reason)
    await db.execute(
        insert(BidCheck)
        .values(
            id=uuid7(),
            tender_id=tender_id,
            opened_id=row.candidate.id,
            kind=kind.value,
            criterion_id=criterion_id,
            step=step.value,
            reason=reason.strip(),
            person_id=actor.person_id,
            person_name=actor.name,
        )
        .inline()
    )
    await audit.record(
        db, actor, "tender.bid_checked", "tender", tender_id, number=number, kind=kind.value, step=step.value
    )


async def assess(db: AsyncSession, actor: Actor, tender_id: UUID) -> bytes:
    """Compute the assessment from what was published, agreed and opened, and keep it; return its SHA-256.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the panel has not settled, something about a bid is still to be decided, or the actor has a
            conflict with a bid.
    """
    tender = await _opened(db, actor, tender_id)
    page = await queries.page(db, tender_id)
    if not page.settled:
        raise Refused("The panel has not settled.")
    check_hidden(page.hidden, "bid")
    if page.lacking:
        raise Refused(f"Conditions and explanations that are still to be decided: {page.lacking}.")
    out = {each.candidate.number: each.out for each in page.bids if each.out}
    kept = outcomes.as_kept(page.lots, out)
    sha256 = outcomes.fingerprint(kept)
    await db.execute(
        insert(TenderAssessment)
        .values(tender_id=tender_id, kept=kept, sha256=sha256, person_name=actor.name)
        .inline()
    )
    await changing.move(db, tender, TenderState.ASSESSED)
    await audit.record(db, actor, "tender.assessed", "tender", tender_id, sha256=sha256.hex())
    return sha256
