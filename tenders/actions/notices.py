"""Notices: prepared and checked, sent or taken to the central platform, its confirmation recorded.

Only the confirmation makes a tender public here (Procurement Regulations 2024, regulation 5(11)).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.law import law
from spend.queries import own_code
from store import audit
from tenders.actions import asking, changing, noticing_award
from tenders.actions.sending import Platform
from tenders.models import TenderNotice
from tenders.queries import checking, tenders
from tenders.queries import content as content_queries
from tenders.queries import notices as queries
from tenders.queries.notices import NoticeRow
from tenders.queries.tenders import TenderRow
from tenders.rules import areas, award_facts, states
from tenders.rules import notices as rules
from tenders.rules.linting.checking import blocking
from tenders.rules.notices import Code, Field, NoticeState
from tenders.rules.states import TenderState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused
from values.years import LONDON, london_today


async def prepare(
    db: AsyncSession, actor: Actor, tender_id: UUID, code: Code, *, now: datetime | None = None
) -> UUID:
    """Prepare a notice from the content that was approved; one that was prepared before is discarded.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is not due, is confirmed already, or lacks what the law asks for.
    """
    tender = await _led(db, actor, tender_id)
    rules.check_due(code, tender.state, published=tender.published, below=tender.below)
    if await queries.confirmed(db, tender_id, code):
        raise Refused("The central platform has published this notice already.")
    fields, facts = await _fields(db, tender, code, now)
    rules.check_whole(fields)
    for each in await queries.notices(db, tender_id):
        if each.state == NoticeState.PREPARED:
            await _settle(db, each, NoticeState.DISCARDED)
    notice_id = uuid7()
    await db.execute(
        insert(TenderNotice)
        .values(
            id=notice_id,
            tender_id=tender_id,
            code=code.value,
            version=tender.version,
            fingerprint=tender.fingerprint,
            fields=rules.as_json(fields),
            facts=facts,
            prepared_by=actor.name,
        )
        .inline()
    )
    await audit.record(db, actor, "tender.notice_prepared", "tender", tender_id, code=code.value)
    return notice_id


async def discard(db: AsyncSession, actor: Actor, tender_id: UUID, notice_id: UUID) -> None:
    """Discard a notice that was prepared and not published.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the central platform has published it.
    """
    await _led(db, actor, tender_id)
    notice = await _prepared(db, tender_id, notice_id)
    await _settle(db, notice, NoticeState.DISCARDED)
    await audit.record(db, actor, "tender.notice_discarded", "tender", tender_id, code=notice.code)


async def confirm(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    notice_id: UUID,
    *,
    reference: str,
    published_at: datetime,
    now: datetime | None = None,
) -> None:
    """Record that the central platform published a notice; a tender notice makes the tender public.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no reference, the time cannot be, or the notice is of another content.
    """
    tender = await _led(db, actor, tender_id)
    notice = await _prepared(db, tender_id, notice_id)
    rules.check_confirmation(reference, published_at, notice.prepared_at, now or datetime.now(UTC))
    if notice.fingerprint != tender.fingerprint:
        raise Refused("The tender was changed since this notice was prepared. Prepare it again.")
    rules.check_due(Code(notice.code), tender.state, published=tender.published, below=tender.below)
    await db.execute(
        update(TenderNotice)
        .where(TenderNotice.id == notice_id)
        .values(
            state=NoticeState.CONFIRMED.value,
            reference=reference,
            published_at=published_at,
            confirmed_by=actor.name,
            confirmed_at=datetime.now(UTC),
        )
    )
    await audit.record(
        db, actor, "tender.notice_confirmed", "tender", tender_id, code=notice.code, reference=reference
    )
    if notice.code == Code.AWARD:
        await noticing_award.begin_standstill(db, actor, tender, published_at)
    if notice.code == Code.TENDER:
        await changing.move(db, tender, TenderState.PUBLISHED, published_at=published_at)
        await audit.record(db, actor, "tender.published", "tender", tender_id)
        await asking.take_questions(db, actor, tender, published_at=published_at)


async def send(db: AsyncSession, actor: Actor, tender_id: UUID, notice_id: UUID, platform: Platform) -> None:
    """Send a notice to the central platform by its interface, and record what it confirms.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no interface, or the platform does not take the notice.
    """
    await _led(db, actor, tender_id)
    notice = await _prepared(db, tender_id, notice_id)
    accepted = await platform.publish(notice)
    await audit.record(db, actor, "tender.notice_sent", "tender", tender_id, code=notice.code)
    await confirm(
        db,
        actor,
        tender_id,
        notice_id,
        reference=accepted.reference,
        published_at=accepted.published_at,
        now=max(datetime.now(UTC), accepted.published_at),
    )


async def _led(db: AsyncSession, actor: Actor, tender_id: UUID) -> TenderRow:
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    return tender


async def _prepared(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> NoticeRow:
    notice = await queries.notice(db, tender_id, notice_id)
    if notice.state != NoticeState.PREPARED:
        raise Refused(f"This notice is {notice.state} already.")
    return notice


async def _fields(
    db: AsyncSession, tender: TenderRow, code: Code, now: datetime | None
) -> tuple[list[Field], dict[str, Any]]:
    """Return what a notice says in words, and what of it open data tell as values."""
    content = await content_queries.content(db, tender.id)
    today = london_today(now)
    if code is Code.AWARD:
        told = await noticing_award.facts(db, tender, content, today)
        return await noticing_award.fields(db, tender, content, today, told), award_facts.as_json(told)
    if code is Code.TERMINATION:
        published = await queries.confirmed(db, tender.id, Code.TENDER)
        decided_on = tender.state_changed_at.astimezone(LONDON).date()
        reference = published.reference if published else ""
        return rules.termination_notice(content, reference=reference, decided_on=decided_on), {}
    left = blocking(await checking.found(db, tender.id, content, today))
    if left:
        words = " ".join(each.words for each in left)
        raise Refused(f"Since the approvals something has come to be in the way. {words}")
    said = areas.said(tender.region_codes)
    return rules.tender_notice(content, law(), content.notice_on(today), areas=said), {}


async def _settle(db: AsyncSession, notice: NoticeRow, to: NoticeState) -> None:
    await db.execute(update(TenderNotice).where(TenderNotice.id == notice.id).values(state=to.value))
