"""What a contract award notice says, and the standstill that its publication begins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import standstill_ends
from sourcing.rules.holidays import in_words
from sourcing.rules.law import law
from store import audit
from tenders.actions import changing
from tenders.models import TenderStandstill
from tenders.queries import awards, openings
from tenders.queries import notices as queries
from tenders.queries.tenders import TenderRow
from tenders.rules import notices as rules
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


async def begin_standstill(db: AsyncSession, actor: Actor, tender: TenderRow, published_at: datetime) -> None:
    """Count the standstill from the day on which the central platform published the notice."""
    day = published_at.astimezone(LONDON).date()
    days, holidays = _days(day), law().holidays
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
