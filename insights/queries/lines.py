"""The payment lines behind a figure, filtered exactly as the figure was, so that they add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from insights.queries.figures import ReleaseView
from spend.models import MARKED
from store.lake import Lake
from store.memory import Memory

SORTS: Final = {
    "paid": "paid_on",
    "amount": "amount_pence",
    "payee": "payee",
    "body": "body_code",
    "label": "expense",
}
_COLUMNS: Final = """
    split_part(filename, '/', -2) as body_code, file_id, line_no, paid_on, amount_pence, amount_basis, payee,
    supplier_id, individual, reference, directorate, service, expense, procurement_label, description, card,
    category, rule, because
"""
# Heading of the download → what stands below it.
EXPORTED: Final = {
    "body": "split_part(filename, '/', -2) as body_code",
    "file_id": "file_id",
    "line_no": "line_no",
    "paid_on": "paid_on",
    "amount_pence": "amount_pence",
    "amount_basis": "amount_basis",
    "payee": "payee",
    "supplier_id": "supplier_id",
    "reference": "reference",
    "directorate": "directorate",
    "service": "service",
    "expense": "expense",
    "procurement_label": "procurement_label",
    "description": "description",
    "category": "category",
    "category_rule": "rule",
    "category_because": "because",
}


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines: those of a market, or of one supplier or some councils in it."""

    category: str
    year: int
    bodies: Sequence[str]
    supplier_id: UUID | None = None
    sort: str = "amount"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A payment as a body published it, and what was decided about it."""

    body_code: str
    file_id: UUID
    line_no: int
    paid_on: date
    amount_pence: int
    amount_basis: str
    payee: str | None
    supplier_id: UUID | None
    individual: bool
    reference: str | None
    directorate: str | None
    service: str | None
    expense: str | None
    procurement_label: str | None
    description: str | None
    card: bool
    category: str
    rule: str | None
    because: str | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of lines, and what all of them come to."""

    lines: Sequence[Line]
    line_count: int
    sum_pence: int


# The files are named by their content, so what was read of them stays true.
_TOTALS: Final = Memory[tuple[int, int]](1024)
_PAGES: Final = Memory[list[Line]](128)


async def line_page(
    lake: Lake, release: ReleaseView, wanted: LineFilter, *, offset: int = 0, limit: int = 50
) -> LinePage:
    """Return one page of the lines behind a figure, with the number and the sum of all of them."""
    places = _places(lake, release, wanted)
    if not places:
        return LinePage([], 0, 0)
    where, values = _where(places, wanted)
    matching = (tuple(places), wanted.category, wanted.year, wanted.supplier_id)

    async def totals() -> tuple[int, int]:
        [row] = await lake.rows(
            f"select count(*) as lines, coalesce(sum(amount_pence), 0)::bigint as pence {where}", values
        )
        return row["lines"], row["pence"]

    async def page() -> list[Line]:
        direction = "desc" if wanted.descending else "asc"
        order = f"{SORTS[wanted.sort]} {direction} nulls last, filename, file_id, line_no"
        rows = await lake.rows(
            f"select {_COLUMNS} {where} order by {order} limit ? offset ?", [*values, limit, offset]
        )
        return [_line(row) for row in rows]

    return LinePage(
        await _PAGES.recall((*matching, wanted.sort, wanted.descending, offset, limit), page),
        *await _TOTALS.recall(matching, totals),
    )


def line_batches(lake: Lake, release: ReleaseView, wanted: LineFilter) -> Iterator[list[tuple[Any, ...]]]:
    """Hand out all lines behind a figure for a download, some at a time, in the order of `EXPORTED`."""
    where, values = _where(_places(lake, release, wanted), wanted)
    order = "order by body_code, paid_on, file_id, line_no"
    return lake.batches(f"select {', '.join(EXPORTED.values())} {where} {order}", values)


def _places(lake: Lake, release: ReleaseView, wanted: LineFilter) -> list[str]:
    return [
        str(lake.path(MARKED, body, f"{release.parts[body]}.parquet"))
        for body in wanted.bodies
        if body in release.parts
    ]


def _where(places: Sequence[str], wanted: LineFilter) -> tuple[str, list[Any]]:
    """Return the FROM and WHERE that a figure stands on; every value is bound."""
    where = "from read_parquet(?, filename = true) where counted and category = ? and year = ?"
    values: list[Any] = [list(places), wanted.category, wanted.year]
    if wanted.supplier_id is not None:
        where += " and supplier_id = ?"
        values.append(str(wanted.supplier_id))
    return where, values


def _line(row: dict[str, Any]) -> Line:
    supplier = row["supplier_id"]
    typed: dict[str, Any] = {
        **row,
        "file_id": UUID(row["file_id"]),
        "supplier_id": UUID(supplier) if supplier else None,
    }
    return Line(**typed)
