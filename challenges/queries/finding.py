"""Search for challenges: lists filtered and sorted, of those that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge, ChallengeSponsor
from challenges.queries.challenges import COLUMNS, LEAD, ChallengeRow
from challenges.rules import finding
from challenges.rules.finding import STATES_OF, ChallengeFilter, Standing
from sourcing.models import SearchLooked
from values.years import LONDON

NOW: Final = func.statement_timestamp()
SORTS: Final = {
    "title": Challenge.title,
    "lead": LEAD.short_name,
    "category": Challenge.category,
    "budget": Challenge.budget_gross_pence,
    "due": Challenge.responses_due_at,
    "changed": Challenge.state_changed_at,
}
# Only where words are looked for; without, it would be the usual order.
BEST_MATCH: Final = "match"
# A calendar does not forget last month.
LOOK_BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DateRow:
    """The dates of a published challenge that a calendar shows."""

    id: UUID
    title: str
    changed_at: datetime
    questions_until: datetime | None
    responses_due_at: datetime | None
    showcase_on: date | None
    showcase_where: str
    decision_on: date | None


async def listed_challenges(
    db: AsyncSession,
    wanted: ChallengeFilter,
    *,
    sort: str = "changed",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> tuple[int, list[ChallengeRow]]:
    """Return how many challenges a filter lets through of those the reader may see, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(Challenge), wanted))
    found = _filtered(select(*COLUMNS).select_from(Challenge), wanted)
    rows = await db.execute(found.order_by(*_order(wanted, sort, descending)).offset(offset).limit(limit))
    return total or 0, [ChallengeRow(*row) for row in rows]


async def loosened(db: AsyncSession, wanted: ChallengeFilter, names: Sequence[str]) -> dict[str, int]:
    """Return how many challenges there would be without each part of what was asked for; those with any."""
    counts = [
        _filtered(select(func.count()).select_from(Challenge), wanted.without(name)).scalar_subquery()
        for name in names
    ]
    if not counts:
        return {}
    row = (await db.execute(select(*counts))).one()
    return {name: count for name, count in zip(names, row, strict=True) if count}


async def published_matches(db: AsyncSession, wanted: ChallengeFilter, ids: Sequence[UUID]) -> list[UUID]:
    """Return which of some published challenges a saved search finds."""
    query = select(Challenge.id).where(Challenge.id.in_(ids), Challenge.published_at.is_not(None))
    return list(await db.scalars(_filtered(query, finding.lasting(wanted)).order_by(Challenge.published_at)))


async def not_looked_at(db: AsyncSession, limit: int = 100) -> list[UUID]:
    """Return published challenges that no saved search was held against yet, the first published first."""
    looked = select(SearchLooked.thing_id).where(SearchLooked.thing_id == Challenge.id).exists()
    query = select(Challenge.id).where(Challenge.published_at.is_not(None), ~looked)
    return list(await db.scalars(query.order_by(Challenge.published_at).limit(limit)))


async def titles(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the titles of some challenges."""
    rows = await db.execute(select(Challenge.id, Challenge.title).where(Challenge.id.in_(ids)))
    return {row.id: row.title for row in rows}


async def calendar_rows(db: AsyncSession, today: date) -> Sequence[DateRow]:
    """Return the dates of published challenges that are not withdrawn, from lately on."""
    begin = _begin(today - LOOK_BACK)
    rows = await db.execute(
        select(
            Challenge.id,
            Challenge.title,
            Challenge.state_changed_at,
            Challenge.questions_until,
            Challenge.responses_due_at,
            Challenge.showcase_on,
            Challenge.showcase_where,
            Challenge.decision_on,
        )
        .where(
            Challenge.published_at.is_not(None),
            Challenge.state != "withdrawn",
            Challenge.responses_due_at >= begin,
        )
        .order_by(Challenge.id)
    )
    return [DateRow(*row) for row in rows]


async def showcases(db: AsyncSession, today: date) -> Sequence[DateRow]:
    """Return the challenges whose firms show what they have from today on, the next first."""
    found = [
        each for each in await calendar_rows(db, today) if each.showcase_on and each.showcase_on >= today
    ]
    return sorted(found, key=lambda each: (each.showcase_on or today, each.title))


def _order(wanted: ChallengeFilter, sort: str, descending: bool) -> list[Any]:  # noqa: FBT001 -- an order has a direction
    if sort == BEST_MATCH:
        rank = func.ts_rank(Challenge.words, _asked(wanted)) if wanted.words else Challenge.state_changed_at
        return [rank.desc().nulls_last(), Challenge.id]
    column: Any = SORTS[sort]
    return [(column.desc() if descending else column.asc()).nulls_last(), Challenge.id]


def _asked(wanted: ChallengeFilter) -> Any:
    return func.websearch_to_tsquery("english", wanted.words)


def _filtered(query: Select[*tuple[Any, ...]], wanted: ChallengeFilter) -> Select[*tuple[Any, ...]]:
    query = query.join(LEAD, LEAD.code == Challenge.lead_code).where(*_conditions(wanted))
    if wanted.own:
        mine = select(ChallengeSponsor.challenge_id).where(ChallengeSponsor.body_code == wanted.own)
        query = query.where(Challenge.id.in_(mine))
    return query


def _conditions(wanted: ChallengeFilter) -> list[ColumnElement[bool]]:
    each: list[tuple[bool, Any]] = [
        (bool(wanted.words), Challenge.words.op("@@")(_asked(wanted))),
        (bool(wanted.category), Challenge.category == wanted.category),
        # One that can be tried anywhere can be tried there.
        (bool(wanted.region), Challenge.region_code.in_([wanted.region, ""])),
        (
            wanted.budget_from_pence is not None,
            Challenge.budget_gross_pence >= (wanted.budget_from_pence or 0),
        ),
        (wanted.budget_to_pence is not None, Challenge.budget_gross_pence <= (wanted.budget_to_pence or 0)),
    ]
    found = [condition for asked, condition in each if asked]
    if wanted.due_from:
        found.append(Challenge.responses_due_at >= _begin(wanted.due_from))
    if wanted.due_to:
        found.append(Challenge.responses_due_at < _begin(wanted.due_to + timedelta(days=1)))
    return [*found, _standing(wanted.state)] if wanted.state else found


def _standing(state: str) -> ColumnElement[bool]:
    """Tell by the database's clock: a challenge is closed before anybody says so."""
    standing = Standing(state)
    if standing is Standing.OPEN:
        return and_(Challenge.state == "open", Challenge.responses_due_at > NOW)
    if standing is Standing.CLOSED:
        return and_(Challenge.state == "open", Challenge.responses_due_at <= NOW)
    return Challenge.state.in_([each.value for each in STATES_OF[standing]])


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
