"""Who supplies what to whom in one market: its suppliers, its councils, who came and who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from analytics.markets.minimums import COVERED_MONTHS
from insights.models import BodyYear, Cell
from insights.queries.figures import ReleaseView
from spend.models import Marking
from suppliers.models import Supplier


@dataclass(frozen=True, slots=True)
class MarketOf:
    """Which market: a category, a financial year, and the bodies of an area or of a person's choice."""

    category: str
    year: int
    bodies: Sequence[str]


@dataclass(frozen=True, slots=True)
class SupplierShare:
    """What one supplier sold in a market.

    Attributes:
        name: None for a private individual, who is counted and not named.
        council_count: how many bodies bought from it.
    """

    supplier_id: UUID
    name: str | None
    public_body: bool
    pence: int
    line_count: int
    share: float
    council_count: int


@dataclass(frozen=True, slots=True)
class CouncilShare:
    """What one body bought in a market, and how much of it from its largest supplier."""

    code: str
    name: str
    pence: int
    line_count: int
    supplier_count: int
    largest_id: UUID
    largest_name: str | None
    largest_share: float


@dataclass(frozen=True, slots=True)
class PublishingBody:
    """A body whose payments are in the release, with what it published in one year."""

    code: str
    name: str
    region_code: str | None
    months: int
    lines: int
    pence: int


SUPPLIER_SORTS: Final = ("share", "name", "councils", "lines")
COUNCIL_SORTS: Final = ("spend", "name", "suppliers", "largest")


async def market_suppliers(
    db: AsyncSession,
    release: ReleaseView,
    market: MarketOf,
    *,
    sort: str = "share",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> tuple[int, list[SupplierShare]]:
    """Return how many suppliers a market has, and one page of them."""
    pence = func.sum(Cell.pence)
    sums = (
        _cells(release, market, Cell.supplier_id, pence.label("pence"))
        .add_columns(
            func.sum(Cell.lines).label("lines"), func.count(distinct(Marking.body_code)).label("councils")
        )
        .group_by(Cell.supplier_id)
        .subquery()
    )
    order: dict[str, Any] = {
        "share": sums.c.pence,
        "name": func.lower(Supplier.name),
        "councils": sums.c.councils,
        "lines": sums.c.lines,
    }
    chosen = order[sort].desc() if descending else order[sort].asc()
    rows = (
        await db.execute(
            select(
                sums.c.supplier_id,
                Supplier.name,
                func.coalesce(Supplier.public_body, False),
                sums.c.pence,
                sums.c.lines,
                sums.c.pence / func.sum(sums.c.pence).over(),
                sums.c.councils,
                func.count().over(),
            )
            .outerjoin(Supplier, Supplier.id == sums.c.supplier_id)
            .order_by(chosen.nulls_last(), sums.c.pence.desc(), sums.c.supplier_id)
            .offset(offset)
            .limit(limit)
        )
    ).all()
    shares = [
        SupplierShare(row[0], row[1], row[2], int(row[3]), int(row[4]), float(row[5]), row[6]) for row in rows
    ]
    return (rows[0][7] if rows else 0), shares


async def market_councils(
    db: AsyncSession,
    release: ReleaseView,
    market: MarketOf,
    *,
    sort: str = "spend",
    descending: bool = True,
) -> list[CouncilShare]:
    """Return the bodies that bought in a market, each with its largest supplier there."""
    cells = _cells(release, market, Marking.body_code, Cell.pence, Cell.lines, Cell.supplier_id).subquery()
    rank = func.row_number().over(
        partition_by=cells.c.body_code, order_by=(cells.c.pence.desc(), cells.c.supplier_id)
    )
    ranked = select(cells, rank.label("rank")).subquery()
    first = ranked.c.rank == 1
    sums = (
        select(
            ranked.c.body_code,
            func.sum(ranked.c.pence).label("pence"),
            func.sum(ranked.c.lines).label("lines"),
            func.count().label("suppliers"),
            func.max(case((first, ranked.c.pence))).label("largest_pence"),
            # PostgreSQL before 18 has no max(uuid); an array of one keeps the type.
            func.array_agg(ranked.c.supplier_id).filter(first).label("largest"),
        )
        .group_by(ranked.c.body_code)
        .subquery()
    )
    largest_share = sums.c.largest_pence / sums.c.pence
    order: dict[str, Any] = {
        "spend": sums.c.pence,
        "name": Organisation.short_name,
        "suppliers": sums.c.suppliers,
        "largest": largest_share,
    }
    chosen = order[sort].desc() if descending else order[sort].asc()
    rows = await db.execute(
        select(
            sums.c.body_code,
            Organisation.short_name,
            sums.c.pence,
            sums.c.lines,
            sums.c.suppliers,
            sums.c.largest[1],
            Supplier.name,
            largest_share,
        )
        .join(Organisation, Organisation.code == sums.c.body_code)
        .outerjoin(Supplier, Supplier.id == sums.c.largest[1])
        .order_by(chosen, sums.c.body_code)
    )
    return [
        CouncilShare(row[0], row[1], int(row[2]), int(row[3]), row[4], row[5], row[6], float(row[7]))
        for row in rows
    ]


async def publishing(db: AsyncSession, release: ReleaseView, year: int) -> list[PublishingBody]:
    """Return the bodies whose payments are in a release, with what they published in a year."""
    rows = await db.execute(
        select(
            Marking.body_code,
            Organisation.short_name,
            Organisation.region_code,
            BodyYear.months,
            BodyYear.lines,
            BodyYear.pence,
        )
        .join(Organisation, Organisation.code == Marking.body_code)
        .join(BodyYear, BodyYear.marking_id == Marking.id)
        .where(Marking.id.in_(release.marking_ids), BodyYear.year == year)
        .order_by(Organisation.short_name)
    )
    return [PublishingBody(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who came into a market and who left it, over the bodies whose payments cover both years.

    Attributes:
        council_count: how many bodies those are.
        entrants, leavers: the largest by what they sold in the year that they came, or last sold.
    """

    council_count: int
    entrants: Sequence[tuple[UUID, str | None, int]]
    leavers: Sequence[tuple[UUID, str | None, int]]


async def turnover(db: AsyncSession, release: ReleaseView, market: MarketOf, *, limit: int = 10) -> Turnover:
    """Return who came since the year before, and who sold then and no more."""
    before = replace(market, year=market.year - 1)
    covering = list(
        await db.scalars(
            select(Marking.body_code)
            .join(BodyYear, BodyYear.marking_id == Marking.id)
            .where(
                Marking.id.in_(release.marking_ids),
                Marking.body_code.in_(list(market.bodies)),
                BodyYear.year.in_([market.year, before.year]),
                BodyYear.months >= COVERED_MONTHS,
            )
            .group_by(Marking.body_code)
            .having(func.count() == 2)
        )
    )
    if not covering:
        return Turnover(0, [], [])
    now, then = replace(market, bodies=covering), replace(before, bodies=covering)
    return Turnover(
        len(covering),
        await _only_in(db, release, now, then, limit),
        await _only_in(db, release, then, now, limit),
    )


async def _only_in(
    db: AsyncSession, release: ReleaseView, here: MarketOf, there: MarketOf, limit: int
) -> list[tuple[UUID, str | None, int]]:
    sums = (
        _cells(release, here, Cell.supplier_id, func.sum(Cell.pence).label("pence"))
        .where(Cell.supplier_id.not_in(_cells(release, there, Cell.supplier_id)))
        .group_by(Cell.supplier_id)
        .subquery()
    )
    rows = await db.execute(
        select(sums.c.supplier_id, Supplier.name, sums.c.pence)
        .outerjoin(Supplier, Supplier.id == sums.c.supplier_id)
        .order_by(sums.c.pence.desc(), sums.c.supplier_id)
        .limit(limit)
    )
    return [(row[0], row[1], int(row[2])) for row in rows]


async def supplier_name(db: AsyncSession, supplier_id: str | None) -> str | None:
    """Return a supplier's name; None for nobody and for a private individual."""
    if supplier_id is None:
        return None
    return await db.scalar(select(Supplier.name).where(Supplier.id == UUID(supplier_id)))


async def supplier_names(db: AsyncSession, supplier_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of suppliers; private individuals are left out."""
    rows = await db.execute(select(Supplier.id, Supplier.name).where(Supplier.id.in_(supplier_ids)))
    return {row.id: row.name for row in rows}


def _cells(release: ReleaseView, market: MarketOf, *columns: Any) -> Any:
    """Return a query over the purchases of a market: cells whose net is above zero."""
    return (
        select(*columns)
        .select_from(Cell)
        .join(Marking, Marking.id == Cell.marking_id)
        .where(
            Cell.marking_id.in_(release.marking_ids),
            Marking.body_code.in_(list(market.bodies)),
            Cell.category == market.category,
            Cell.year == market.year,
            Cell.pence > 0,
        )
    )
