"""From payment lines to cells, purchases and markets: what every measure is computed from.

All tables are Ibis expressions, so the same definitions run on DuckDB and on a distributed engine. Money is
integer pence: sums are exact and equal on every engine, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis import _
from ibis.common.deferred import Deferred
from ibis.expr.types import Table

ENGLAND = "E92000001"  # the code of England in the register of the Office for National Statistics (GSS)
MARKET = ("category", "area_code", "year")


def exact(total: Deferred) -> Deferred:
    """Return a sum of whole numbers as int64 on every engine.

    Ibis takes the sum of an int64 for an int64 and leaves a plain cast out, whereas DuckDB adds up in
    128 bits and a Parquet file then keeps a float. The way through a decimal makes the cast real.
    """
    return total.cast("decimal(38, 0)").cast("int64")


def cube(lines: Table) -> Table:
    """Return what each council paid each supplier in each category and year: the one pass over the facts.

    Args:
        lines: a row a payment line that is a purchase and no duplicate: council_code string, category string
            (null: not known), year int64 (the calendar year in which the financial year starts), supplier_id
            string (the corporate group where one is known), amount_pence int64 (below zero: a credit note).

    Returns:
        A row a cell (year, category, council_code, supplier_id): pence int64, line_count int64. Credit notes
        are netted inside the cell, so that pence may be zero or below.
    """
    keyed = lines.mutate(year=_.year.cast("int64"))
    return keyed.group_by(["year", "category", "council_code", "supplier_id"]).agg(
        pence=exact(_.amount_pence.sum()), line_count=_.count().cast("int64")
    )


def purchases(cells: Table) -> Table:
    """Return the cells of a cube in which something was bought.

    A cell whose credit notes equal or exceed its payments is no purchase of that year: a share below zero
    would have no meaning. Its lines leave with it.

    Returns:
        The columns of `cube`; pence above zero in every row.
    """
    return cells.filter(_.pence > 0)


def areas(councils: Table) -> Table:
    """Return which councils make up each region, and England as a whole.

    Args:
        councils: a row a council: council_code string, region_code string.

    Returns:
        A membership: area_code string, council_code string, no row twice. Any other table of this shape (the
        members of a purchasing body, one's own choice of councils) serves every measure alike.
    """
    regions = councils.filter(_.region_code.notnull()).select(
        area_code=_.region_code, council_code=_.council_code
    )
    england = councils.select(area_code=ibis.literal(ENGLAND), council_code=_.council_code)
    return regions.union(england, distinct=True)


def placed(cells: Table, membership: Table) -> Table:
    """Return the purchases of every area that their council belongs to.

    Args:
        cells: what `cube` returns, or a part of it.
        membership: area_code string, council_code string; a pair given twice counts once.

    Returns:
        A row (area_code, year, category, council_code, supplier_id): pence int64 above zero, line_count
        int64. The category is null where it is not known; `known` leaves those out.
    """
    pairs = membership.select("area_code", "council_code").distinct()
    return (
        purchases(cells)
        .inner_join(pairs, "council_code")
        .select("area_code", "year", "category", "council_code", "supplier_id", "pence", "line_count")
    )


def known(rows: Table) -> Table:
    """Return the rows whose category is known: the only ones that belong to a market."""
    return rows.filter(_.category.notnull())


def market(rows: Table) -> Table:
    """Return each supplier's total in each market.

    Args:
        rows: what `placed` returns.

    Returns:
        A row (category, area_code, year, supplier_id): pence int64 above zero, line_count and council_count
        int64 (the councils that bought from the supplier there).
    """
    return (
        known(rows)
        .group_by([*MARKET, "supplier_id"])
        .agg(
            pence=exact(_.pence.sum()),
            line_count=exact(_.line_count.sum()),
            council_count=_.count().cast("int64"),
        )
    )


def beside(left: Table, right: Table, by: Sequence[str]) -> Table:
    """Return every row of `left` with the columns of `right` beside it, null where `right` has no such row.

    Args:
        left: any table.
        right: at most one row for each value of `by`; its other columns are not in `left`.
        by: the columns that both share.
    """
    renamed = right.rename({f"{name}_beside": name for name in by})
    matches = [left[name] == renamed[f"{name}_beside"] for name in by]
    added = [name for name in right.columns if name not in by]
    return left.left_join(renamed, matches).select(*left.columns, *added)
