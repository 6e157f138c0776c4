"""Corrections of a tender: what each changes, who approved it, and its notice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from tenders.models import (
    TenderCorrection,
    TenderCorrectionApproval,
    TenderCorrectionChange,
    TenderCriterion,
    TenderKpi,
    TenderLot,
    TenderRequirement,
)
from tenders.rules.correcting import checking
from tenders.rules.correcting.checking import CorrectionState
from tenders.rules.correcting.places import FIELDS, Change, Place
from tenders.rules.notices import Field
from values.refusals import Missing

_COLUMNS: Final = (
    TenderCorrection.id,
    TenderCorrection.tender_id,
    TenderCorrection.number,
    TenderCorrection.state,
    TenderCorrection.reason,
    TenderCorrection.until,
    TenderCorrection.enough,
    TenderCorrection.fingerprint,
    TenderCorrection.made_by,
    TenderCorrection.made_at,
    TenderCorrection.ended_reason,
    TenderCorrection.fields,
    TenderCorrection.prepared_at,
    TenderCorrection.reference,
    TenderCorrection.published_at,
    TenderCorrection.recorded_at,
)
_ORDER: Final = {(field.place, field.name): number for number, field in enumerate(FIELDS)}
# The table of each list, and what a row of it is known by.
TABLES: Final[Mapping[Place, Any]] = {
    Place.LOT: TenderLot,
    Place.REQUIREMENT: TenderRequirement,
    Place.CRITERION: TenderCriterion,
    Place.KPI: TenderKpi,
}
KEYS: Final[Mapping[Place, Any]] = {
    **{place: table.id for place, table in TABLES.items() if place is not Place.REQUIREMENT},
    Place.REQUIREMENT: TenderRequirement.position,
}


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction; `recorded_at`: since when the tender says what it changes."""

    id: UUID
    tender_id: UUID
    number: int
    state: str
    reason: str
    until: datetime | None
    enough: str
    fingerprint: bytes | None
    made_by: str
    made_at: datetime
    ended_reason: str
    fields: list[dict[str, Any]]
    prepared_at: datetime | None
    reference: str
    published_at: datetime | None
    recorded_at: datetime | None

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return checking.STATE_WORDS[CorrectionState(self.state)]

    @property
    def open(self) -> bool:
        """Whether it is neither published nor withdrawn."""
        return CorrectionState(self.state) in checking.OPEN

    @property
    def said(self) -> list[Field]:
        """The fields of its notice; none before it is prepared."""
        return [Field(**each) for each in self.fields]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A buyer's answer to a correction."""

    body_code: str
    body_name: str
    decision: str
    reason: str
    person_name: str
    decided_at: datetime
    ended_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is an approval that has not ended."""
        return self.decision == "approved" and self.ended_at is None


async def corrections(db: AsyncSession, tender_id: UUID) -> Sequence[CorrectionRow]:
    """Return the corrections that the reader may see, the newest first."""
    rows = await db.execute(
        select(*_COLUMNS)
        .where(TenderCorrection.tender_id == tender_id)
        .order_by(TenderCorrection.number.desc())
    )
    return [CorrectionRow(*row) for row in rows]


async def correction(
    db: AsyncSession, tender_id: UUID, number: int, *, locked: bool = False
) -> CorrectionRow:
    """Return one correction; `locked`: for a change of it.

    Raises:
        Missing: there is none of this number, or it is not theirs to see.
    """
    query = select(*_COLUMNS).where(
        TenderCorrection.tender_id == tender_id, TenderCorrection.number == number
    )
    row = (await db.execute(query.with_for_update() if locked else query)).one_or_none()
    if row is None:
        raise Missing("correction")
    return CorrectionRow(*row)


async def published(db: AsyncSession, tender_id: UUID) -> Sequence[CorrectionRow]:
    """Return the corrections that are published, the newest first."""
    return [each for each in await corrections(db, tender_id) if each.recorded_at]


async def changes_of(db: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Change]]:
    """Return what corrections change, each in the order of the tender."""
    rows: Any = await db.execute(
        select(
            TenderCorrectionChange.correction_id,
            TenderCorrectionChange.place,
            TenderCorrectionChange.number,
            TenderCorrectionChange.name,
            TenderCorrectionChange.before,
            TenderCorrectionChange.after,
        ).where(TenderCorrectionChange.correction_id.in_(ids))
    )
    found: dict[UUID, list[Change]] = {}
    for correction_id, place, *rest in rows:
        found.setdefault(correction_id, []).append(Change(Place(place), *rest))
    return {key: sorted(each, key=_place_in_order) for key, each in found.items()}


async def changes(db: AsyncSession, correction_id: UUID) -> Sequence[Change]:
    """Return what one correction changes."""
    return (await changes_of(db, [correction_id])).get(correction_id, [])


async def answers(db: AsyncSession, correction_id: UUID) -> Sequence[AnswerRow]:
    """Return what the buyers answered, the newest first; nobody else but sector leads sees any."""
    given = TenderCorrectionApproval
    rows = await db.execute(
        select(
            given.body_code,
            Organisation.short_name,
            given.decision,
            given.reason,
            given.person_name,
            given.decided_at,
            given.ended_at,
        )
        .join(Organisation, Organisation.code == given.body_code)
        .where(given.correction_id == correction_id)
        .order_by(given.decided_at.desc(), given.id.desc())
    )
    return [AnswerRow(*row) for row in rows]


async def next_number(db: AsyncSession, tender_id: UUID) -> int:
    """Return the number of the next correction."""
    query = select(func.max(TenderCorrection.number)).where(TenderCorrection.tender_id == tender_id)
    return (await db.scalar(query) or 0) + 1


async def keys(db: AsyncSession, tender_id: UUID, place: Place) -> Sequence[Any]:
    """Return by what the rows of a list are known, in the order of their numbers."""
    table = TABLES[place]
    rows = await db.execute(select(KEYS[place]).where(table.tender_id == tender_id).order_by(table.position))
    return rows.scalars().all()


def _place_in_order(change: Change) -> tuple[int, int, int]:
    return list(Place).index(change.place), change.number, _ORDER[change.place, change.name]
