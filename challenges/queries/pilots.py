"""Pilots with all that belongs to them, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from challenges.models import (
    Challenge,
    Pilot,
    PilotAdoption,
    PilotMeasure,
    PilotMeasureChange,
    PilotMilestone,
    PilotReading,
    PilotSite,
)
from challenges.rules import measuring
from challenges.rules.pilots import (
    DECISIONS,
    PILOT_WORDS,
    Agreement,
    Measure,
    Milestone,
    PilotState,
    Site,
    asked_from,
)
from procurement.models import Pool
from spend.rules.categories import taxonomy
from values.refusals import Missing

RUNS: Final = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class PilotRow:
    """A pilot with its challenge, as every page of it needs it."""

    pilot: Pilot
    challenge_title: str
    category: str
    lead_code: str
    runs_name: str

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return PILOT_WORDS[PilotState(self.pilot.state)]

    @property
    def decision_words(self) -> tuple[str, str]:
        """What was decided, and the colour of the tag."""
        return DECISIONS.get(self.pilot.decision, ("Not decided yet", "grey"))

    @property
    def category_name(self) -> str:
        """The name of the challenge's category."""
        return taxonomy().named(self.category)


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A milestone, with when it was paid and what showed that it was reached."""

    position: int
    title: str
    due_on: date
    gross_pence: int
    paid_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading as it was recorded; `counts`: no later one corrects it."""

    id: UUID
    position: int
    site: int
    read_on: date
    value: float
    cases: float | None
    evidence: str
    corrects: UUID | None
    reason: str
    read_by: str
    read_at: datetime
    counts: bool

    @property
    def reading(self) -> measuring.Reading:
        """The same as methods take it."""
        return measuring.Reading(self.site, self.read_on, self.value, self.cases, self.evidence)


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """A council that took on what was tried; the pool as far as the reader may see it."""

    id: UUID
    body_code: str
    body_name: str
    way: str
    pool_id: UUID | None
    pool_title: str
    words: str
    yearly_gross_pence: int
    from_on: date
    still: str
    still_words: str
    still_at: datetime | None

    @property
    def asked_on(self) -> date:
        """From when on the council is asked whether it is still in use."""
        return asked_from(self.from_on)


def _rows() -> Any:
    return (
        select(Pilot, Challenge.title, Challenge.category, Challenge.lead_code, RUNS.short_name)
        .join(Challenge, Challenge.id == Pilot.challenge_id)
        .join(RUNS, RUNS.code == Pilot.runs_code)
        .execution_options(populate_existing=True)
    )


async def pilot_row(db: AsyncSession, pilot_id: UUID) -> PilotRow:
    """Return a pilot.

    Raises:
        Missing: no such pilot, or not theirs to see.
    """
    row = (await db.execute(_rows().where(Pilot.id == pilot_id))).first()
    if row is None:
        raise Missing("pilot")
    return PilotRow(*row)


async def locked_pilot(db: AsyncSession, pilot_id: UUID) -> PilotRow:
    """Return a pilot that nobody else changes until this transaction ends.

    Raises:
        Missing: no such pilot, or not theirs to see.
    """
    await db.execute(select(Pilot.id).where(Pilot.id == pilot_id).with_for_update())
    return await pilot_row(db, pilot_id)


async def of_challenge(db: AsyncSession, challenge_id: UUID) -> Sequence[PilotRow]:
    """Return the pilots of a challenge, the first begun first."""
    rows = await db.execute(
        _rows().where(Pilot.challenge_id == challenge_id).order_by(Pilot.created_at, Pilot.id)
    )
    return [PilotRow(*row) for row in rows]


async def sites(db: AsyncSession, pilot_id: UUID) -> Sequence[Site]:
    """Return where it is tried, and where it is compared."""
    query = select(PilotSite.position, PilotSite.body_code, PilotSite.place, PilotSite.compares)
    rows = await db.execute(query.where(PilotSite.pilot_id == pilot_id).order_by(PilotSite.position))
    return [Site(*row) for row in rows]


async def bodies(db: AsyncSession, found: Sequence[Site]) -> Mapping[str, str]:
    """Return the names of the councils whose places these are, by their codes."""
    query = select(Organisation.code, Organisation.short_name)
    rows = await db.execute(query.where(Organisation.code.in_({each.body_code for each in found})))
    return {code: name for code, name in rows if code}


async def milestones(db: AsyncSession, pilot_id: UUID) -> Sequence[PaidRow]:
    """Return what is paid for what."""
    columns: list[Any] = [getattr(PilotMilestone, name) for name in PaidRow.__dataclass_fields__]
    query = select(*columns).where(PilotMilestone.pilot_id == pilot_id).order_by(PilotMilestone.position)
    return [PaidRow(*row) for row in await db.execute(query)]


async def measures(db: AsyncSession, pilot_id: UUID) -> Sequence[Measure]:
    """Return the measures as they were fixed."""
    columns: list[Any] = [getattr(PilotMeasure, name) for name in Measure.__dataclass_fields__]
    query = select(*columns).where(PilotMeasure.pilot_id == pilot_id).order_by(PilotMeasure.position)
    return [Measure(*row) for row in await db.execute(query)]


async def measure(db: AsyncSession, pilot_id: UUID, position: int) -> Measure:
    """Return one measure.

    Raises:
        Missing: there is none.
    """
    found = next((each for each in await measures(db, pilot_id) if each.position == position), None)
    if found is None:
        raise Missing("measure")
    return found


async def changes(db: AsyncSession, pilot_id: UUID) -> Sequence[PilotMeasureChange]:
    """Return later changes of measures, in their order."""
    query = select(PilotMeasureChange).where(PilotMeasureChange.pilot_id == pilot_id)
    return list(await db.scalars(query.order_by(PilotMeasureChange.changed_at, PilotMeasureChange.id)))


async def readings(db: AsyncSession, pilot_id: UUID) -> Sequence[ReadingRow]:
    """Return all readings of a pilot by day, corrected ones too."""
    later = aliased(PilotReading)
    columns: list[Any] = [
        getattr(PilotReading, name) for name in ReadingRow.__dataclass_fields__ if name != "counts"
    ]
    query = (
        select(*columns, later.id.is_(None))
        .outerjoin(later, later.corrects == PilotReading.id)
        .where(PilotReading.pilot_id == pilot_id)
        .order_by(PilotReading.read_on, PilotReading.site, PilotReading.read_at, PilotReading.id)
    )
    return [ReadingRow(*row) for row in await db.execute(query)]


async def agreement(db: AsyncSession, row: PilotRow) -> Agreement:
    """Return all that an approver of a pilot agrees to."""
    one = row.pilot
    agreed = [
        Milestone(each.position, each.title, each.due_on, each.gross_pence)
        for each in await milestones(db, one.id)
    ]
    return Agreement(
        one.firm,
        one.product,
        one.runs_code,
        one.title,
        one.tries,
        one.starts_on,
        one.ends_on,
        await sites(db, one.id),
        agreed,
        await measures(db, one.id),
    )


async def adoptions(db: AsyncSession, pilot_id: UUID) -> Sequence[AdoptionRow]:
    """Return the councils that took it on, the first first."""
    rows = await db.execute(
        select(PilotAdoption, Organisation.short_name, Pool.title)
        .join(Organisation, Organisation.code == PilotAdoption.body_code)
        .outerjoin(Pool, Pool.id == PilotAdoption.pool_id)
        .where(PilotAdoption.pilot_id == pilot_id)
        .order_by(PilotAdoption.adopted_at, PilotAdoption.id)
        .execution_options(populate_existing=True)
    )
    return [
        AdoptionRow(
            one.id,
            one.body_code,
            name,
            one.way,
            one.pool_id if title else None,
            title or "",
            one.words,
            one.yearly_gross_pence,
            one.from_on,
            one.still,
            one.still_words,
            one.still_at,
        )
        for one, name, title in rows
    ]
