"""Published results as data, a line each measure, in as many statements for all as for one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from analytics.trials.effects import Effect
from challenges.models import (
    Challenge,
    Pilot,
    PilotEffect,
    PilotMeasure,
    PilotMilestone,
    PilotReading,
    PilotSite,
)
from challenges.queries.pilots import RUNS
from challenges.queries.results import Wanted, in_order
from challenges.rules import measuring
from challenges.rules.measuring import Reading
from challenges.rules.pilots import Measure, Site

_PAID: Final = (
    select(func.coalesce(func.sum(PilotMilestone.gross_pence), 0))
    .where(PilotMilestone.pilot_id == Pilot.id, PilotMilestone.paid_on.is_not(None))
    .correlate(Pilot)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a measure showed by the method that was fixed; None where that is not computed."""

    estimate: float | None
    low: float | None
    high: float | None
    readings: int


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One measure of a published result."""

    pilot: Pilot
    challenge_title: str
    category: str
    runs_name: str
    measure: PilotMeasure
    paid_pence: int
    shown: Shown


async def lines(db: AsyncSession, wanted: Wanted, *, sort: str, descending: bool) -> Sequence[ResultLine]:
    """Return all measures of all published results that are looked for.

    What they showed was kept when each was published. Results of before that was so are computed here, all of
    them with two statements more.
    """
    effect = (PilotEffect.estimate, PilotEffect.low, PilotEffect.high, PilotEffect.readings)
    query = (
        select(Pilot, Challenge.title, Challenge.category, RUNS.short_name, PilotMeasure, _PAID, *effect)
        .join(Challenge, Challenge.id == Pilot.challenge_id)
        .join(RUNS, RUNS.code == Pilot.runs_code)
        .join(PilotMeasure, PilotMeasure.pilot_id == Pilot.id)
        .outerjoin(
            PilotEffect,
            and_(PilotEffect.pilot_id == Pilot.id, PilotEffect.position == PilotMeasure.position),
        )
    )
    ordered = in_order(query, wanted, sort, descending).order_by(PilotMeasure.position)
    rows: Sequence[Any] = (await db.execute(ordered)).all()
    old = [row for row in rows if row.readings is None]
    computed = await _computed(db, old) if old else {}
    return [
        ResultLine(
            *row[:5],
            paid_pence=int(row[5]),
            shown=Shown(*row[6:]) if row.readings is not None else computed[row[0].id, row[4].position],
        )
        for row in rows
    ]


def shown(effect: Effect) -> Shown:
    """Return what is kept of an effect."""
    return Shown(effect.estimate, effect.low, effect.high, effect.readings)


def measure_of(row: PilotMeasure) -> Measure:
    """Return a measure as methods take it."""
    return Measure(**{name: getattr(row, name) for name in Measure.__dataclass_fields__})


async def _computed(db: AsyncSession, rows: Sequence[Any]) -> dict[tuple[UUID, int], Shown]:
    """Return what measures show whose effect was not kept, by pilot and position."""
    ids = {row[0].id for row in rows}
    sites, readings = await _sites(db, ids), await _readings(db, ids)

    def compute() -> dict[tuple[UUID, int], Shown]:
        found: dict[tuple[UUID, int], Shown] = {}
        for pilot, measure in ((row[0], measure_of(row[4])) for row in rows):
            own = readings.get((pilot.id, measure.position), [])
            effect = measuring.by_fixed_method(measure, sites.get(pilot.id, []), own, pilot.starts_on)
            found[pilot.id, measure.position] = shown(effect)
        return found

    return await asyncio.to_thread(compute)


async def _sites(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[Site]]:
    columns = (
        PilotSite.pilot_id,
        PilotSite.position,
        PilotSite.body_code,
        PilotSite.place,
        PilotSite.compares,
    )
    found: dict[UUID, list[Site]] = {}
    row: Any
    for row in await db.execute(select(*columns).where(PilotSite.pilot_id.in_(ids))):
        found.setdefault(row[0], []).append(Site(*row[1:]))
    return found


async def _readings(db: AsyncSession, ids: Collection[UUID]) -> dict[tuple[UUID, int], list[Reading]]:
    """Return the readings that count: no later one corrects them."""
    later = aliased(PilotReading)
    columns = (
        PilotReading.pilot_id,
        PilotReading.position,
        PilotReading.site,
        PilotReading.read_on,
        PilotReading.value,
        PilotReading.cases,
    )
    query = (
        select(*columns)
        .outerjoin(later, later.corrects == PilotReading.id)
        .where(PilotReading.pilot_id.in_(ids), later.id.is_(None))
        .order_by(PilotReading.read_on, PilotReading.site, PilotReading.read_at, PilotReading.id)
    )
    found: dict[tuple[UUID, int], list[Reading]] = {}
    row: Any
    for row in await db.execute(query):
        found.setdefault((row[0], row[1]), []).append(Reading(*row[2:]))
    return found
