"""A correction goes to every buyer; each approves what the tender would then say, or refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries import subjects
from sourcing.queries.overrides import overrides_of
from sourcing.rules.law import law
from spend.queries import own_code
from store import audit
from tenders.actions.correcting import drafting
from tenders.models import TenderCorrection, TenderCorrectionApproval
from tenders.queries import approvals as approval_queries
from tenders.queries import checking as linting
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.queries import tenders
from tenders.queries.corrections import CorrectionRow
from tenders.queries.tenders import TenderRow
from tenders.rules import approving as rules
from tenders.rules import areas, notices
from tenders.rules.approving import Standing
from tenders.rules.content import Content
from tenders.rules.correcting import checking, places
from tenders.rules.correcting.checking import CorrectionState
from tenders.rules.correcting.places import Change
from tenders.rules.fingerprints import fingerprint
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused
from values.years import london_today


async def submit(db: AsyncSession, actor: Actor, tender_id: UUID, number: int) -> None:
    """Ask every buyer for approval of what the tender would then say.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: nothing changes, something would come to be in the way, suppliers would have little time, or
            the notice would lack something.
    """
    found = await drafting.led(db, actor, tender_id, number, CorrectionState.DRAFT)
    tender = await tenders.tender_row(db, tender_id)
    content, changes = await look(db, tender, found, await subjects.now(db))
    today = london_today()
    after = places.corrected(content, changes, until=found.until)
    checking.check_nothing_new(
        await linting.found(db, tender_id, content, today), await linting.found(db, tender_id, after, today)
    )
    _check_notice(tender, after)
    await db.execute(
        update(TenderCorrection)
        .where(TenderCorrection.id == found.id)
        .values(
            state=CorrectionState.IN_APPROVAL.value,
            fingerprint=fingerprint(after, await overrides_of(db, tender_id)),
        )
    )
    await audit.record(db, actor, "tender.correction_in_approval", "tender", tender_id, number=number)


def _check_notice(tender: TenderRow, after: Content) -> None:
    """Refuse a notice that would lack something: a tender from before it was asked for says it now."""
    on, where = london_today(tender.published_at), areas.said(tender.region_codes)
    notices.check_whole(notices.tender_notice(after, law(), on, areas=where))


async def look(
    db: AsyncSession, tender: TenderRow, found: CorrectionRow, now: datetime
) -> tuple[Content, Sequence[Change]]:
    """Return what the tender says and what a correction changes, if it can go on as things stand.

    Raises:
        Refused: with what is in the way.
    """
    content = await content_queries.content(db, tender.id)
    checking.check_can_correct(tender.state, content, now)
    changes = await queries.changes(db, found.id)
    checking.check_changes(content, changes)
    due_at = content.dates.tenders_due_at
    if due_at is not None:
        checking.check_time(due_at, found.until, found.enough, now)
    return content, changes


async def take_back(db: AsyncSession, actor: Actor, tender_id: UUID, number: int) -> None:
    """Make a correction a draft again; approvals of it end.

    Raises:
        Refused: it waits for nothing.
    """
    waiting = (CorrectionState.IN_APPROVAL, CorrectionState.APPROVED)
    found = await drafting.led(db, actor, tender_id, number, *waiting)
    await _back(db, found)
    await audit.record(db, actor, "tender.correction_taken_back", "tender", tender_id, number=number)


async def standing(db: AsyncSession, actor: Actor, tender: TenderRow, found: CorrectionRow) -> Standing:
    """Return how the actor's council stands to a correction."""
    of_tender = await approval_queries.standing(db, actor, tender)
    code = await own_code(db, actor) or ""
    live = [each for each in await queries.answers(db, found.id) if each.stands and each.body_code == code]
    waits = CorrectionState(found.state) is CorrectionState.IN_APPROVAL
    return dataclasses.replace(
        of_tender,
        state=TenderState.IN_APPROVAL.value if waits else tender.state,
        fingerprint=found.fingerprint or b"",
        approved_by=live[0].person_name if live else "",
    )


async def check(
    db: AsyncSession, actor: Actor, tender: TenderRow, found: CorrectionRow, seen: bytes
) -> Standing:
    """Refuse an approval that would not hold; asked before the code is used up, and again under the lock.

    Raises:
        NotAllowed: not an approver.
        Refused: with what is in the way.
    """
    rules.check_approver(actor)
    found_standing = await standing(db, actor, tender, found)
    rules.check_can_approve(found_standing)
    rules.check_seen(seen, found_standing)
    return found_standing


async def approve(db: AsyncSession, actor: Actor, tender_id: UUID, number: int, *, seen: bytes) -> bool:
    """Approve for the actor's council; tell whether every buyer has now.

    Raises:
        NotAllowed: not an approver.
        Refused: somebody was quicker, or the correction went on.
    """
    tender = await tenders.locked_tender(db, tender_id)
    found = await queries.correction(db, tender_id, number, locked=True)
    await check(db, actor, tender, found, seen)
    code = await _answer(db, actor, found, "approved")
    await audit.record(
        db, actor, "tender.correction_approval_given", "tender", tender_id, number=number, body_code=code
    )
    buyers = [each.code for each in await tenders.buyers(db, tender_id)]
    given = [each.body_code for each in await queries.answers(db, found.id) if each.stands]
    if not rules.is_whole(buyers, given):
        return False
    await _move(db, found, CorrectionState.APPROVED)
    await audit.record(db, actor, "tender.correction_approved", "tender", tender_id, number=number)
    return True


async def refuse(db: AsyncSession, actor: Actor, tender_id: UUID, number: int, *, reason: str) -> None:
    """Refuse for the actor's council, with a reason; the correction is a draft again.

    Raises:
        NotAllowed: not an approver.
        Refused: it does not wait for approval, or no reason was given.
    """
    rules.check_approver(actor)
    tender = await tenders.locked_tender(db, tender_id)
    found = await queries.correction(db, tender_id, number, locked=True)
    rules.check_can_decide(await standing(db, actor, tender, found))
    if not reason.strip():
        raise Refused("Say what would have to change", "reason")
    code = await _answer(db, actor, found, "refused", reason=reason.strip())
    await audit.record(
        db,
        actor,
        "tender.correction_refused",
        "tender",
        tender_id,
        number=number,
        body_code=code,
        reason=reason.strip(),
    )
    await _back(db, found)


async def _back(db: AsyncSession, found: CorrectionRow) -> None:
    given = TenderCorrectionApproval
    await db.execute(
        update(given)
        .where(given.correction_id == found.id, given.ended_at.is_(None), given.decision == "approved")
        .values(ended_at=func.statement_timestamp())
    )
    await _move(db, found, CorrectionState.DRAFT)


async def _move(db: AsyncSession, found: CorrectionRow, to: CorrectionState) -> None:
    await db.execute(update(TenderCorrection).where(TenderCorrection.id == found.id).values(state=to.value))


async def _answer(db: AsyncSession, actor: Actor, found: CorrectionRow, decision: str, **more: Any) -> str:
    code = str(await own_code(db, actor))
    await db.execute(
        insert(TenderCorrectionApproval)
        .values(
            id=uuid7(),
            correction_id=found.id,
            tender_id=found.tender_id,
            body_code=code,
            fingerprint=found.fingerprint,
            decision=decision,
            person_id=actor.person_id,
            person_name=actor.name,
            **more,
        )
        .inline()
    )
    return code
