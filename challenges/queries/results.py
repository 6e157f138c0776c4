"""The library of results, adoptions that are asked about, and the funnel from entries to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge, Pilot, PilotAdoption, PilotMilestone
from challenges.queries.pilots import RUNS, PilotRow
from challenges.rules.funnel import Course, Sizes
from procurement.models import Pool


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A pilot that ended and whose result is not published."""

    pilot_id: UUID
    title: str
    runs_name: str
    publish_by_on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which results are looked for; what is empty leaves nothing out."""

    words: str = ""
    category: str = ""
    decision: str = ""


# By what the library can be sorted.
SORTS: Final[Mapping[str, Any]] = {
    "title": Pilot.title,
    "problem": Challenge.title,
    "published": Pilot.published_at,
}


async def published_count(db: AsyncSession, wanted: Wanted) -> int:
    """Return how many published results there are of what is looked for."""
    query = select(func.count()).select_from(Pilot).join(Challenge, Challenge.id == Pilot.challenge_id)
    return await db.scalar(query.where(*_conditions(wanted))) or 0


async def published(
    db: AsyncSession,
    wanted: Wanted,
    *,
    sort: str = "published",
    descending: bool = True,
    offset: int,
    limit: int,
) -> Sequence[PilotRow]:
    """Return published results; words are looked for in challenge, pilot and account."""
    query = (
        select(Pilot, Challenge.title, Challenge.category, Challenge.lead_code, RUNS.short_name)
        .join(Challenge, Challenge.id == Pilot.challenge_id)
        .join(RUNS, RUNS.code == Pilot.runs_code)
    )
    rows = await db.execute(in_order(query, wanted, sort, descending).offset(offset).limit(limit))
    return [PilotRow(*row) for row in rows]


def in_order(query: Any, wanted: Wanted, sort: str, descending: bool) -> Any:  # noqa: FBT001 -- as it is asked
    """Return a query of pilots and challenges with what is looked for, in its order."""
    order = SORTS[sort].desc() if descending else SORTS[sort]
    return query.where(*_conditions(wanted)).order_by(order, Pilot.id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    text = func.concat_ws(
        " ", Pilot.title, Pilot.tries, Pilot.learnt, Pilot.carries, Challenge.title, Challenge.problem
    )
    found: list[ColumnElement[bool]] = [Pilot.published_at.is_not(None)]
    if wanted.words:
        asked = func.websearch_to_tsquery("english", wanted.words)
        found.append(func.to_tsvector("english", text).op("@@")(asked))
    if wanted.category:
        found.append(Challenge.category == wanted.category)
    if wanted.decision:
        found.append(Pilot.decision == wanted.decision)
    return found


async def overdue(db: AsyncSession, today: date) -> Sequence[OverdueRow]:
    """Return the pilots that the reader sees whose day of publication has passed."""
    rows = await db.execute(
        select(Pilot.id, Pilot.title, RUNS.short_name, Pilot.publish_by_on)
        .join(RUNS, RUNS.code == Pilot.runs_code)
        .where(Pilot.publish_by_on < today, Pilot.published_at.is_(None))
        .order_by(Pilot.publish_by_on, Pilot.id)
    )
    return [OverdueRow(*row) for row in rows]


async def own_pools(db: AsyncSession, category: str) -> Sequence[tuple[UUID, str]]:
    """Return the pools of a category that the reader sees, by title."""
    rows = await db.execute(select(Pool.id, Pool.title).where(Pool.category == category).order_by(Pool.title))
    return [(row[0], row[1]) for row in rows]


async def courses(db: AsyncSession) -> Sequence[Course]:
    """Return how far each published challenge got, with sums and days: for everybody.

    How many firms entered is known once the deadline has passed, how much was paid once it is published.
    """
    entered = func.app.challenge_entries().table_valued("challenge_id", "entries")
    chosen = func.app.challenge_course().table_valued(
        "phase_id", "challenge_id", "kind", "places", "entered", "went_on"
    )
    begun = func.app.challenge_pilots().table_valued("challenge_id", "begun", "first_at")
    rows = await db.execute(
        select(
            Challenge.id,
            Challenge.title,
            Challenge.state,
            Challenge.published_at,
            Challenge.responses_due_at,
            func.coalesce(entered.c.entries, 0),
            func.coalesce(chosen.c.went_on, 0),
            func.coalesce(begun.c.begun, 0),
            begun.c.first_at,
        )
        .outerjoin(entered, entered.c.challenge_id == Challenge.id)
        .outerjoin(chosen, (chosen.c.challenge_id == Challenge.id) & (chosen.c.kind == "pilot"))
        .outerjoin(begun, begun.c.challenge_id == Challenge.id)
        .where(Challenge.published_at.is_not(None), Challenge.state != "withdrawn")
        .order_by(Challenge.published_at, Challenge.id)
    )
    taken = await _taken_on(db)
    paid = await _paid(db)
    nothing: tuple[Any, ...] = (0, 0, 0, 0, None)
    return [
        Course(
            *(row[:9]),
            pilot_pence=paid.get(row[0], (0, None))[0],
            published_pilot_at=paid.get(row[0], (0, None))[1],
            adopted=taken.get(row[0], nothing)[0],
            asked=taken.get(row[0], nothing)[1],
            in_use=taken.get(row[0], nothing)[2],
            yearly_pence=taken.get(row[0], nothing)[3],
            first_adopted_at=taken.get(row[0], nothing)[4],
        )
        for row in rows
    ]


async def _taken_on(db: AsyncSession) -> dict[UUID, tuple[int, int, int, int, datetime]]:
    rows = await db.execute(
        select(
            Pilot.challenge_id,
            func.count(),
            func.count().filter(PilotAdoption.still != ""),
            func.count().filter(PilotAdoption.still == "yes"),
            func.sum(PilotAdoption.yearly_gross_pence),
            func.min(PilotAdoption.adopted_at),
        )
        .join(Pilot, Pilot.id == PilotAdoption.pilot_id)
        .where(Pilot.published_at.is_not(None))
        .group_by(Pilot.challenge_id)
    )
    return {row[0]: (row[1], row[2], row[3], int(row[4]), row[5]) for row in rows}


async def _paid(db: AsyncSession) -> dict[UUID, tuple[int, datetime | None]]:
    rows = await db.execute(
        select(
            Pilot.challenge_id,
            func.coalesce(func.sum(PilotMilestone.gross_pence), 0),
            func.min(Pilot.published_at),
        )
        .outerjoin(
            PilotMilestone, (PilotMilestone.pilot_id == Pilot.id) & PilotMilestone.paid_on.is_not(None)
        )
        .where(Pilot.published_at.is_not(None))
        .group_by(Pilot.challenge_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in rows}


async def sizes(db: AsyncSession) -> Sizes:
    """Return how many responses came from small firms, for everybody."""
    counted = func.app.sizes_of_entrants().table_valued("responses", "small", "large")
    return Sizes(*(await db.execute(select(counted.c.responses, counted.c.small, counted.c.large))).one())
