"""Notices before the tender notice: prepared from a draft, sent or taken to the platform, confirmed.

Only the confirmation makes anything of a draft public here (Procurement Regulations 2024, regulation 5(11)),
and nothing but what the notice says. No buyer approves it: each is told, and may leave before it approves the
tender.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from tenders.actions import changing
from tenders.actions.sending import Platform
from tenders.models import EarlyNotice, Tender
from tenders.queries import content as content_queries
from tenders.queries import early_notices as queries
from tenders.queries.early_notices import EarlyRow
from tenders.queries.tenders import TenderRow
from tenders.rules import areas, notices
from tenders.rules import early_notices as rules
from tenders.rules.early_notices import Early, Engaging
from tenders.rules.notices import NoticeState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused
from values.years import LONDON


async def prepare(
    db: AsyncSession, actor: Actor, tender_id: UUID, code: Early, *, engaging: Engaging | None = None
) -> UUID:
    """Prepare a notice, or a newer version of it, from the draft as it stands; one that waits is discarded.

    Args:
        db: the transaction.
        actor: an officer of the lead council.
        tender_id: a tender that is not published.
        code: which notice.
        engaging: what suppliers are asked; for a notice of market engagement.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it would come too late, lacks something, or something in it cannot be what it is.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    if engaging:
        rules.check_engaging(engaging)
    content = await content_queries.content(db, tender_id)
    told = rules.facts(content, tender.region_codes, engaging if code is Early.ENGAGEMENT else None)
    said = rules.fields(code, told, areas=areas.said(tender.region_codes))
    notices.check_whole(said)
    rules.check_shapes(content, engaging)
    for each in await queries.notices(db, tender_id):
        if each.code == code and each.state == NoticeState.PREPARED:
            await _discard(db, each)
    notice_id = uuid7()
    await db.execute(
        insert(EarlyNotice)
        .values(
            id=notice_id,
            tender_id=tender_id,
            code=code.value,
            number=await queries.next_number(db, tender_id, code),
            lead_code=tender.lead_code,
            title=told.title,
            category=told.category,
            gross_pence=told.gross_pence,
            suits_small_firms=tender.suits_small_firms,
            region_codes=tender.region_codes,
            words=func.to_tsvector("english", " ".join(each.value for each in said)),
            fields=notices.as_json(said),
            facts=rules.as_json(told),
            demonstration=tender.demonstration,
        )
        .inline()
    )
    await audit.record(db, actor, "tender.notice_prepared", "tender", tender_id, code=code.value)
    return notice_id


async def discard(db: AsyncSession, actor: Actor, tender_id: UUID, notice_id: UUID) -> None:
    """Discard a notice that was prepared and not published.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is confirmed or discarded already.
    """
    await changing.led_draft(db, actor, tender_id)
    notice = await _prepared(db, tender_id, notice_id)
    await _discard(db, notice)
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
    """Record that the central platform published a notice: it is public here, and the draft says so.

    That changes the draft, so that approvals which were given end.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no reference, the time cannot be, or the tender is published.
    """
    tender = await changing.led_draft(db, actor, tender_id)
    notice = await _prepared(db, tender_id, notice_id)
    notices.check_confirmation(reference, published_at, notice.prepared_at, now or datetime.now(UTC))
    code = Early(notice.code)
    await db.execute(
        update(EarlyNotice)
        .where(EarlyNotice.id == notice_id)
        .values(
            state=NoticeState.CONFIRMED.value,
            reference=reference,
            published_at=published_at,
            confirmed_at=func.statement_timestamp(),
        )
    )
    await _settle(db, actor, tender, code, reference=reference, published_at=published_at)
    await audit.record(
        db,
        actor,
        "tender.early_notice_confirmed",
        "tender",
        tender_id,
        code=code.value,
        number=notice.number,
        reference=reference,
    )


async def send(db: AsyncSession, actor: Actor, tender_id: UUID, notice_id: UUID, platform: Platform) -> None:
    """Send a notice to the central platform by its interface, and record what it confirms.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: there is no interface, or the platform does not take the notice.
    """
    await changing.led_draft(db, actor, tender_id)
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


async def _settle(
    db: AsyncSession, actor: Actor, tender: TenderRow, code: Early, *, reference: str, published_at: datetime
) -> None:
    published_on = published_at.astimezone(LONDON).date()
    values = rules.brings(code, reference=reference, published_on=published_on)
    await db.execute(update(Tender).where(Tender.id == tender.id).values(**values))
    await changing.settle(db, actor, tender)


async def _prepared(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> EarlyRow:
    await db.execute(select(EarlyNotice.id).where(EarlyNotice.id == notice_id).with_for_update())
    notice = await queries.notice(db, tender_id, notice_id)
    if notice.state != NoticeState.PREPARED:
        raise Refused(f"This notice is {notice.state} already.")
    return notice


async def _discard(db: AsyncSession, notice: EarlyRow) -> None:
    await db.execute(
        update(EarlyNotice).where(EarlyNotice.id == notice.id).values(state=NoticeState.DISCARDED.value)
    )
