from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from analytics.markets import arrays, cells, report
from analytics.markets.minimums import COVERED_MONTHS, LONG_TENURE_YEARS, MINIMUM_COUNCILS, MINIMUM_LINES
from tests.analytics.markets import worlds
from tests.analytics.markets.worlds import FIRST_YEAR, WORLDS, World, lines

Row = dict[str, object]


def rows_of(world: World) -> dict[tuple[str, int], Row]:
    return rows(world.lines(), world.register(), world.coverage())


def rows(payments: ibis.Table, register: ibis.Table, coverage: ibis.Table) -> dict[tuple[str, int], Row]:
    table = report.report(cells.cube(payments), cells.areas(register), coverage)
    assert tuple(table.columns) == report.COLUMNS
    found = table.to_pyarrow().to_pylist()
    keyed = {(row["region"], row["year"]): row for row in found if row["category"] == "vans"}
    assert len(keyed) == len([row for row in found if row["category"] == "vans"])
    return keyed


def members(area: str, councils: int) -> list[int]:
    return [c for c in range(councils) if area in (cells.ENGLAND, f"R{c % 2}")]


def expected(world: World, area: str, year: int) -> Row:
    """The report's row as the array functions tell it, before any minimum."""
    inside = members(area, world.councils)
    net = world.net_pence[:, inside]
    now, months = net[year], world.months[:, inside]
    totals = now.sum(axis=0)
    leader = arrays.leader(now)
    assert leader is not None
    runs = arrays.tenure_years(net > 0)[year]
    published = int((months[year] > 0).sum())
    line_counts = (world.lines_pence[year][inside] != 0).sum(axis=2)
    row: Row = {
        "spend_pence": int(totals.sum()),
        "supplier_count": int((totals > 0).sum()),
        "line_count": int(line_counts[now > 0].sum()),
        "council_count": int(now.any(axis=1).sum()),
        "council_total": len(inside),
        "publishing_count": published,
        "months_covered": int(months[year].sum()),
        "area_purchase_pence": int(totals.sum()),
        "known_category_share": 1.0,
        "hhi_points": arrays.hhi_points(totals),
        "cr1_share": arrays.concentration_ratio(totals, 1),
        "cr4_share": arrays.concentration_ratio(totals, 4),
        "effective_suppliers": arrays.effective_suppliers(totals),
        "leader_id": worlds.supplier(leader.supplier),
        "leader_pence": leader.pence,
        "leader_council_count": int((now[:, leader.supplier] > 0).sum()),
        "dependent_council_count": leader.dependent_count,
        "dependent_pence": leader.dependent_pence,
        "tenure_years": float((runs * now).sum() / now.sum()),
        "long_tenure_share": float(now[runs >= LONG_TENURE_YEARS].sum() / now.sum()),
        "open_tenure_share": open_share(net, months >= COVERED_MONTHS, year),
    }
    interval = arrays.jackknife_interval(now, publishing=published, council_total=len(inside))
    return row | interval_of(interval) | moves(net, months >= COVERED_MONTHS, year)


def open_share(net: np.ndarray, covered: np.ndarray, year: int) -> float:
    """Walk back along each run and look whether the year before it is covered."""
    open_pence = 0
    for c, s in zip(*net[year].nonzero(), strict=True):
        start = year
        while start > 0 and net[start - 1, c, s]:
            start -= 1
        if start == 0 or not covered[start - 1, c]:
            open_pence += net[year, c, s]
    return float(open_pence / net[year].sum())


def interval_of(interval: arrays.Interval | None) -> Row:
    return {
        "hhi_low": interval and interval.low,
        "hhi_high": interval and interval.high,
        "hhi_error_points": interval and interval.standard_error,
        "hhi_without_one_low": interval and interval.without_one_low,
        "hhi_without_one_high": interval and interval.without_one_high,
    }


def moves(net: np.ndarray, covered: np.ndarray, year: int) -> Row:
    row: Row = {}
    for earlier, names in ((year - 1, report.ENTRANTS), (year, report.LEAVERS)):
        count = 0
        if 0 <= earlier < len(net) - 1:
            both = covered[earlier] & covered[earlier + 1]
            before, after = net[earlier][both], net[earlier + 1][both]
            count = int((before.any(axis=1) | after.any(axis=1)).sum())
            turnover = arrays.turnover(before.sum(axis=0), after.sum(axis=0))
        row["compared_council_count" if earlier < year else "leaver_compared_council_count"] = count
        row |= {name: getattr(turnover, name) if count >= MINIMUM_COUNCILS else None for name in names}
    return row


@settings(max_examples=15, deadline=None)
@given(WORLDS)
def test_the_expressions_and_the_arrays_tell_the_same(world: World) -> None:
    found = rows_of(world)
    spent = {
        (area, FIRST_YEAR + year)
        for area in (cells.ENGLAND, "R0", "R1")
        for year in range(len(world.net_pence))
        if world.net_pence[year, members(area, world.councils)].any()
    }
    assert set(found) == spent
    for (area, year), row in found.items():
        figures = expected(world, area, year - FIRST_YEAR)
        enough = figures["line_count"] >= MINIMUM_LINES and figures["council_count"] >= MINIMUM_COUNCILS
        assert (row["not_computed"] is None) == enough
        for name, figure in figures.items():
            measured = name not in ("spend_pence", "supplier_count", *report.COVERAGE)
            if figure is None or (measured and not enough):
                assert row[name] is None, name
            elif isinstance(figure, float):
                assert row[name] == pytest.approx(figure, rel=1e-9, abs=1e-4), name
            else:
                assert row[name] == figure, name


def test_the_random_worlds_reach_every_kind_of_row() -> None:
    """The property above says nothing if no world is large enough for its figures."""
    found = list(rows_of(worlds.random_world(seed=5, years=4, councils=9)).values())
    for reason in report.REASONS:
        assert {row[reason] is None for row in found} >= {True}, reason
    assert any(row["not_computed"] for row in rows_of(worlds.random_world(seed=3, councils=2)).values())


REGISTER = worlds.table(
    [("A", "R0"), ("B", "R0"), ("C", "R1")],
    pa.schema([("council_code", pa.string()), ("region_code", pa.string())]),
)


def coverage(*rows: tuple[str, int, int]) -> ibis.Table:
    return worlds.table(list(rows), worlds.COVERAGE)


def many(council: str, year: int, supplier: str, pence: int) -> list[tuple[str, str, int, str, int]]:
    """Twelve equal lines, so that two suppliers' lines pass the minimum."""
    return [(council, "vans", year, supplier, pence // 12)] * 12


def test_a_council_that_begins_to_publish_brings_no_entrants() -> None:
    payments = lines(
        *many("A", 2021, "old", 1200),
        *many("B", 2021, "old", 1200),
        *many("A", 2022, "old", 1200),
        *many("B", 2022, "old", 1200),
        *many("C", 2022, "newly seen", 1200),
    )
    months = coverage(("A", 2021, 12), ("A", 2022, 12), ("B", 2021, 12), ("B", 2022, 12), ("C", 2022, 12))
    found = rows(payments, REGISTER, months)
    row = found[cells.ENGLAND, 2022]
    assert row["supplier_count"] == 2
    assert (row["entrant_count"], row["entrant_rate"]) == (0, 0.0)
    assert (row["spend_change_rate"], row["compared_council_count"]) == (0.0, 2)
    assert found[cells.ENGLAND, 2021]["leaver_count"] == 0


def test_the_ends_of_the_data_have_no_entrants_and_no_leavers_rather_than_none() -> None:
    payments = lines(*many("A", 2021, "x", 1200), *many("B", 2021, "x", 1200))
    row = rows(payments, REGISTER, coverage(("A", 2021, 12), ("B", 2021, 12)))[cells.ENGLAND, 2021]
    assert (row["entrant_count"], row["leaver_count"]) == (None, None)
    assert "the year before" in str(row["entrants_not_computed"])
    assert "the year after" in str(row["leavers_not_computed"])
    assert row["hhi_points"] == 10_000


def test_a_year_with_nine_months_is_not_compared() -> None:
    payments = lines(*[line for c in "AB" for year in (2021, 2022) for line in many(c, year, "x", 1200)])
    for months, compared in ((9, 0), (10, 2)):
        spans = coverage(*[(c, year, months) for c in "AB" for year in (2021, 2022)])
        assert rows(payments, REGISTER, spans)[cells.ENGLAND, 2022]["compared_council_count"] == compared


def test_a_monopoly_is_shown_and_one_councils_market_is_not() -> None:
    payments = lines(
        *many("A", 2021, "only", 1200), *many("B", 2021, "only", 1200), *many("C", 2021, "x", 1200) * 2
    )
    found = rows(payments, REGISTER, coverage())
    assert (found["R0", 2021]["hhi_points"], found["R0", 2021]["not_computed"]) == (10_000, None)
    assert found["R1", 2021]["hhi_points"] is None
    assert found["R1", 2021]["spend_pence"] == 2400
    assert found["R1", 2021]["not_computed"] == "fewer than 2 councils bought here"


def test_nineteen_lines_are_too_few() -> None:
    for count, reason in ((19, "fewer than 20 payment lines"), (20, None)):
        payments = lines(("A", "vans", 2021, "x", 5), *[("B", "vans", 2021, "y", 5)] * (count - 1))
        assert rows(payments, REGISTER, coverage())[cells.ENGLAND, 2021]["not_computed"] == reason


def test_a_credit_note_is_netted_with_its_supplier_before_shares() -> None:
    payments = lines(
        *many("A", 2021, "x", 2400),
        ("A", "vans", 2021, "x", -1200),
        *many("B", 2021, "y", 1200),
        ("B", "vans", 2021, "z", 700),
        ("B", "vans", 2021, "z", -700),
    )
    row = rows(payments, REGISTER, coverage())[cells.ENGLAND, 2021]
    assert (row["spend_pence"], row["supplier_count"], row["line_count"]) == (2400, 2, 25)
    assert row["hhi_points"] == pytest.approx(5_000)


def test_unknown_categories_make_no_market_but_lower_the_known_share() -> None:
    payments = lines(*many("A", 2021, "x", 1200), *many("B", 2021, "x", 1200), ("A", None, 2021, "x", 7200))
    table = report.report(cells.cube(payments), cells.areas(REGISTER), coverage()).to_pyarrow().to_pylist()
    assert {row["category"] for row in table} == {"vans"}
    assert {row["region"]: row["known_category_share"] for row in table} == {cells.ENGLAND: 0.25, "R0": 0.25}


def test_any_set_of_councils_is_an_area_and_a_council_named_twice_counts_once() -> None:
    payments = lines(*many("A", 2021, "x", 1200), *many("C", 2021, "y", 1200), *many("B", 2021, "z", 1200))
    schema = pa.schema([("area_code", pa.string()), ("council_code", pa.string())])
    chosen = worlds.table([("ours", "A"), ("ours", "C"), ("ours", "A")], schema)
    (row,) = report.report(cells.cube(payments), chosen, coverage()).to_pyarrow().to_pylist()
    assert (row["region"], row["spend_pence"], row["council_total"]) == ("ours", 2400, 2)


@settings(max_examples=5, deadline=None)
@given(WORLDS)
def test_the_regions_together_spend_what_england_spends(world: World) -> None:
    found = rows_of(world)
    for (area, year), row in found.items():
        if area == cells.ENGLAND:
            parts = [found[region, year]["spend_pence"] for region in ("R0", "R1") if (region, year) in found]
            assert sum(parts) == row["spend_pence"]
