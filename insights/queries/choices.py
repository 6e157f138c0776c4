"""What a person chose to look at: an area or councils of their own, and a financial year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from accounts.models import Organisation
from analytics.markets.minimums import COVERED_MONTHS
from insights.models import BodyYear
from insights.queries.figures import Figures, ReleaseView, figures, from_row
from spend.models import Marking
from store.lake import Lake
from store.memory import Memory
from values.codes import ENGLAND
from values.refusals import Refused

CHOSEN = "chosen"
# Names of councils may be corrected without a new release: pages show them within a minute.
MINUTE: Final = 60.0
_CHOICES: Final = Memory["Choice"](256, seconds=MINUTE)
_COMPUTED: Final = Memory[list[Figures]](32)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of England, or the councils that a person chose."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at.

    Attributes:
        bodies: codes of the bodies of the area whose payments are known.
        areas: what else can be chosen.
        publishing: (code, name) of every body whose payments are known, for choosing among them.
    """

    area: Area
    year: int
    bodies: Sequence[str]
    areas: Sequence[Area]
    years: Sequence[int]
    publishing: Sequence[tuple[str, str]]

    @property
    def query(self) -> str:
        """The choice as the query of an address."""
        if self.area.code == CHOSEN:
            return "".join(f"body={code}&" for code in self.bodies) + f"year={self.year}"
        return f"area={self.area.code}&year={self.year}"


async def choose(
    db: AsyncSession,
    release: ReleaseView,
    *,
    area: str | None = None,
    year: int | None = None,
    bodies: Sequence[str] = (),
) -> Choice:
    """Return what is looked at; left out, it is England in the last year that most bodies cover.

    Raises:
        Refused: there is no such area, year or body among what is published.
    """
    return await _CHOICES.recall(
        (release.id, area, year, tuple(bodies)), lambda: _choose(db, release, area, year, bodies)
    )


async def _choose(
    db: AsyncSession, release: ReleaseView, area: str | None, year: int | None, bodies: Sequence[str]
) -> Choice:
    regions = [Area(ENGLAND, "England"), *(Area(code, name) for code, name in await accounts.regions(db))]
    known = (
        await db.execute(
            select(Organisation.code, Organisation.short_name, Organisation.region_code)
            .join(Marking, Marking.body_code == Organisation.code)
            .where(Marking.id.in_(release.marking_ids))
            .order_by(Organisation.short_name)
        )
    ).all()
    chosen_area, codes = _area(area, bodies, regions, known)
    if year is None:
        year = await _usual_year(db, release)
    if year not in release.years:
        first, last = release.years[-1], release.years[0]
        raise Refused(f"Choose a financial year from {first} to {last}: those have payments", "year")
    return Choice(
        chosen_area, year, codes, regions, release.years, [(row.code, row.short_name) for row in known]
    )


async def body_codes(db: AsyncSession, codes: Sequence[str]) -> list[str]:
    """Return the register's codes of bodies that are named by any of their codes.

    Raises:
        Refused: no body has one of them.
    """
    found: list[str] = []
    for code in codes:
        body = await accounts.body_by_code(db, code)
        if body is None or body.code is None:
            raise Refused(f"No body has the code {code!r}", "body")
        found.append(body.code)
    return found


def _area(
    area: str | None, bodies: Sequence[str], regions: Sequence[Area], known: Sequence[object]
) -> tuple[Area, list[str]]:
    rows: list[tuple[str, str, str | None]] = [tuple(row) for row in known]  # pyright: ignore[reportArgumentType, reportAssignmentType] -- rows are tuples
    if bodies:
        wanted = {code.upper() for code in bodies}
        unknown = wanted - {code for code, _, _ in rows}
        if unknown:
            raise Refused(f"No payments are published by {', '.join(sorted(unknown))}", "body")
        names = ", ".join(name for code, name, _ in rows if code in wanted)
        return Area(CHOSEN, names), sorted(wanted)
    named = (area or ENGLAND).strip().lower()
    found = next((each for each in regions if named in (each.code.lower(), each.name.lower())), None)
    if found is None:
        raise Refused(f"There is no region {area!r}: choose England or one of its nine regions", "area")
    whole = found.code == ENGLAND
    return found, [code for code, _, region in rows if whole or region == found.code]


async def _usual_year(db: AsyncSession, release: ReleaseView) -> int:
    """Return the last financial year that the most bodies cover."""
    covering = func.sum(case((BodyYear.months >= COVERED_MONTHS, 1), else_=0))
    year = await db.scalar(
        select(BodyYear.year)
        .where(BodyYear.marking_id.in_(release.marking_ids))
        .group_by(BodyYear.year)
        .order_by(covering.desc(), BodyYear.year.desc())
        .limit(1)
    )
    return int(year) if year is not None else release.years[0]


async def chosen_figures(
    db: AsyncSession,
    lake: Lake,
    release: ReleaseView,
    choice: Choice,
    *,
    categories: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> list[Figures]:
    """Return the figures of the markets of a choice, by category and year; None asks for all.

    For councils of a person's own choice they are computed now, by the very definition that the release was
    made with, which it left beside its cells as SQL.
    """
    if choice.area.code != CHOSEN:
        return await figures(db, release.id, areas=[choice.area.code], categories=categories, years=years)
    found = await _computed(lake, release, tuple(choice.bodies))
    return [
        row
        for row in found
        if (categories is None or row.category in categories) and (years is None or row.year in years)
    ]


async def _computed(lake: Lake, release: ReleaseView, bodies: tuple[str, ...]) -> list[Figures]:
    """Compute all figures of some bodies once; a release never changes, so they are good until the next."""
    return await _COMPUTED.recall((release.id, bodies), lambda: _compute(lake, release, bodies))


async def _compute(lake: Lake, release: ReleaseView, bodies: tuple[str, ...]) -> list[Figures]:
    folder = lake.path("releases", str(release.id))
    cells, coverage = (str(folder / name / "*.parquet").replace("'", "''") for name in ("cells", "coverage"))
    rows = await lake.rows(
        f"from ({(folder / 'report.sql').read_text()}) order by category, year",
        before=[
            (f"create temp view cells as from read_parquet('{cells}')", []),
            (f"create temp view coverage as from read_parquet('{coverage}')", []),
            (
                "create temp table membership as select ? as area_code, unnest(?::varchar[]) as council_code",
                [CHOSEN, list(bodies)],
            ),
        ],
    )
    return [from_row(row) for row in rows]
