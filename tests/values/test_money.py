from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values.money import format_pence, split_pence, to_pence

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)
TOTALS = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("pounds", "pence"),
    [
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049", 0),
        ("1234.56", 123456),
        (12, 1200),
        (Decimal("2.675"), 268),
        ("1e3", 100_000),
        ("-0", 0),
        ("0.00499999999999999999999999999999999999", 0),
    ],
)
def test_pounds_become_pence_with_halves_away_from_zero(pounds: Decimal | int | str, pence: int) -> None:
    assert to_pence(pounds) == pence


@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=None))
def test_the_nearest_penny_is_taken(pounds: Decimal) -> None:
    distance = abs(Fraction(pounds) * 100 - to_pence(pounds))
    assert distance <= Fraction(1, 2)
    assert to_pence(-pounds) == -to_pence(pounds)


@pytest.mark.parametrize("pounds", ["", "twelve", "NaN", "Infinity", "-inf", "1,000", "£5", "1e40"])
def test_what_is_no_amount_is_refused(pounds: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        to_pence(pounds)


@pytest.mark.parametrize(
    ("pence", "text"),
    [(0, "£0.00"), (5, "£0.05"), (-5, "−£0.05"), (123456, "£1,234.56"), (-100_000_000, "−£1,000,000.00")],
)
def test_pence_are_written_as_people_write_pounds(pence: int, text: str) -> None:
    assert format_pence(pence) == text


@given(st.integers(-(10**18), 10**18))
def test_what_is_written_can_be_read_back(pence: int) -> None:
    text = format_pence(pence).replace("−", "-").replace("£", "").replace(",", "")
    assert to_pence(text) == pence


@given(TOTALS, WEIGHTS)
def test_the_parts_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split_pence(total, weights)) == total


@given(TOTALS, WEIGHTS)
def test_no_part_is_a_penny_or_more_off_its_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(split_pence(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or part == 0


@given(TOTALS, WEIGHTS, st.integers(1, 10**6))
def test_neither_the_sign_nor_the_unit_of_weights_matters(total: int, weights: list[int], unit: int) -> None:
    parts = split_pence(total, weights)
    assert split_pence(-total, weights) == [-part for part in parts]
    assert split_pence(total, [weight * unit for weight in weights]) == parts


def test_pennies_left_over_go_to_the_largest_remainders_and_then_to_the_first() -> None:
    assert split_pence(100, [1, 1, 1]) == [34, 33, 33]
    assert split_pence(10, [1, 2, 3]) == [2, 3, 5]
    assert split_pence(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1]])
def test_weights_that_split_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_pence(1, weights)
