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
from suppliers.queries import declared_sizes, numbers
from tenders.actions import changing, parties
from tenders.models import TenderStandstill
from tenders.queries import assessments, awards, bids, openings, tenders
from tenders.queries import notices as queries
from tenders.queries.tenders import TenderRow
from tenders.rules import award_facts as rules
from tenders.rules import notices, states
from tenders.rules.award_facts import AwardFacts
from tenders.rules.content import Content
from tenders.rules.notices import Code, Field
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import Refused
from values.years import LONDON


def _days(on: date) -> int:
    """Return the working days of a standstill; as many also where the law would let us do without."""
    return law().standstill_rule("mandatory", on).working_days or 0


async def facts(db: AsyncSession, tender: TenderRow, content: Content, today: date) -> AwardFacts:
    """Return what the award notice tells as values, for open data.

    Raises:
        Refused: not all bidders were told yet (Procurement Act 2023, section 50(3)).
    """
    page = await awards.page(db, tender.id)
    told = [each.released_at for each in page.summaries if each.released_at]
    made = await assessments.made(db, tender.id)
    if not page.released or made is None:
        raise Refused("Tell all bidders first: the assessment summaries come before the award notice.")
    places = {each.id: number for number, each in enumerate((await bids.asked(db, tender.id)).lots, 1)}
    named = law().sum("losers-named", today).is_reached(value_gross_pence=content.gross_pence or 0)
    opened = {each.id: str(each.number) for each in await openings.opened(db, tender.id)}
    bidders = {each.organisation_id for each in page.summaries}
    declared = await declared_sizes(db, bidders)
    assessed = [each.organisation_id for each in page.summaries if not each.content["disregarded"]]
    await parties.identify(db, tender.id)
    suppliers = await awards.suppliers(db, [tender.id])
    summaries = [(each.organisation_id, each.content) for each in page.summaries] if named else []
    return AwardFacts(
        told_at=max(told).isoformat(),
        received=len(opened),
        assessed=len(assessed),
        won=tuple(
            rules.won(
                content,
                made.kept,
                places[str(each.lot_id)],
                place=(each.lot_id, opened[each.opened_id]),
                supplier=(each.organisation_id, each.supplier_name),
                suppliers=suppliers.get((tender.id, each.lot_id), ()),
                decided_at=each.decided_at,
            )
            for each in sorted(page.awards, key=lambda award: places[str(award.lot_id)])
        ),
        lost=rules.lost(summaries, declared, await numbers(db, bidders)),
        counted=rules.counted(declared[each] for each in assessed),
    )


async def fields(
    db: AsyncSession, tender: TenderRow, content: Content, today: date, told: AwardFacts
) -> list[Field]:
    """Return the fields of the award notice; `told` are its facts."""
    published = await queries.confirmed(db, tender.id, Code.TENDER)
    days = _days(today)
    ends = in_words(standstill_ends(today, days, law().holidays))
    said = notices.award_notice(
        content,
        reference=published.reference if published else "",
        winners=[("the contract", name) for name in sorted({each.supplier for each in told.won})],
        told_at=datetime.fromisoformat(told.told_at),
        received=told.received,
        assessed=told.assessed,
        standstill=f"{days} working days beginning with the day of publication; published today, to {ends}",
    )
    return [*said, *rules.fields(told)]


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
