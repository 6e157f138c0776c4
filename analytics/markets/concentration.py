"""How concentrated a market is, and how much of a council's own buying rests on one supplier."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis import _
from ibis.expr.types import Table

from analytics.markets.cells import MARKET, exact, known
from analytics.markets.minimums import DEPENDENT_SHARE


def concentration(suppliers: Table, *, by: Sequence[str] = MARKET) -> Table:
    """Return the measures of concentration of each market.

    With sᵢ the share of supplier i in the spend of its market: HHI = 10,000 · Σ sᵢ², CR1 and CR4 the sum of
    the one and four largest shares, effective suppliers 1 / Σ sᵢ².

    Args:
        suppliers: what `cells.market` returns: a row a market and supplier, pence above zero.
        by: the columns that make a market.

    Returns:
        A row a market: the columns of `by`, spend_pence, supplier_count and line_count int64; hhi_points
        (10,000 / supplier_count to 10,000), cr1_share, cr4_share (0–1) and effective_suppliers (1 to
        supplier_count) float64.

    Source:
        HHI: Hirschman (1964), "The Paternity of an Index", American Economic Review 54(5), 761-762. Effective
        number: Hill (1973), "Diversity and Evenness", Ecology 54(2), 427-432, order 2.
    """
    whole = ibis.window(group_by=list(by))
    # The supplier breaks ties, or engines would disagree about which of two equals is the fourth.
    by_size = ibis.window(group_by=list(by), order_by=[ibis.desc("pence"), "supplier_id"])
    shares = suppliers.mutate(
        share=_.pence.cast("float64") / _.pence.sum().over(whole).cast("float64"),
        place=ibis.row_number().over(by_size),  # from 0
    )
    sums = shares.group_by(list(by)).agg(
        spend_pence=exact(_.pence.sum()),
        supplier_count=_.count().cast("int64"),
        line_count=exact(_.line_count.sum()),
        square_sum=(_.share * _.share).sum(),
        cr1_share=_.share.max(),
        largest_four=exact(_.pence.sum(where=_.place < 4)),
    )
    return sums.select(
        *by,
        "spend_pence",
        "supplier_count",
        "line_count",
        "cr1_share",
        hhi_points=_.square_sum * 10_000,
        # Whole pence are added before the division, so that rounding never lifts a share above 1.
        cr4_share=_.largest_four.cast("float64") / _.spend_pence.cast("float64"),
        effective_suppliers=1 / _.square_sum,
    )


def dependence(rows: Table) -> Table:
    """Return how much of each council's spend in a category goes to its own largest supplier.

    Args:
        rows: purchases, a row (year, category, council_code, supplier_id): pence above zero, line_count. Take
            `cells.purchases`, not `cells.placed`: a council in two areas would count twice.

    Returns:
        A row (category, council_code, year): spend_pence, supplier_count, line_count int64, hhi_points,
        cr1_share, cr4_share, effective_suppliers as in `concentration` but of the council's own suppliers;
        leader_id string (its largest supplier; of equals the first by id). cr1_share is the council's
        dependence, 0–1.
    """
    by = ("category", "council_code", "year")
    own = known(rows)
    return concentration(own, by=by).inner_join(_largest(own, by).select(*by, leader_id=_.supplier_id), by)


def leader(rows: Table, suppliers: Table) -> Table:
    """Return each market's largest supplier and the councils that depend on it.

    A council depends on the leader where the leader has at least half (`DEPENDENT_SHARE`) of what the council
    spends in the category in the year.

    Args:
        rows: what `cells.placed` returns.
        suppliers: what `cells.market` returns for the same rows.

    Returns:
        A row a market: leader_id string (of equals the first by id), leader_pence int64, leader_council_count
        int64 (councils that buy from it), dependent_council_count int64, dependent_pence int64 (what the
        dependent councils paid the leader; 0 where none depends).
    """
    largest = _largest(suppliers, MARKET).select(*MARKET, leader_id=_.supplier_id, leader_pence=_.pence)
    councils = (
        known(rows)
        .inner_join(largest, MARKET)
        .group_by([*MARKET, "leader_id", "leader_pence", "council_code"])
        .agg(
            council_pence=exact(_.pence.sum()),
            paid_leader_pence=exact(_.pence.sum(where=_.supplier_id == _.leader_id).fill_null(0)),
        )
    )
    depends = (_.paid_leader_pence > 0) & (
        _.paid_leader_pence.cast("float64") >= _.council_pence.cast("float64") * DEPENDENT_SHARE
    )
    return (
        councils.mutate(depends=depends)
        .group_by([*MARKET, "leader_id", "leader_pence"])
        .agg(
            leader_council_count=exact((_.paid_leader_pence > 0).sum()),
            dependent_council_count=exact(_.depends.sum()),
            dependent_pence=exact(_.paid_leader_pence.sum(where=_.depends).fill_null(0)),
        )
    )


def _largest(suppliers: Table, by: Sequence[str]) -> Table:
    """Return the row of the largest supplier of each market, ties to the first by id."""
    by_size = ibis.window(group_by=list(by), order_by=[ibis.desc("pence"), "supplier_id"])
    return suppliers.mutate(place=ibis.row_number().over(by_size)).filter(_.place == 0)
