"""A tender goes to its buyers; each approves or refuses, and the last approval makes it approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from spend.queries import own_code
from store import audit
from tenders.actions import changing
from tenders.models import TenderApproval
from tenders.queries import approvals as queries
from tenders.queries import checking, tenders
from tenders.queries import content as content_queries
from tenders.queries.tenders import TenderRow
from tenders.rules import approving as rules
from tenders.rules.approving import Standing
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused
from values.years import london_today


async def submit(db: AsyncSession, actor: Actor, tender_id: UUID, *, now: datetime | None = None) -> None:
    """Ask every buyer for approval of the content as it stands.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is no draft, or the linter has findings that block.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    content = await content_queries.content(db, tender_id)
    rules.check_can_submit(tender.state, await checking.found(db, tender_id, content, london_today(now)))
    # An earlier version of this service may have taken the fingerprint otherwise.
    await changing.fix(db, tender_id)
    await changing.move(db, tender, TenderState.IN_APPROVAL)
    await audit.record(db, actor, "tender.in_approval", "tender", tender_id, version=tender.version)


async def give_up(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    """Take a tender back to draft without changing it; approvals end.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is a draft or published, or no reason was given.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    if not reason:
        raise Refused("Say why the tender is taken back", "reason")
    await audit.record(db, actor, "tender.given_up_approval", "tender", tender_id, reason=reason)
    await changing.back_to_draft(db, actor, tender, reason)


async def check(db: AsyncSession, actor: Actor, tender: TenderRow, seen: bytes) -> Standing:
    """Refuse an approval that would not hold; asked before the code is used up, and again under the lock.

    Raises:
        NotAllowed: not an approver.
        Refused: with what is in the way.
    """
    rules.check_approver(actor)
    standing = await queries.standing(db, actor, tender)
    rules.check_can_approve(standing)
    rules.check_seen(seen, standing)
    return standing


async def approve(db: AsyncSession, actor: Actor, tender_id: UUID, *, seen: bytes) -> bool:
    """Approve for the actor's council what was before them; tell whether the tender is approved now.

    The second factor is asked for by the caller, just before.

    Raises:
        NotAllowed: not an approver.
        Refused: somebody was quicker, or the tender was changed or went on.
    """
    tender = await tenders.locked_tender(db, tender_id)
    await check(db, actor, tender, seen)
    code = await _answer(db, actor, tender, "approved")
    await audit.record(
        db,
        actor,
        "tender.approval_given",
        "tender",
        tender_id,
        body_code=code,
        version=tender.version,
        sha256=(tender.fingerprint or b"").hex(),
    )
    buyers = [each.code for each in await tenders.buyers(db, tender_id)]
    given = [each.body_code for each in await queries.approvals(db, tender_id) if each.stands]
    if not rules.is_whole(buyers, given):
        return False
    await changing.move(db, tender, TenderState.APPROVED)
    await audit.record(db, actor, "tender.approved", "tender", tender_id, version=tender.version)
    return True


async def refuse(db: AsyncSession, actor: Actor, tender_id: UUID, *, reason: str) -> None:
    """Refuse for the actor's council, with a reason that all buyers read; the tender is a draft again.

    Raises:
        NotAllowed: not an approver.
        Refused: the tender does not wait for approval, or no reason was given.
    """
    rules.check_approver(actor)
    tender = await tenders.locked_tender(db, tender_id)
    rules.check_can_decide(await queries.standing(db, actor, tender))
    if not reason:
        raise Refused("Say what would have to change", "reason")
    code = await _answer(db, actor, tender, "refused", reason=reason)
    await audit.record(
        db,
        actor,
        "tender.approval_refused",
        "tender",
        tender_id,
        body_code=code,
        version=tender.version,
        reason=reason,
    )
    await changing.back_to_draft(db, actor, tender, "A buyer refused it")


async def _answer(db: AsyncSession, actor: Actor, tender: TenderRow, decision: str, **more: Any) -> str:
    code = str(await own_code(db, actor))
    await db.execute(
        insert(TenderApproval)
        .values(
            id=uuid7(),
            tender_id=tender.id,
            body_code=code,
            version=tender.version,
            fingerprint=tender.fingerprint,
            decision=decision,
            person_id=actor.person_id,
            person_name=actor.name,
            **more,
        )
        .inline()
    )
    return code
