"""An award is decided as computed, approved by every buyer, told to all bidders at once, or challenged."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.actions import changing, parties
from tenders.models import AssessmentSummary, AwardApproval, TenderAward, TenderChallenge
from tenders.queries import approvals, assessments, tenders, ties
from tenders.queries import awards as queries
from tenders.queries.tenders import TenderRow
from tenders.rules import approving, outcomes, states
from tenders.rules import awarding as rules
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import NotAllowed, Refused


async def _led(db: AsyncSession, actor: Actor, tender_id: UUID, state: TenderState) -> TenderRow:
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    if TenderState(tender.state) is not state:
        raise Refused(f"This follows once the tender is {states.STATE_WORDS[state][0].lower()}.")
    return tender


async def decide(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    """Decide the award as it was computed, for the buyers to approve.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: names are hidden, the assessment does not come out again, or nobody has won.
    """
    await _led(db, actor, tender_id, TenderState.ASSESSED)
    if (await queries.page(db, tender_id)).awards:
        raise Refused("The award was decided already.")
    page = await assessments.page(db, tender_id)
    names = await queries.names(db, tender_id)
    if page.made is None or not names:
        raise Refused("The chair of the panel shows the names first.")
    out = {each.candidate.number: each.out for each in page.bids if each.out}
    if outcomes.fingerprint(outcomes.as_kept(page.lots, out)) != page.made.sha256:
        raise Refused("The assessment does not come out again as it was kept. Nothing can be awarded by it.")
    ids = {str(each.candidate.number): each.candidate.id for each in page.bids}
    best = await ties.settled(db, tender_id)
    winners = best.winners if best else {}
    rules.check_settled(winners, best.open if best else ())
    for lot_id, number in winners.items():
        name, organisation_id = names[ids[number]]
        await db.execute(
            insert(TenderAward)
            .values(
                tender_id=tender_id,
                lot_id=UUID(lot_id),
                opened_id=ids[number],
                organisation_id=organisation_id,
                supplier_name=name,
                sha256=page.made.sha256,
                reason=reason.strip(),
                decided_by=actor.name,
            )
            .inline()
        )
    await parties.enter(db, tender_id)
    await audit.record(db, actor, "tender.award_decided", "tender", tender_id)


async def check_approval(db: AsyncSession, actor: Actor, tender_id: UUID, *, seen: bytes) -> str:
    """Refuse an approval that would not hold, else return the actor's council.

    Asked before a code is used up, and again when the approval is written.

    Raises:
        NotAllowed: not an approver.
        Refused: there is no such award, it was approved already, or goes beyond the approver's limit.
    """
    approving.check_approver(actor)
    tender = await tenders.tender_row(db, tender_id)
    code = await own_code(db, actor) or ""
    page = await queries.page(db, tender_id)
    if code not in {each.code for each in await tenders.buyers(db, tender_id)}:
        raise NotAllowed("Only an approver of a council in the tender approves its award.")
    if tender.state != TenderState.ASSESSED or not page.awards or page.awards[0].sha256 != seen:
        raise Refused("There is no award like this to approve.")
    if any(each.body_code == code for each in page.approvals):
        raise Refused("Your council approved this award already.")
    standing = await approvals.standing(db, actor, tender)
    rules.check_limit(standing.share_pence, standing.limit_pence)
    return code


async def approve(db: AsyncSession, actor: Actor, tender_id: UUID, *, seen: bytes) -> None:
    """Approve the award for the actor's council; a code is asked for just before.

    Raises:
        NotAllowed: not an approver.
        Refused: there is no such award, it was approved already, or goes beyond the approver's limit.
    """
    code = await check_approval(db, actor, tender_id, seen=seen)
    values = {"tender_id": tender_id, "body_code": code, "sha256": seen}
    await db.execute(
        insert(AwardApproval).values(**values, person_id=actor.person_id, person_name=actor.name).inline()
    )
    await audit.record(db, actor, "tender.award_approved", "tender", tender_id, body_code=code)


async def conclude(db: AsyncSession, actor: Actor, tender_id: UUID) -> None:
    """Award once every buyer approved, and make what each bidder is told.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: an approval is missing.
    """
    tender = await _led(db, actor, tender_id, TenderState.ASSESSED)
    approved = {each.body_code for each in (await queries.page(db, tender_id)).approvals}
    missing = [x.short_name for x in await tenders.buyers(db, tender_id) if x.code not in approved]
    if missing:
        raise Refused(f"Not approved yet by: {', '.join(missing)}.")
    await changing.move(db, tender, TenderState.AWARDED)
    await _make_summaries(db, tender_id)
    await audit.record(db, actor, "tender.awarded", "tender", tender_id)


async def _make_summaries(db: AsyncSession, tender_id: UUID) -> None:
    page = await assessments.page(db, tender_id)
    names = await queries.names(db, tender_id)
    called = {str(each.candidate.number): names[each.candidate.id][0] for each in page.bids}
    reasons = await queries.reasons(db, tender_id)
    best = await ties.settled(db, tender_id)
    for each in page.bids if page.made else ():
        number = str(each.candidate.number)
        content = rules.summary(
            page.made.kept if page.made else {},
            number,
            out=each.out,
            winners=best.winners if best else {},
            names=called,
            lots={lot.id: lot.title for lot in page.asked.lots},
            criteria=page.criteria,
            reasons=reasons,
            passed=best.passed_over(number) if best else {},
        )
        await db.execute(
            insert(AssessmentSummary)
            .values(
                opened_id=each.candidate.id,
                tender_id=tender_id,
                organisation_id=names[each.candidate.id][1],
                content=content,
            )
            .inline()
        )


async def release(db: AsyncSession, actor: Actor, tender_id: UUID) -> None:
    """Let every bidder read its summary, all at one moment.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: they were released, or there is no award.
    """
    await _led(db, actor, tender_id, TenderState.AWARDED)
    if (await queries.page(db, tender_id)).released:
        raise Refused("All bidders were told already.")
    await db.execute(
        update(AssessmentSummary)
        .where(AssessmentSummary.tender_id == tender_id, AssessmentSummary.released_at.is_(None))
        .values(released_at=func.statement_timestamp())
        .execution_options(synchronize_session=False)
    )
    await audit.record(db, actor, "tender.summaries_released", "tender", tender_id)


async def record_challenge(
    db: AsyncSession, actor: Actor, tender_id: UUID, *, words: str, notified_on: date
) -> None:
    """Record that proceedings were begun and the buyers told of it: nothing is signed meanwhile.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no standstill.
    """
    await _led(db, actor, tender_id, TenderState.STANDSTILL)
    values = {"id": uuid7(), "tender_id": tender_id, "words": words, "notified_on": notified_on}
    await db.execute(insert(TenderChallenge).values(**values, recorded_by=actor.name).inline())
    await audit.record(db, actor, "tender.challenged", "tender", tender_id)


async def end_challenge(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    """Record that the proceedings ended, or the suspension was lifted.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: none is open.
    """
    await _led(db, actor, tender_id, TenderState.STANDSTILL)
    if not (await queries.page(db, tender_id)).suspended:
        raise Refused("No challenge is open.")
    await db.execute(
        update(TenderChallenge)
        .where(TenderChallenge.tender_id == tender_id, TenderChallenge.ended_at.is_(None))
        .values(ended_at=func.statement_timestamp(), ended_reason=reason)
        .execution_options(synchronize_session=False)
    )
    await audit.record(db, actor, "tender.challenge_ended", "tender", tender_id, reason=reason)
