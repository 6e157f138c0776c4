"""Totals and ranks against figures worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.prices import Formula, Schedule, Tiers, Volume, compared_pence, price_shares
from analytics.assessment.totals import PRICE, Criterion, Method, Tender, assess, rounded
from tests.analytics.assessment.invented import METHOD, flat, marks, methods, tenders


def test_the_worked_example_of_three_bids():
    # Function 40, delivery 20, social value 10 marked 0 to 5, price 30 by lowest over price.
    bids = [
        Tender("A", marks(4, 4, 3), flat(900_000)),
        Tender("B", marks(3, 3, 4), flat(750_000)),
        Tender("C", marks(5, 4, 3), flat(1_000_000)),
    ]
    outcome = assess(METHOD, bids)
    assert outcome.best == ("C",)
    assert [(each.tender, each.total, each.rank) for each in outcome.standings] == [
        ("C", Decimal("84.50"), 1),
        ("A", Decimal("79.00"), 2),
        ("B", Decimal("74.00"), 3),
    ]
    assert outcome.standings[1].points == {
        "function": Decimal("32.00"),
        "delivery": Decimal("16.00"),
        "social": Decimal("6.00"),
        PRICE: Decimal("25.00"),
    }


def test_a_tier_counts_as_published():
    tiers = ((0, 100), (10, 80), (20, 50))
    in_tier = Schedule(1_000, tiers)
    assert [in_tier.pence_at(units) for units in (0, 1, 10, 11, 20, 25)] == [
        1_000, 1_100, 2_000, 2_080, 2_800, 3_050,
    ]  # fmt: skip
    whole = Schedule(1_000, tiers, Tiers.ALL_UNITS)
    assert [whole.pence_at(units) for units in (0, 1, 10, 11, 20, 25)] == [
        1_000, 1_100, 2_000, 1_880, 2_600, 2_250,
    ]  # fmt: skip


def test_prices_are_compared_over_take_up_with_the_published_weights():
    schedule = Schedule(0, ((0, 100),))
    volumes = (Volume("low", 10, 1), Volume("expected", 20, 2), Volume("full", 40, 1))
    # (10 + 2 × 20 + 40) ÷ 4 = 22.5 units.
    assert compared_pence(schedule, volumes) == 2_250


@pytest.mark.parametrize(
    ("formula", "shares"),
    [
        (Formula.LOWEST_OVER_PRICE, (1, Fraction(2, 3), Fraction(2, 5))),
        (Formula.ABOVE_LOWEST, (1, Fraction(1, 2), 0)),
        (Formula.BELOW_REFERENCE, (Fraction(1, 2), Fraction(1, 4), 0)),
    ],
)
def test_a_formula_turns_prices_into_shares(formula: Formula, shares: tuple[Fraction, ...]):
    prices = {"a": Fraction(200), "b": Fraction(300), "c": Fraction(500)}
    assert tuple(price_shares(prices, formula, 400).values()) == shares


def test_a_tender_for_nothing_leaves_none_of_a_relative_formula():
    prices = {"a": Fraction(0), "b": Fraction(1)}
    for formula in (Formula.LOWEST_OVER_PRICE, Formula.ABOVE_LOWEST):
        assert price_shares(prices, formula) == {"a": 1, "b": 0}


def test_a_tender_below_a_least_mark_has_no_rank_and_no_say_in_the_lowest_price():
    method = Method((Criterion("function", Decimal(60), 5, least=3),), Decimal(40), (Volume("expected", 1),))
    cheap = Tender("cheap", {"function": Decimal(2)}, flat(100))
    sound = Tender("sound", {"function": Decimal(3)}, flat(400))
    outcome = assess(method, [cheap, sound])
    assert outcome.best == ("sound",)
    assert outcome.standings[0].points[PRICE] == Decimal("40.00")
    assert (outcome.standings[1].failed, outcome.standings[1].rank) == (("function",), None)


def test_equal_totals_stay_a_tie_unless_the_method_breaks_it():
    bids = [Tender("A", marks(5, 3, 3), flat(1_000)), Tender("B", marks(4, 5, 3), flat(1_000))]
    assert assess(METHOD, bids).best == ("A", "B")
    broken = Method(METHOD.criteria, METHOD.price_weight, METHOD.volumes, tie_break=(PRICE, "delivery"))
    assert assess(broken, bids).best == ("B",)
    assert assess(broken, bids).order == {"B": 1, "A": 2}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(5, 1000), "0.01"),
        (Fraction(15, 1000), "0.02"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
    ],
)
def test_points_are_rounded_half_up(value: Fraction, shown: str):
    assert str(rounded(value, 2)) == shown


def test_only_the_total_is_rounded_not_its_parts():
    thirds = Method(
        (Criterion("a", Decimal("33.4"), 3), Criterion("b", Decimal("33.3"), 3)),
        Decimal("33.3"),
        (Volume("", 1),),
    )
    [only] = assess(thirds, [Tender("A", {"a": Decimal(1), "b": Decimal(1)}, flat(1))]).standings
    assert only.points == {"a": Decimal("11.13"), "b": Decimal("11.10"), PRICE: Decimal("33.30")}
    assert only.total == Decimal("55.53")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Method((Criterion("a", Decimal(60), 5),), Decimal(30), (Volume("", 1),)), "come to 90"),
        (lambda: Method((Criterion("a", Decimal(70), 0),), Decimal(30), (Volume("", 1),)), "at least 1"),
        (lambda: Method((Criterion("a", Decimal(70), 5),), Decimal(30), ()), "one volume"),
        (lambda: Method((Criterion(PRICE, Decimal(70), 5),), Decimal(30), ()), "same id"),
        (lambda: Schedule(0, ((1, 5),)), "begin after no units"),
        (lambda: Schedule(0, ((0, 5), (0, 4))), "begin after no units"),
        (lambda: Schedule(0, ((0, -5),)), "below zero"),
        (lambda: price_shares({"a": Fraction(1)}, Formula.BELOW_REFERENCE), "published sum"),
        (lambda: assess(METHOD, [Tender("A", marks(6, 1, 1), flat(1))]), "from 0 to 5 on function"),
        (lambda: assess(METHOD, [Tender("A", {}, flat(1))]), "from 0 to 5 on function"),
        (lambda: assess(METHOD, [Tender("A", marks(1, 1, 1), flat(1))] * 2), "same id"),
    ],
)
def test_what_cannot_be_assessed_is_refused(make: object, words: str):
    with pytest.raises(ValueError, match=words):
        make()  # pyright: ignore[reportCallIssue]


@given(methods(), tenders())
def test_a_lower_price_never_costs_a_tender_its_rank(method: Method, bids: list[Tender]):
    before = assess(method, bids)
    halved = tuple((start, price // 2) for start, price in bids[0].schedule.tiers)
    cheaper = replace(bids[0].schedule, fixed_pence=0, tiers=halved)
    after = assess(method, [Tender(bids[0].id, bids[0].marks, cheaper), *bids[1:]])
    mine = bids[0].id
    assert after.order[mine] <= before.order[mine]


@given(methods(), tenders(), st.randoms())
def test_the_order_in_which_tenders_came_decides_nothing(method: Method, bids: list[Tender], drawn):
    mixed = list(bids)
    drawn.shuffle(mixed)
    assert assess(method, mixed).order == assess(method, bids).order


@given(methods(), tenders())
def test_points_stay_within_their_weights(method: Method, bids: list[Tender]):
    for standing in assess(method, bids).standings:
        assert all(0 <= points <= method.weights[name] for name, points in standing.points.items())
        assert 0 <= standing.total <= 100
