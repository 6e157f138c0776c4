"""The market report: one row a category, area and financial year, each figure or why it is not computed."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.common.deferred import Deferred
from ibis.expr.types import Table, Value

from analytics.markets import dynamics, tenure, uncertainty
from analytics.markets.cells import MARKET, beside, exact, known, market, placed
from analytics.markets.concentration import concentration, leader
from analytics.markets.minimums import MINIMUM_COUNCILS, MINIMUM_INTERVAL_COUNCILS, MINIMUM_LINES

# What a market needs its minimum for; spend, counts and coverage describe what was published and stand
# always.
MEASURES = (
    "hhi_points",
    "cr1_share",
    "cr4_share",
    "effective_suppliers",
    "leader_id",
    "leader_pence",
    "leader_council_count",
    "dependent_council_count",
    "dependent_pence",
    "tenure_years",
    "long_tenure_share",
    "open_tenure_share",
)
INTERVAL = ("hhi_low", "hhi_high", "hhi_error_points", "hhi_without_one_low", "hhi_without_one_high")
ENTRANTS = ("entrant_count", "entrant_rate", "entrant_spend_share", "spend_change_rate", "hhi_change_points")
LEAVERS = ("leaver_count", "leaver_rate")
COVERAGE = (
    "line_count",
    "council_count",
    "publishing_count",
    "council_total",
    "months_covered",
    "area_purchase_pence",
    "known_category_share",
    "compared_council_count",
    "leaver_compared_council_count",
)
REASONS = ("not_computed", "interval_not_computed", "entrants_not_computed", "leavers_not_computed")
COLUMNS = (
    "category",
    "region",
    "year",
    "spend_pence",
    "supplier_count",
    *MEASURES,
    *INTERVAL,
    *ENTRANTS,
    *LEAVERS,
    *COVERAGE,
    *REASONS,
)


def report(cells: Table, membership: Table, coverage: Table) -> Table:
    """Return the market report of every category, area and financial year in which something was bought.

    Args:
        cells: what `cells.cube` returns.
        membership: area_code string, council_code string: all councils of each area, publishing or not
            (`cells.areas`, or any set of councils under a code of its own).
        coverage: a row (council_code string, year int64): months int64, the months of the year, 0–12, with
            published data. A council without a row publishes nothing.

    Returns:
        The columns of `COLUMNS`, explained one by one in `definitions`. `region` is the area's code. A figure
        under its minimum is null, and one of `REASONS` says why; where those are null, the figure stands,
        save rates whose whole is nothing.
    """
    rows = placed(cells, membership)
    suppliers = market(rows)
    state = publishing(membership, coverage, rows)
    comparison = dynamics.compared(rows, coverage)
    by_year = state.inner_join(_markets(rows), ["area_code", "year"])
    for figures in (
        concentration(suppliers).drop("line_count"),
        leader(rows, suppliers),
        tenure.tenure(tenure.runs(rows, coverage)),
        uncertainty.hhi_jackknife(
            rows, suppliers, state.select("area_code", "year", "publishing_count", "council_total")
        ),
        dynamics.dynamics(comparison),
        dynamics.trend(comparison),
    ):
        by_year = beside(by_year, figures, MARKET)
    return _with_reasons(by_year).rename(region="area_code").select(*COLUMNS)


def publishing(membership: Table, coverage: Table, rows: Table) -> Table:
    """Return how much of each area's buying in a year is known.

    Args:
        membership: as in `report`.
        coverage: as in `report`.
        rows: what `cells.placed` returns.

    Returns:
        A row (area_code, year) with purchases: council_total, publishing_count (councils with a month of
        data), months_covered (months of data over all councils of the area; all would be 12 · council_total)
        and area_purchase_pence int64; known_category_share float64, the share of those pence whose category
        is known.
    """
    members = membership.select("area_code", "council_code").distinct()
    totals = members.group_by("area_code").agg(council_total=_.count().cast("int64"))
    published = coverage.filter(_.months > 0).mutate(year=_.year.cast("int64"))
    months = (
        published.inner_join(members, "council_code")
        .group_by(["area_code", "year"])
        .agg(
            publishing_count=_.council_code.nunique().cast("int64"),
            months_covered=exact(_.months.sum()),
        )
    )
    spend = rows.group_by(["area_code", "year"]).agg(
        area_purchase_pence=exact(_.pence.sum()),
        known_pence=exact(_.pence.sum(where=_.category.notnull()).fill_null(0)),
    )
    share = _.known_pence.cast("float64") / _.area_purchase_pence.cast("float64")
    area = spend.mutate(known_category_share=share).drop("known_pence").inner_join(totals, "area_code")
    joined = beside(area, months, ("area_code", "year"))
    return joined.mutate(
        publishing_count=_.publishing_count.fill_null(0), months_covered=_.months_covered.fill_null(0)
    )


def _markets(rows: Table) -> Table:
    """Return the lines and councils behind each market."""
    return (
        known(rows)
        .group_by(list(MARKET))
        .agg(line_count=exact(_.line_count.sum()), council_count=_.council_code.nunique().cast("int64"))
    )


def _with_reasons(figures: Table) -> Table:
    """Blank every figure under its minimum, and say why."""
    before, after = "compared_council_count", "leaver_compared_council_count"
    across = f"fewer than {MINIMUM_COUNCILS} buying councils have data that cover this year and the year "
    explained = (
        figures.mutate(**{before: _[before].fill_null(0), after: _[after].fill_null(0)})
        .mutate(not_computed=_fewer("line_count", MINIMUM_LINES, f"fewer than {MINIMUM_LINES} payment lines"))
        .mutate(not_computed=_first(_.not_computed, _few_buyers(MINIMUM_COUNCILS)))
        .mutate(
            interval_not_computed=_first(_.not_computed, _few_buyers(MINIMUM_INTERVAL_COUNCILS)),
            entrants_not_computed=_first(_.not_computed, _fewer(before, MINIMUM_COUNCILS, across + "before")),
            leavers_not_computed=_first(_.not_computed, _fewer(after, MINIMUM_COUNCILS, across + "after")),
        )
    )
    groups = zip((MEASURES, INTERVAL, ENTRANTS, LEAVERS), REASONS, strict=True)
    blanked = {
        name: _unless(explained[reason].notnull(), explained[name])
        for names, reason in groups
        for name in names
    }
    return explained.mutate(**blanked)


def _few_buyers(minimum: int) -> Value:
    """Return the reason that too few councils bought in the market, or null."""
    return _fewer("council_count", minimum, f"fewer than {minimum} councils bought here")


def _fewer(column: str, minimum: int, reason: str) -> Value:
    """Return the reason where a column is below its minimum, or null."""
    return ibis.cases((_[column] < minimum, reason))


def _first(*reasons: Value | Deferred) -> Value:
    """Return the first reason that is not null."""
    return ibis.coalesce(*reasons)


def _unless(missing: Value, figure: Value) -> Value:
    """Return a figure, null where it may not be shown."""
    return ibis.ifelse(missing, ibis.null(figure.type()), figure)
