from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.markets import arrays
from tests.analytics.markets.worlds import SOME_SPENDS, SPENDS

# The usual table of Student's t, 97.5 %.
STUDENT = {
    4: 2.776,
    5: 2.571,
    6: 2.447,
    8: 2.306,
    10: 2.228,
    15: 2.131,
    20: 2.086,
    30: 2.042,
    60: 2.000,
    120: 1.980,
}


def pence(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_the_worked_example_of_six_suppliers_has_2600_points() -> None:
    shares = pence(40, 25, 15, 10, 5, 5)
    assert arrays.hhi_points(shares) == pytest.approx(2_600)
    assert arrays.effective_suppliers(shares) == pytest.approx(3.846, abs=0.001)
    assert arrays.concentration_ratio(shares, 1) == pytest.approx(0.40)
    assert arrays.concentration_ratio(shares, 3) == pytest.approx(0.80)
    assert arrays.concentration_ratio(shares, 4) == pytest.approx(0.90)


def test_merging_a_supplier_of_15_per_cent_with_one_of_5_adds_150_points() -> None:
    assert arrays.hhi_points(pence(40, 25, 20, 10, 5)) == pytest.approx(2_750)


def test_two_of_thirty_and_two_of_twenty_per_cent_have_2600_points_too() -> None:
    assert arrays.hhi_points(pence(30, 30, 20, 20)) == pytest.approx(2_600)


def test_where_nothing_was_spent_there_is_no_concentration() -> None:
    nothing = pence(0, 0)
    assert arrays.hhi_points(nothing) == 0
    assert arrays.concentration_ratio(nothing, 1) == 0
    assert arrays.effective_suppliers(nothing) == 0
    assert arrays.leader(nothing[None, :]) is None


def test_a_spend_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="credit notes"):
        arrays.hhi_points(pence(5, -1))
    with pytest.raises(ValueError, match="credit notes"):
        arrays.jackknife_interval(pence(5, -1)[None, :], publishing=1, council_total=1)


@given(SOME_SPENDS)
def test_the_index_lies_between_equal_shares_and_a_single_supplier(spend: np.ndarray) -> None:
    points = arrays.hhi_points(spend)
    assert 10_000 / np.count_nonzero(spend) - 1e-6 <= points <= 10_000 + 1e-6
    assert 1 - 1e-9 <= arrays.effective_suppliers(spend) <= np.count_nonzero(spend) + 1e-6


@given(SOME_SPENDS, st.integers(1, 1000), st.randoms(use_true_random=False))
def test_neither_order_nor_scale_nor_suppliers_without_sales_matter(spend, factor, random) -> None:
    other = [*(spend * factor), 0, 0]
    random.shuffle(other)
    other = np.array(other, dtype=np.int64)
    assert arrays.hhi_points(other) == pytest.approx(arrays.hhi_points(spend))
    assert arrays.concentration_ratio(other, 4) == pytest.approx(arrays.concentration_ratio(spend, 4))


@given(SOME_SPENDS.filter(lambda spend: len(spend) > 1))
def test_merging_two_suppliers_raises_the_index_by_twice_the_product_of_their_shares(
    spend: np.ndarray,
) -> None:
    merged = np.append(spend[2:], spend[0] + spend[1])
    shares = spend / spend.sum()
    gain = 2 * shares[0] * shares[1] * 10_000
    assert arrays.hhi_points(merged) - arrays.hhi_points(spend) == pytest.approx(gain, abs=1e-6)


@given(SOME_SPENDS, st.integers(2, 9))
def test_splitting_every_supplier_into_equal_parts_divides_the_index(spend: np.ndarray, parts: int) -> None:
    split = np.repeat(spend, parts)
    assert arrays.hhi_points(split) == pytest.approx(arrays.hhi_points(spend) / parts)


@given(SOME_SPENDS)
def test_the_shares_of_more_suppliers_never_add_up_to_less(spend: np.ndarray) -> None:
    ratios = [arrays.concentration_ratio(spend, largest) for largest in range(1, len(spend) + 2)]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(1)


def test_a_concentration_ratio_needs_a_supplier() -> None:
    with pytest.raises(ValueError, match="at least one"):
        arrays.concentration_ratio(pence(1), 0)


@pytest.mark.parametrize(("freedom", "quantile"), STUDENT.items())
def test_the_series_for_students_quantile_agrees_with_the_table(freedom: int, quantile: float) -> None:
    assert arrays.student_quantile(freedom) == pytest.approx(quantile, rel=0.003)


@given(SPENDS, SPENDS)
def test_every_supplier_stays_comes_or_goes(before: np.ndarray, after: np.ndarray) -> None:
    size = min(len(before), len(after))
    before, after = before[:size], after[:size]
    moves = arrays.turnover(before, after)
    stayed = np.count_nonzero(after) - moves.entrant_count
    assert stayed == np.count_nonzero(before) - moves.leaver_count
    backwards = arrays.turnover(after, before)
    assert (backwards.entrant_count, backwards.entrant_rate) == (moves.leaver_count, moves.leaver_rate)


def test_a_year_without_purchases_has_no_rates() -> None:
    moves = arrays.turnover(pence(0, 0), pence(5, 0))
    assert (moves.entrant_rate, moves.leaver_rate) == (1.0, None)
    assert (moves.spend_change_rate, moves.hhi_change_points) == (None, None)


def test_years_with_other_suppliers_are_refused() -> None:
    with pytest.raises(ValueError, match="same suppliers"):
        arrays.turnover(pence(1), pence(1, 2))


def test_a_council_depends_on_the_leader_from_half_of_its_spend() -> None:
    spend = np.array([[50, 50, 0], [49, 51, 0], [90, 0, 10], [0, 1, 0]])
    assert arrays.leader(spend) == arrays.Leader(
        supplier=0, pence=189, dependent_count=2, dependent_pence=140
    )


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_tenure_counts_the_years_since_the_last_gap(sold: list[bool]) -> None:
    expected = [
        len(sold[: year + 1]) - 1 - max([-1, *(y for y in range(year + 1) if not sold[y])])
        for year in range(len(sold))
    ]
    assert arrays.tenure_years(np.array(sold)).tolist() == expected


def brute_force_error(spend: np.ndarray, publishing: int, total: int) -> float:
    """The textbook jackknife, replicate by replicate, in plain Python."""
    replicates = []
    for left_out in range(len(spend)):
        rest = [
            sum(row[s] for c, row in enumerate(spend.tolist()) if c != left_out)
            for s in range(spend.shape[1])
        ]
        replicates.append(sum((part / sum(rest)) ** 2 for part in rest) * 10_000)
    mean = sum(replicates) / len(replicates)
    variance = (len(replicates) - 1) / len(replicates) * sum((r - mean) ** 2 for r in replicates)
    return (variance * (1 - publishing / total)) ** 0.5


@given(st.integers(0, 2**32), st.integers(5, 12), st.integers(1, 6), st.integers(0, 5), st.integers(0, 30))
def test_the_jackknife_equals_the_textbook(
    seed: int, councils: int, suppliers: int, silent: int, unseen: int
) -> None:
    spend = np.random.default_rng(seed).integers(0, 10**9, (councils, suppliers)) + 1
    publishing = councils + silent
    interval = arrays.jackknife_interval(spend, publishing=publishing, council_total=publishing + unseen)
    assert interval is not None
    expected = brute_force_error(spend, publishing, publishing + unseen)
    assert interval.standard_error == pytest.approx(expected, rel=1e-9, abs=1e-6)
    points = arrays.hhi_points(spend.sum(axis=0))
    assert 0 <= interval.low <= points + 1e-9
    assert points - 1e-9 <= interval.high <= 10_000 + 1e-9
    assert interval.without_one_low <= interval.without_one_high


def test_where_every_council_publishes_the_index_is_a_fact() -> None:
    spend = np.arange(1, 31).reshape(6, 5)
    interval = arrays.jackknife_interval(spend, publishing=6, council_total=6)
    assert interval is not None
    assert interval.low == interval.high == pytest.approx(arrays.hhi_points(spend.sum(axis=0)))
    assert interval.without_one_low < interval.low < interval.without_one_high


def test_four_buying_councils_give_no_interval_even_where_more_publish() -> None:
    spend = np.vstack([np.ones((4, 3), dtype=np.int64), np.zeros((4, 3), dtype=np.int64)])
    assert arrays.jackknife_interval(spend, publishing=8, council_total=10) is None


def test_more_buyers_than_councils_are_refused() -> None:
    with pytest.raises(ValueError, match="among"):
        arrays.jackknife_interval(np.ones((6, 2), dtype=np.int64), publishing=5, council_total=9)


def test_the_interval_covers_the_area_about_as_often_as_it_says() -> None:
    """40 councils of an invented area, 15 of which publish, 400 times: 95 % is promised."""
    rng = np.random.default_rng(20260401)
    covered = 0
    for _ in range(400):
        size = rng.lognormal(12, 0.6, 40)
        preferences = rng.dirichlet(np.array([4, 3, 2, 1, 1, 0.5, 0.5]), 40)
        spend = (size[:, None] * preferences).astype(np.int64)
        interval = arrays.jackknife_interval(spend[:15], publishing=15, council_total=40)
        assert interval is not None
        covered += interval.low <= arrays.hhi_points(spend.sum(axis=0)) <= interval.high
    assert 0.90 <= covered / 400 <= 0.99
