"""What a pool is worth to each: parts add up, intervals hold what is true, leaving costs what is said."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.pooling.needs import UNIT_PENCE, Model
from analytics.pooling.worth import _parts_at, worth

MODEL = Model()
VALUES = st.lists(st.integers(1_000_000, 100_000_000), min_size=2, max_size=6).map(
    lambda values: tuple((f"C{n}", value) for n, value in enumerate(values))
)


@given(VALUES)
@settings(max_examples=40)
def test_parts_add_up_to_the_whole_in_both_ways_of_sharing(values):
    found = worth(values, MODEL)
    assert sum(member.saving_pence for member in found.members) == found.saving_pence
    assert sum(member.proportional_pence for member in found.members) == found.saving_pence
    units = [value / UNIT_PENCE for _, value in values]
    assert found.saving_pence == pytest.approx(MODEL.saving(units) * UNIT_PENCE, abs=3 * len(values))


@given(VALUES)
@settings(max_examples=40)
def test_an_interval_holds_its_figure(values):
    found = worth(values, MODEL)
    assert found.low_pence <= found.saving_pence <= found.high_pence
    for member in found.members:
        assert member.low_pence <= member.saving_pence <= member.high_pence


def test_parts_over_a_belief_are_those_of_counting_all_orders():
    units, beta = np.array([9.0, 30.0, 4.0, 61.0]), -0.14

    def price(members):
        volume = sum(units[m] for m in members)
        return sum(units[m] ** (1 + MODEL.elasticity) * (volume / units[m]) ** beta for m in members)

    parts = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for place, member in enumerate(order):
            before = price(order[:place]) if place else 0.0
            parts[member] -= price(order[: place + 1]) - before
    expected = units ** (1 + MODEL.elasticity) + parts / math.factorial(4)
    assert _parts_at(units, MODEL, beta, 0) == pytest.approx(expected)


def test_intervals_of_parts_hold_the_true_part_as_often_as_they_say():
    """On generated truth: β drawn from the belief, the true part computed under it."""
    rng = np.random.default_rng(5)
    values = tuple(
        (f"C{n}", value) for n, value in enumerate((30_000_000, 90_000_000, 12_000_000, 55_000_000))
    )
    units = np.array([value / UNIT_PENCE for _, value in values])
    costs = MODEL.pool_cost / len(units) + MODEL.member_cost
    found = worth(values, MODEL)
    held = np.zeros(len(units))
    for beta in rng.normal(MODEL.elasticity, MODEL.elasticity_error, 2000):
        true = (_parts_at(units, MODEL, min(beta, 0.0), 0) - costs) * UNIT_PENCE
        held += [m.low_pence <= part <= m.high_pence for m, part in zip(found.members, true, strict=True)]
    assert (held / 2000 >= 0.93).all()


def test_who_leaves_makes_the_others_worse_off():
    found = worth((("A", 60_000_000), ("B", 60_000_000), ("C", 60_000_000), ("D", 60_000_000)), MODEL)
    for member in found.members:
        assert set(member.if_leaves_pence) == {"A", "B", "C", "D"} - {member.id}
        assert all(change < 0 for change in member.if_leaves_pence.values())


def test_more_members_than_can_be_counted_are_drawn_with_their_error():
    found = worth(tuple((f"C{n}", 5_000_000 + n * 1_000_000) for n in range(14)), MODEL)
    assert not found.exact
    assert all(member.error_pence > 0 for member in found.members)


def test_one_member_is_no_pool():
    with pytest.raises(ValueError, match="two members"):
        worth((("A", 1_000_000),), MODEL)
