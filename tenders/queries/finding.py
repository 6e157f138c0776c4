"""Search for tenders: lists filtered and sorted, of those that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import SearchLooked, Subject
from tenders.models import Tender, TenderBuyer
from tenders.queries.tenders import COLUMNS, LEAD, TenderRow
from tenders.rules import finding
from tenders.rules.finding import STATES_OF, Standing, TenderFilter
from tenders.rules.states import TenderState
from values.years import LONDON

NOW: Final = func.statement_timestamp()
SORTS: Final = {
    "title": Tender.title,
    "lead": LEAD.short_name,
    "category": Tender.category,
    "value": Tender.gross_pence,
    "due": Tender.tenders_due_at,
    "changed": Tender.state_changed_at,
}
# What passed lately stays in calendars, so that nobody wonders where it went; an award follows the deadline.
LOOK_BACK: Final = timedelta(days=180)
# Only where words are looked for; without, it would be the usual order.
BEST_MATCH: Final = "match"


async def listed_tenders(
    db: AsyncSession,
    wanted: TenderFilter,
    *,
    sort: str = "changed",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> tuple[int, list[TenderRow]]:
    """Return how many tenders a filter lets through of those the reader may see, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(Tender), wanted))
    found = _filtered(select(*COLUMNS).select_from(Tender), wanted)
    rows = await db.execute(found.order_by(*_order(wanted, sort, descending)).offset(offset).limit(limit))
    return total or 0, [TenderRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DateRow:
    """The dates of a published tender, for calendars."""

    id: UUID
    title: str
    changed_at: datetime
    questions_until: datetime | None
    due_at: datetime | None
    award_on: date | None


async def dates(db: AsyncSession, wanted: TenderFilter, today: date, *, limit: int) -> Sequence[DateRow]:
    """Return the dates of published tenders that a filter lets through, from lately on."""
    query = _filtered(
        select(
            Tender.id,
            Tender.title,
            Tender.state_changed_at,
            Subject.questions_until,
            Tender.tenders_due_at,
            Tender.award_on,
        ).outerjoin(Subject, Subject.id == Tender.id),
        wanted,
    ).where(
        Tender.published_at.is_not(None),
        Tender.state != TenderState.TERMINATED.value,
        Tender.tenders_due_at >= _begin(today - LOOK_BACK),
    )
    rows = await db.execute(query.order_by(Tender.tenders_due_at, Tender.id).limit(limit))
    return [DateRow(*row) for row in rows]


async def loosened(db: AsyncSession, wanted: TenderFilter, names: Sequence[str]) -> dict[str, int]:
    """Return how many tenders there would be without each part of what was asked for; those with any."""
    counts = [
        _filtered(select(func.count()).select_from(Tender), wanted.without(name)).scalar_subquery()
        for name in names
    ]
    if not counts:
        return {}
    row = (await db.execute(select(*counts))).one()
    return {name: count for name, count in zip(names, row, strict=True) if count}


async def published_matches(db: AsyncSession, wanted: TenderFilter, ids: Sequence[UUID]) -> list[UUID]:
    """Return which of some published tenders a saved search finds."""
    query = select(Tender.id).where(Tender.id.in_(ids), Tender.published_at.is_not(None))
    return list(await db.scalars(_filtered(query, finding.lasting(wanted)).order_by(Tender.published_at)))


async def not_looked_at(db: AsyncSession, limit: int = 100) -> list[UUID]:
    """Return published tenders that no saved search was held against yet, the first published first."""
    looked = select(SearchLooked.thing_id).where(SearchLooked.thing_id == Tender.id).exists()
    query = select(Tender.id).where(Tender.published_at.is_not(None), ~looked)
    return list(await db.scalars(query.order_by(Tender.published_at).limit(limit)))


async def titles(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the titles of some tenders."""
    rows = await db.execute(select(Tender.id, Tender.title).where(Tender.id.in_(ids)))
    return {row.id: row.title for row in rows}


def _order(wanted: TenderFilter, sort: str, descending: bool) -> list[Any]:  # noqa: FBT001 -- an order has a direction
    if sort == BEST_MATCH:
        rank = func.ts_rank(Tender.words, _asked(wanted)) if wanted.words else Tender.state_changed_at
        return [rank.desc().nulls_last(), Tender.id]
    column: Any = SORTS[sort]
    return [(column.desc() if descending else column.asc()).nulls_last(), Tender.id]


def _asked(wanted: TenderFilter) -> Any:
    return func.websearch_to_tsquery("english", wanted.words)


def _filtered(query: Select[*tuple[Any, ...]], wanted: TenderFilter) -> Select[*tuple[Any, ...]]:
    query = query.join(LEAD, LEAD.code == Tender.lead_code).where(*_conditions(wanted))
    if wanted.own:
        mine = select(TenderBuyer.tender_id).where(TenderBuyer.body_code == wanted.own)
        query = query.where(Tender.id.in_(mine))
    return query


def _conditions(wanted: TenderFilter) -> list[ColumnElement[bool]]:
    each: list[tuple[bool, Any]] = [
        (bool(wanted.words), Tender.words.op("@@")(_asked(wanted))),
        (bool(wanted.category), Tender.category == wanted.category),
        (bool(wanted.region), Tender.region_codes.contains([wanted.region])),
        (wanted.value_from_pence is not None, Tender.gross_pence >= (wanted.value_from_pence or 0)),
        (wanted.value_to_pence is not None, Tender.gross_pence <= (wanted.value_to_pence or 0)),
        (wanted.small_firms, Tender.suits_small_firms),
    ]
    return [condition for asked, condition in each if asked] + _within(wanted)


def _within(wanted: TenderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.due_from:
        found.append(Tender.tenders_due_at >= _begin(wanted.due_from))
    if wanted.due_to:
        found.append(Tender.tenders_due_at < _begin(wanted.due_to + timedelta(days=1)))
    if wanted.state:
        found.append(_standing(wanted.state))
    return found


def _standing(state: str) -> ColumnElement[bool]:
    """Tell by the database's clock: a tender is over for suppliers before anybody says that it is closed."""
    if state not in tuple(Standing):
        return Tender.state == state
    standing = Standing(state)
    states = [each.value for each in STATES_OF[standing]]
    over = and_(Tender.state == "published", Tender.tenders_due_at <= NOW)
    if standing is Standing.OPEN:
        return and_(
            Tender.state.in_(states), or_(Tender.tenders_due_at.is_(None), Tender.tenders_due_at > NOW)
        )
    if standing is Standing.CLOSED:
        return or_(Tender.state.in_(states), over)
    return Tender.state.in_(states)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
