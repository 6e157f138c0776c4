"""How a market moves from year to year: entrants, leavers, trend; only where two years can be compared.

A supplier that appears because another council began to publish has not entered anything. So two years are
compared over the councils whose data cover both of them, and where there is none the figures are null, never
zero.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.common.deferred import Deferred
from ibis.expr.types import Table

from analytics.markets.cells import MARKET, beside, exact, known
from analytics.markets.minimums import COVERED_MONTHS


def covered(coverage: Table) -> Table:
    """Return the years that each council's data cover.

    Args:
        coverage: a row (council_code string, year int64): months int64, the months of the year with published
            data.

    Returns:
        council_code, year: only years with at least `COVERED_MONTHS` months.
    """
    enough = coverage.filter(_.months >= COVERED_MONTHS)
    return enough.select("council_code", year=_.year.cast("int64")).distinct()


def compared(rows: Table, coverage: Table) -> Table:
    """Return what each council bought in a year and in the year before, where its data cover both.

    Args:
        rows: what `cells.placed` returns.
        coverage: as in `covered`.

    Returns:
        Rows (category, area_code, year, council_code, supplier_id): before_pence (in year − 1) and
        after_pence (in year) int64; of the two one is zero, so a supplier in both years has two rows.
    """
    years = covered(coverage)
    both = years.inner_join(years.select("council_code", year=_.year + 1), ["council_code", "year"])
    bought, none = known(rows), ibis.literal(0, "int64")
    place = ("category", "area_code", "council_code", "supplier_id")
    after = bought.select(*place, year=_.year, before_pence=none, after_pence=_.pence)
    before = bought.select(*place, year=_.year + 1, before_pence=_.pence, after_pence=none)
    return after.union(before).inner_join(both, ["council_code", "year"])


def turnover(comparison: Table) -> Table:
    """Return who entered and who left each market between a year and the year before.

    An entrant sold to the compared councils in the year and to none of them in the year before; a leaver the
    other way round. Entrants are a share of the suppliers of the year, leavers of the suppliers of the year
    before.

    Args:
        comparison: what `compared` returns.

    Returns:
        A row (category, area_code, year) with compared councils that bought there in either year:
        compared_council_count, entrant_count, leaver_count (left after year − 1) int64; entrant_rate,
        entrant_spend_share (of the compared spend of the year), leaver_rate float64 0–1, null where nothing
        was bought in the year that they are a share of.
    """
    councils = comparison.group_by(list(MARKET)).agg(
        compared_council_count=_.council_code.nunique().cast("int64")
    )
    suppliers = _by_supplier(comparison).mutate(now=_.after_pence > 0, then=_.before_pence > 0)
    sums = suppliers.group_by(list(MARKET)).agg(
        now_count=_count(_.now),
        then_count=_count(_.then),
        entrant_count=_count(_.now & ~_.then),
        leaver_count=_count(_.then & ~_.now),
        after_pence=_.after_pence.sum().cast("float64"),
        entrant_pence=_.after_pence.sum(where=~_.then).fill_null(0).cast("float64"),
    )
    rates = sums.select(
        *MARKET,
        "entrant_count",
        "leaver_count",
        entrant_rate=_.entrant_count.cast("float64") / _.now_count.nullif(0),
        entrant_spend_share=_.entrant_pence / _.after_pence.nullif(0),
        leaver_rate=_.leaver_count.cast("float64") / _.then_count.nullif(0),
    )
    return councils.inner_join(rates, MARKET)


def dynamics(comparison: Table) -> Table:
    """Return entrants and leavers of each market by the year in which they are counted.

    Entrants stand in the year in which they first sold again, leavers in the last year in which they sold.
    The first covered year has no entrants and the last no leavers: null, as nobody can know.

    Args:
        comparison: what `compared` returns.

    Returns:
        A row (category, area_code, year): entrant_count, entrant_rate, entrant_spend_share,
        compared_council_count (with the year before); leaver_count, leaver_rate,
        leaver_compared_council_count (with the year after). Types as in `turnover`; a side that cannot be
        compared is null.
    """
    moves = turnover(comparison)
    entered = moves.select(
        *MARKET, "entrant_count", "entrant_rate", "entrant_spend_share", "compared_council_count"
    )
    left = moves.select(
        "category",
        "area_code",
        "leaver_count",
        "leaver_rate",
        year=_.year - 1,
        leaver_compared_council_count=_.compared_council_count,
    )
    keys = entered.select(*MARKET).union(left.select(*MARKET), distinct=True)
    return beside(beside(keys, entered, MARKET), left, MARKET)


def trend(comparison: Table) -> Table:
    """Return how spend and concentration changed against the year before, over the same councils.

    Args:
        comparison: what `compared` returns.

    Returns:
        A row (category, area_code, year): spend_change_rate float64 (0.05 = 5 % more; null where nothing was
        spent the year before) and hhi_change_points float64 (−10,000 to 10,000; null where either year has no
        spend).
    """
    suppliers = _by_supplier(comparison)
    whole = ibis.window(group_by=list(MARKET))
    sides = suppliers.mutate(
        after_share=_.after_pence.cast("float64")
        / _.after_pence.sum().over(whole).cast("float64").nullif(0.0),
        before_share=_.before_pence.cast("float64")
        / _.before_pence.sum().over(whole).cast("float64").nullif(0.0),
    )
    sums = sides.group_by(list(MARKET)).agg(
        after_pence=_.after_pence.sum().cast("float64"),
        before_pence=_.before_pence.sum().cast("float64"),
        after_hhi=(_.after_share * _.after_share).sum() * 10_000,
        before_hhi=(_.before_share * _.before_share).sum() * 10_000,
    )
    return sums.select(
        *MARKET,
        spend_change_rate=_.after_pence / _.before_pence.nullif(0.0) - 1,
        hhi_change_points=_.after_hhi - _.before_hhi,
    )


def _by_supplier(comparison: Table) -> Table:
    """Return the compared pence of each supplier in both years."""
    return comparison.group_by([*MARKET, "supplier_id"]).agg(
        before_pence=exact(_.before_pence.sum()), after_pence=exact(_.after_pence.sum())
    )


def _count(condition: Deferred) -> Deferred:
    """Return in how many rows a condition holds."""
    return exact(condition.sum().fill_null(0))
