"""How firmly the best stands, against brute force and figures worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings

from analytics.assessment.prices import Formula, Schedule, Volume
from analytics.assessment.sensitivity import (
    Stretch,
    exact_totals,
    leaders,
    over_take_up,
    over_weights,
    reversals,
)
from analytics.assessment.totals import PRICE, Criterion, Method, Tender, satisfied
from tests.analytics.assessment.invented import METHOD, flat, marks, methods, tenders

CENT = Decimal("0.01")


def best_at(method: Method, bids: list[Tender], units: int) -> tuple[str, ...]:
    return leaders(exact_totals(replace(method, volumes=(Volume("", units),)), bids))


def test_two_tenders_change_places_where_their_lines_cross():
    # Equal on quality: the lower price wins. 1,000 + 10 a unit against 20 a unit: level at 100 units.
    fixed = Tender("fixed", marks(3, 3, 3), Schedule(1_000, ((0, 10),)))
    unit = Tender("unit", marks(3, 3, 3), Schedule(0, ((0, 20),)))
    assert over_take_up(METHOD, [fixed, unit], 1, 500) == (
        Stretch(1, 99, ("unit",)),
        Stretch(100, 100, ("fixed", "unit")),
        Stretch(101, 500, ("fixed",)),
    )


@settings(max_examples=150)
@given(methods(), tenders())
def test_who_is_best_over_take_up_is_so_at_every_volume(method: Method, bids: list[Tender]):
    stretches = over_take_up(method, bids, 1, 70)
    assert [each.first_units for each in stretches[1:]] == [each.last_units + 1 for each in stretches[:-1]]
    assert (stretches[0].first_units, stretches[-1].last_units) == (1, 70)
    assert all(one.best != two.best for one, two in pairwise(stretches))
    for stretch in stretches:
        for units in range(stretch.first_units, stretch.last_units + 1):
            assert stretch.best == best_at(method, bids, units)


def test_a_weight_may_move_until_the_rival_is_level():
    # Two criteria: A 1.0 and 0.2, B 0.5 and 1.0. With weight w on the first: w + 0.2(100 − w) against
    # 0.5w + (100 − w): level at w = 80 ÷ 1.3 = 61.54.
    method = Method((Criterion("q", Decimal(70), 10),), Decimal(30), (Volume("", 1),))
    bids = [
        Tender("A", {"q": Decimal(10)}, flat(500)),
        Tender("B", {"q": Decimal(5)}, flat(100)),
    ]
    of_quality, of_price = over_weights(method, bids)
    assert (of_quality.lowest, of_quality.below) == (Decimal("61.54"), "B")
    assert (of_quality.highest, of_quality.above) == (Decimal("100.00"), None)
    assert (of_price.highest, of_price.above, of_price.lowest) == (Decimal("38.46"), "B", Decimal("0.00"))


def moved(method: Method, name: str, weight: Decimal) -> dict[str, Fraction]:
    rest = 100 - method.weights[name]
    share = Fraction(100 - weight) / Fraction(rest)
    return {
        other: Fraction(weight) if other == name else Fraction(old) * share
        for other, old in method.weights.items()
    }


@given(methods(), tenders())
def test_within_its_range_a_weight_leaves_the_best_and_just_beyond_it_does_not(
    method: Method, bids: list[Tender]
):
    shares = satisfied(method, bids)

    def best_with(name: str, weight: Decimal) -> tuple[str, ...]:
        weights = moved(method, name, weight)
        return leaders(
            {
                tender: sum(weights[each] * share for each, share in of.items())
                for tender, of in shares.items()
            }
        )

    for each in over_weights(method, bids):
        [best] = leaders(exact_totals(method, bids))
        assert each.lowest <= each.weight <= each.highest
        for weight in (each.lowest, each.highest):
            assert best in best_with(each.criterion, weight)
        if each.below:
            assert best_with(each.criterion, each.lowest - CENT) != (best,)
        if each.above:
            assert best_with(each.criterion, each.highest + CENT) != (best,)


def test_dropping_the_cheapest_turns_two_others_round():
    # Price 60, quality 40 marked to 10. With C (100): A 36 + 60 × 100/400 = 51, B 20 + 60 × 100/200 = 50.
    # Without C the lowest is 200: A 36 + 30 = 66, B 20 + 60 = 80.
    method = Method((Criterion("q", Decimal(40), 10),), Decimal(60), (Volume("", 1),))
    bids = [
        Tender("A", {"q": Decimal(9)}, flat(400)),
        Tender("B", {"q": Decimal(5)}, flat(200)),
        Tender("C", {"q": Decimal(0)}, flat(100)),
    ]
    found = {each.without: each for each in reversals(method, bids)}
    assert found["C"].swapped == (("A", "B"),)
    assert found["C"].best == ("B",)


@given(methods(), tenders())
def test_a_price_held_against_a_published_sum_never_turns_others_round(method: Method, bids: list[Tender]):
    fixed = replace(method, formula=Formula.BELOW_REFERENCE)
    assert reversals(fixed, bids) == ()


@given(methods(), tenders())
def test_a_reversal_is_one_that_is_seen_without_the_tender(method: Method, bids: list[Tender]):
    for each in reversals(method, bids):
        left = exact_totals(method, [bid for bid in bids if bid.id != each.without])
        before = exact_totals(method, bids)
        assert leaders(left) == each.best
        for ahead, behind in each.swapped:
            assert before[ahead] > before[behind]
            assert left[ahead] <= left[behind]


def test_no_single_best_has_no_ranges():
    level = [Tender("A", marks(3, 3, 3), flat(100)), Tender("B", marks(3, 3, 3), flat(100))]
    assert over_weights(METHOD, level) == ()
    assert over_weights(METHOD, []) == ()
    assert over_take_up(METHOD, [], 1, 5) == (Stretch(1, 5, ()),)


@pytest.mark.parametrize(("low", "high"), [(0, 5), (6, 5)])
def test_an_empty_range_is_refused(low: int, high: int):
    with pytest.raises(ValueError, match="one unit"):
        over_take_up(METHOD, [], low, high)


def test_a_criterion_that_is_everything_cannot_move():
    alone = Method((Criterion("q", Decimal(100), 5),), Decimal(0), (Volume("", 1),))
    bids = [Tender("A", {"q": Decimal(5)}, flat(1)), Tender("B", {"q": Decimal(1)}, flat(1))]
    of_quality, of_price = over_weights(alone, bids)
    assert (of_quality.lowest, of_quality.highest) == (100, 100)
    assert of_price.criterion == PRICE
    assert of_price.lowest == 0
