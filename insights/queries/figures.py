"""The measures of markets, as a release holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.markets import provenance
from insights.models import Measure, Release, ReleasePart
from spend.models import Marking
from store.db import rows
from store.memory import Memory


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """The release that counts now.

    Attributes:
        parts: (body code, fingerprint of its marking) for every body whose payments are in it.
    """

    id: UUID
    made_at: datetime
    first_year: int | None
    last_year: int | None
    versions: Mapping[str, Any]
    parts: Mapping[str, str]
    marking_ids: Sequence[UUID]

    @property
    def years(self) -> list[int]:
        """The financial years that it covers, newest first."""
        if self.first_year is None or self.last_year is None:
            return []
        return list(range(self.last_year, self.first_year - 1, -1))


@dataclass(frozen=True, slots=True)
class Figures:
    """One market: a category, an area and a financial year. A figure that is None has its reason beside it.

    Names, units and definitions: `analytics.markets.definitions`.
    """

    category: str
    region: str
    year: int
    spend_pence: int
    supplier_count: int
    hhi_points: float | None
    cr1_share: float | None
    cr4_share: float | None
    effective_suppliers: float | None
    leader_id: str | None
    leader_pence: int | None
    leader_council_count: int | None
    dependent_council_count: int | None
    dependent_pence: int | None
    tenure_years: float | None
    long_tenure_share: float | None
    open_tenure_share: float | None
    hhi_low: float | None
    hhi_high: float | None
    hhi_error_points: float | None
    hhi_without_one_low: float | None
    hhi_without_one_high: float | None
    entrant_count: int | None
    entrant_rate: float | None
    entrant_spend_share: float | None
    spend_change_rate: float | None
    hhi_change_points: float | None
    leaver_count: int | None
    leaver_rate: float | None
    line_count: int
    council_count: int
    publishing_count: int
    council_total: int
    months_covered: int
    area_purchase_pence: int
    known_category_share: float | None
    compared_council_count: int | None
    leaver_compared_council_count: int | None
    not_computed: str | None
    interval_not_computed: str | None
    entrants_not_computed: str | None
    leavers_not_computed: str | None


_FIELDS: Final = tuple(field.name for field in fields(Figures))
COVERAGE: Final = tuple(definition.code for definition in provenance.COVERAGE)

# What a release says never changes, so each process keeps it.
_RELEASES: Final = Memory["ReleaseView"](4)
_FIGURES: Final = Memory[list[Figures]](256)

_NEWEST = select(Release.id).order_by(Release.made_at.desc(), Release.id.desc()).limit(1)
_PARTS = (
    select(Marking.id, Marking.body_code, Marking.fingerprint)
    .join(ReleasePart, ReleasePart.marking_id == Marking.id)
    .where(ReleasePart.release_id == bindparam("release"))
    .order_by(Marking.body_code)
)


async def current_release(db: AsyncSession) -> ReleaseView | None:
    """Return the release that counts, or None before the first."""
    newest = [release_id for (release_id,) in await rows(db, _NEWEST)]
    return await _RELEASES.recall(newest[0], lambda: _release(db, newest[0])) if newest else None


async def _release(db: AsyncSession, release_id: UUID) -> ReleaseView:
    release = (await db.execute(select(Release).where(Release.id == release_id))).scalar_one()
    parts = (await db.execute(_PARTS, {"release": release_id})).all()
    return ReleaseView(
        release.id,
        release.made_at,
        release.first_year,
        release.last_year,
        release.versions,
        {row.body_code: row.fingerprint for row in parts},
        [row.id for row in parts],
    )


async def figures(
    db: AsyncSession,
    release_id: UUID,
    *,
    areas: Sequence[str],
    categories: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> list[Figures]:
    """Return the figures of the markets asked for, by category, area and year; None asks for all."""

    async def read() -> list[Figures]:
        return await _read(db, release_id, areas, categories, years)

    asked = (areas, categories, years)
    key = (release_id, *(None if each is None else tuple(each) for each in asked))
    return await _FIGURES.recall(key, read)


async def _read(
    db: AsyncSession,
    release_id: UUID,
    areas: Sequence[str],
    categories: Sequence[str] | None,
    years: Sequence[int] | None,
) -> list[Figures]:
    query = select(Measure.measures).where(Measure.release_id == release_id, Measure.area.in_(areas))
    if categories is not None:
        query = query.where(Measure.category.in_(categories))
    if years is not None:
        query = query.where(Measure.year.in_(years))
    found = await db.scalars(query.order_by(Measure.category, Measure.area, Measure.year))
    return [from_row(row) for row in found]


def from_row(row: Mapping[str, Any]) -> Figures:
    """Return the figures that a release or an engine holds as a row."""
    return Figures(**{name: row[name] for name in _FIELDS})


_FIRST: Final = (
    "category",
    "region",
    "year",
    "spend_pence",
    "supplier_count",
    "hhi_points",
    "hhi_low",
    "hhi_high",
    "cr1_share",
    "cr4_share",
    "effective_suppliers",
)
_REST: Final = tuple(n for n in _FIELDS if n not in _FIRST and n not in COVERAGE and n != "not_computed")
FLAT: Final = (*_FIRST, "region_name", *COVERAGE, "not_computed", *_REST)


def as_row(area_name: str, market: Figures) -> dict[str, Any]:
    """Return a market in the shape that programs rely on, the same from the command line and the API."""
    return {
        **{name: getattr(market, name) for name in _FIRST},
        "region_name": area_name,
        "coverage": {name: getattr(market, name) for name in COVERAGE},
        "not_computed": market.not_computed,
        **{name: getattr(market, name) for name in _REST},
    }


def as_cells(area_name: str, market: Figures) -> list[Any]:
    """Return a market as one line of a table whose columns are `FLAT`."""
    return [area_name if name == "region_name" else getattr(market, name) for name in FLAT]
