"""What one supplier sold: to whom, in which category and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from insights.models import Cell
from insights.queries.figures import ReleaseView
from spend.models import Marking


@dataclass(frozen=True, slots=True)
class Sale:
    """What one body paid the supplier in one category and financial year, credit notes netted."""

    year: int
    body_code: str
    body_name: str
    category: str
    pence: int
    line_count: int


@dataclass(frozen=True, slots=True)
class YearOfSales:
    """What all bodies paid the supplier in one financial year."""

    year: int
    pence: int
    line_count: int
    council_count: int


@dataclass(frozen=True, slots=True)
class Sales:
    """One page of a supplier's sales, how many there are, and all of them by year, newest first."""

    total: int
    sales: Sequence[Sale]
    years: Sequence[YearOfSales]


SALE_SORTS: Final = {
    "year": Cell.year,
    "council": func.lower(Organisation.short_name),
    "category": Cell.category,
    "spend": Cell.pence,
    "lines": Cell.lines,
}


async def sales(
    db: AsyncSession,
    release: ReleaseView,
    supplier_id: UUID,
    *,
    sort: str = "year",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> Sales:
    """Return what a supplier sold, as the release counts it."""
    of_supplier = (
        Cell.supplier_id == supplier_id,
        Cell.marking_id.in_(release.marking_ids),
        Cell.pence > 0,
    )
    by_year = await db.execute(
        select(
            Cell.year,
            func.sum(Cell.pence),
            func.sum(Cell.lines),
            func.count(Cell.marking_id.distinct()),
            func.count(),
        )
        .where(*of_supplier)
        .group_by(Cell.year)
        .order_by(Cell.year.desc())
    )
    years = [(YearOfSales(row[0], int(row[1]), int(row[2]), row[3]), int(row[4])) for row in by_year]
    order = SALE_SORTS[sort].desc() if descending else SALE_SORTS[sort].asc()
    rows = await db.execute(
        select(Cell.year, Marking.body_code, Organisation.short_name, Cell.category, Cell.pence, Cell.lines)
        .join(Marking, Marking.id == Cell.marking_id)
        .join(Organisation, Organisation.code == Marking.body_code)
        .where(*of_supplier)
        .order_by(order, Cell.year.desc(), Cell.pence.desc(), Marking.body_code, Cell.category)
        .offset(offset)
        .limit(limit)
    )
    return Sales(sum(cells for _, cells in years), [Sale(*row) for row in rows], [year for year, _ in years])
