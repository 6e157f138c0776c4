"""What a contract award notice says, and the standstill that its publication begins."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import standstill_ends
from sourcing.rules.holidays import in_words
from sourcing.rules.law import law
from spend.queries import own_code
from store import audit
from tenders.actions import changing
from tenders.models import TenderStandstill
from tenders.queries import awards, openings, tenders
from tenders.queries import notices as queries
from tenders.queries.tenders import TenderRow
from tenders.rules import notices as rules
from tenders.rules import states
from tenders.rules.content import Content
from tenders.rules.notices import Code, Field
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import Refused
from values.years import LONDON


def _days(on: date) -> int:
    """Return the working days of a standstill; as many also where the law would let us do without."""
    return law().standstill_rule("mandatory", on).working_days or 0


async def fields(db: AsyncSession, tender: TenderRow, content: Content, today: date) -> list[Field]:
    """Return the fields of the award notice.

    Raises:
        Refused: not all bidders were told yet (Procurement Act 2023, section 50(3)).
    """
    page = await awards.page(db, tender.id)
    told = [each.released_at for each in page.summaries if each.released_at]
    if not page.released:
        raise Refused("Tell all bidders first: the assessment summaries come before the award notice.")
    published = await queries.confirmed(db, tender.id, Code.TENDER)
    days, opened = _days(today), await openings.opened(db, tender.id)
    ends = in_words(standstill_ends(today, days, law().holidays))
    return rules.award_notice(
        content,
        reference=published.reference if published else "",
        winners=[("the contract", name) for name in sorted({each.supplier_name for each in page.awards})],
        told_at=max(told),
        received=len(opened),
        assessed=sum(not each.content["disregarded"] for each in page.summaries),
        standstill=f"{days} working days beginning with the day of publication; published today, to {ends}",
    )


async def keep_standstill(db: AsyncSession, actor: Actor, tender_id: UUID, *, today: date) -> None:
    """Keep a standstill below the threshold, which nobody owes; it is as long as a voluntary one.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is owed anyway, or not all bidders were told.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    if not tender.below or TenderState(tender.state) is not TenderState.AWARDED:
        raise Refused("A standstill is chosen below the threshold alone, after the award.")
    if not (await awards.page(db, tender_id)).released:
        raise Refused("Tell all bidders first.")
    await _begin(db, actor, tender, today, "voluntary")


async def begin_standstill(db: AsyncSession, actor: Actor, tender: TenderRow, published_at: datetime) -> None:
    """Count the standstill from the day on which the central platform published the notice."""
    await _begin(db, actor, tender, published_at.astimezone(LONDON).date(), "mandatory")


async def _begin(db: AsyncSession, actor: Actor, tender: TenderRow, day: date, kind: str) -> None:
    days, holidays = law().standstill_rule(kind, day).working_days or 0, law().holidays
    ends_on = standstill_ends(day, days, holidays)
    await db.execute(
        insert(TenderStandstill)
        .values(
            tender_id=tender.id,
            published_on=day,
            working_days=days,
            ends_on=ends_on,
            holidays_as_of=holidays.as_of,
        )
        .inline()
    )
    await changing.move(db, tender, TenderState.STANDSTILL)
    await audit.record(db, actor, "tender.standstill_begun", "tender", tender.id, until=in_words(ends_on))
