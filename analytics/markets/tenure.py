"""How long suppliers have held on to their customers: unbroken years of sales to the same council."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from analytics.markets.cells import MARKET, beside, known
from analytics.markets.dynamics import covered
from analytics.markets.minimums import LONG_TENURE_YEARS


def runs(rows: Table, coverage: Table) -> Table:
    """Return for each sale how many years running the supplier has sold the category to the council.

    The data begin somewhere: a run that reaches back to a year before which the council's data are silent may
    be longer than it looks. It is marked, and its length means "at least".

    Args:
        rows: what `cells.placed` returns.
        coverage: a row (council_code, year): months, as in `dynamics.covered`.

    Returns:
        A row (area_code, year, category, council_code, supplier_id): pence; run_years int64 from 1;
        open_ended boolean, whether the year before the run is not covered.
    """
    relation = ("area_code", "council_code", "category", "supplier_id")
    by_year = ibis.window(group_by=list(relation), order_by="year")
    so_far = ibis.window(group_by=list(relation), order_by="year", preceding=None, following=0)
    sales = known(rows).select(*relation, "year", "pence")
    starts = sales.mutate(
        start=ibis.ifelse(_.year - _.year.lag().over(by_year) == 1, ibis.null("int64"), _.year)
    )
    lengths = starts.mutate(run_start=_.start.max().over(so_far))
    covered_before = covered(coverage).select(
        "council_code", run_start=_.year + 1, covered_before=ibis.literal(True)
    )
    joined = beside(lengths, covered_before, ("council_code", "run_start"))
    return joined.select(
        *relation,
        "year",
        "pence",
        run_years=_.year + 1 - _.run_start,
        open_ended=_.covered_before.isnull(),
    )


def tenure(sales: Table) -> Table:
    """Return how long the spend of each market has gone to the same suppliers.

    Args:
        sales: what `runs` returns.

    Returns:
        A row a market: tenure_years float64, the mean run in years weighted by spend, from 1, read as "at
        least"; long_tenure_share float64, the share of spend in runs of `LONG_TENURE_YEARS` or more;
        open_tenure_share float64, the share of spend in runs that may have begun before the data.
    """
    weighed = sales.mutate(weight=_.pence.cast("float64"))
    return weighed.group_by(list(MARKET)).agg(
        tenure_years=(_.weight * _.run_years).sum() / _.weight.sum(),
        long_tenure_share=_.weight.sum(where=_.run_years >= LONG_TENURE_YEARS).fill_null(0.0)
        / _.weight.sum(),
        open_tenure_share=_.weight.sum(where=_.open_ended).fill_null(0.0) / _.weight.sum(),
    )
