from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.pooling import fair_split
from analytics.pooling.fair_split import break_even_volume, if_one_leaves, in_pence, split, units_to_pence
from analytics.pooling.needs import Model

MODEL = Model()
volumes = st.lists(st.integers(0, 120), min_size=1, max_size=7).filter(any)
FEW = settings(max_examples=60)


def by_all_orders(sizes: list[int], power: float) -> list[float]:
    """The definition itself: what each adds, over all orders of coming in."""
    added = [0.0] * len(sizes)
    orders = list(itertools.permutations(range(len(sizes))))
    for order in orders:
        joint = 0
        for i in order:
            added[i] += sizes[i] ** power - ((joint + sizes[i]) ** power - joint**power)
            joint += sizes[i]
    return [value / len(orders) for value in added]


@settings(max_examples=30)
@given(volumes)
def test_equals_the_mean_over_all_orders(sizes: list[int]) -> None:
    found = split(sizes, MODEL)
    assert found.exact
    assert found.shapley == pytest.approx(by_all_orders(sizes, 1 + MODEL.elasticity), abs=1e-9)


@FEW
@given(volumes)
def test_both_kinds_of_split_add_up_to_what_volume_saves(sizes: list[int]) -> None:
    power = 1 + MODEL.elasticity
    whole = sum(v**power for v in sizes) - sum(sizes) ** power
    found = split(sizes, MODEL)
    assert found.shapley.sum() == pytest.approx(whole, abs=1e-9)
    assert found.proportional.sum() == pytest.approx(whole, abs=1e-9)
    assert (found.shapley >= -1e-9).all()


@FEW
@given(volumes)
def test_pence_add_up_exactly(sizes: list[int]) -> None:
    found = split(sizes, MODEL)
    for gross in (found.shapley, found.proportional):
        parts = in_pence(gross, MODEL)
        assert sum(part.gross_pence for part in parts) == units_to_pence(float(gross.sum()))
        costs = units_to_pence(MODEL.pool_cost) + len(parts) * units_to_pence(MODEL.member_cost)
        assert sum(part.cost_pence for part in parts) == costs
        assert sum(part.net_pence for part in parts) == units_to_pence(float(gross.sum())) - costs


@FEW
@given(volumes, st.integers(1, 50))
def test_equals_get_equal_parts_and_who_brings_nothing_gets_nothing(sizes: list[int], twin: int) -> None:
    shapley = split([*sizes, twin, twin, 0], MODEL).shapley
    assert shapley[-3] == pytest.approx(shapley[-2], abs=1e-9)
    assert shapley[-1] == pytest.approx(0, abs=1e-9)
    assert shapley[:-1] == pytest.approx(split([*sizes, twin, twin], MODEL).shapley, abs=1e-9)


@FEW
@given(volumes, st.randoms(use_true_random=False))
def test_order_does_not_matter(sizes: list[int], shuffle: object) -> None:
    order = list(range(len(sizes)))
    shuffle.shuffle(order)
    shuffled = split([sizes[i] for i in order], MODEL).shapley
    assert shuffled == pytest.approx(split(sizes, MODEL).shapley[order], abs=1e-9)


def test_large_pools_are_sampled_within_their_error() -> None:
    sizes = np.array([5, 8, 13, 21, 34, 55, 3, 7, 9, 11, 60, 90], dtype=float)
    exact = fair_split.exact_value(lambda chosen: (chosen @ sizes) ** 0.91, len(sizes))
    errors = []
    for seed in range(20):
        sampled, error = fair_split.sampled_value(
            lambda order: np.cumsum(sizes[order], axis=1) ** 0.91, len(sizes), seed
        )
        assert sampled.sum() == pytest.approx(exact.sum())
        errors.append((sampled - exact) / error)
    assert 0.7 < np.std(errors) < 1.3
    large = split([*sizes.tolist(), 20.0], MODEL)
    assert not large.exact
    assert (large.standard_error < 0.02 * large.shapley).all()


@FEW
@given(st.lists(st.integers(1, 100), min_size=2, max_size=6))
def test_what_others_gain_or_lose_if_one_leaves(sizes: list[int]) -> None:
    changes = if_one_leaves(sizes, MODEL)
    net = split(sizes, MODEL).shapley - MODEL.pool_cost / len(sizes) - MODEL.member_cost
    rest = [MODEL.saving([v for n, v in enumerate(sizes) if n != leaver]) for leaver in range(len(sizes))]
    for leaver in range(len(sizes)):
        others = [n for n in range(len(sizes)) if n != leaver]
        kept = rest[leaver] if len(others) > 1 else 0.0
        assert (net + changes[:, leaver])[others].sum() == pytest.approx(kept, abs=1e-9)
        assert changes[leaver, leaver] == pytest.approx(-net[leaver])


@FEW
@given(st.lists(st.integers(5, 120), min_size=3, max_size=7))
def test_break_even_of_the_smallest_parts_gain_from_loss(sizes: list[int]) -> None:
    volume = break_even_volume(sizes, MODEL)
    smallest = sizes.index(min(sizes))

    def net(own: float) -> float:
        changed = [own if n == smallest else other for n, other in enumerate(sizes)]
        return split(changed, MODEL).shapley[smallest] - MODEL.pool_cost / len(sizes) - MODEL.member_cost

    if volume is None:
        assert net(max(sizes)) < 0
    else:
        assert net(volume) >= 0
        assert net(volume - 2e-3) < 0


@pytest.mark.parametrize("sizes", [[], [3, -1]])
def test_impossible_volumes_are_refused(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="members with volumes"):
        split(sizes, MODEL)
