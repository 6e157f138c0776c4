from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.elasticity import Elasticity, interval, savings, updated
from analytics.pooling.needs import Model

MODEL = Model()
VALUES = st.lists(st.integers(1, 120), min_size=2, max_size=12)


@given(VALUES)
def test_at_the_assumed_elasticity_the_saving_is_the_models(values: list[int]) -> None:
    drawn = savings(values, MODEL, np.array([MODEL.elasticity]))
    assert drawn[0] == pytest.approx(MODEL.saving(values))


@given(VALUES)
def test_more_elasticity_saves_more_and_none_only_costs(values: list[int]) -> None:
    drawn = savings(values, MODEL, np.array([0.0, -0.05, -0.09, -0.2]))
    assert drawn[0] == pytest.approx(-MODEL.pool_cost - MODEL.member_cost * len(values))
    assert (np.diff(drawn) > 0).all()


@given(VALUES, st.integers(0, 50))
def test_the_interval_holds_the_expected_saving(values: list[int], seed: int) -> None:
    draws = Elasticity(MODEL.elasticity, MODEL.elasticity_error).draws(seed)
    low, high = interval(savings(values, MODEL, draws))
    assert low < MODEL.saving(values) < high


def test_draws_are_the_same_for_the_same_seed_and_never_make_volume_dearer() -> None:
    belief = Elasticity(-0.02, 0.05)
    assert (belief.draws(4) == belief.draws(4)).all()
    assert (belief.draws(4) != belief.draws(5)).any()
    assert belief.draws(4).max() <= 0


def test_intervals_cover_generated_truth_as_claimed() -> None:
    """Worlds with a β each, some with contracts to learn from: in 95 of 100 the true saving lies inside."""
    rng = np.random.default_rng(7)
    prior, noise, worlds = Elasticity(-0.09, 0.02), 0.05, 1_500
    covered = {0: 0, 5: 0, 40: 0}
    widths = dict.fromkeys(covered, 0.0)
    for world in range(worlds):
        truth = rng.normal(prior.mean, prior.error)
        values = rng.integers(2, 60, rng.integers(3, 13)).tolist()
        real = savings(values, MODEL, np.array([truth]))[0]
        for contracts in covered:
            ratios = rng.uniform(1.5, 20, contracts)
            prices = ratios**truth * np.exp(rng.normal(0, noise, contracts))
            belief = updated(prior, ratios, prices, noise=noise)
            low, high = interval(savings(values, MODEL, belief.draws(world)))
            covered[contracts] += low <= real <= high
            widths[contracts] += high - low
    assert all(0.93 <= count / worlds <= 0.965 for count in covered.values()), covered
    assert widths[0] > widths[5] > widths[40]


def test_what_was_learnt_in_two_steps_is_what_was_learnt_at_once() -> None:
    prior = Elasticity(-0.09, 0.02)
    ratios, prices = np.array([2.0, 5.0, 9.0]), np.array([0.95, 0.9, 0.8])
    first = updated(prior, ratios[:1], prices[:1], noise=0.05)
    then = updated(first, ratios[1:], prices[1:], noise=0.05)
    at_once = updated(prior, ratios, prices, noise=0.05)
    assert (then.mean, then.error) == pytest.approx((at_once.mean, at_once.error))
    assert updated(Elasticity(-0.1, 0.0), ratios, prices, noise=0.05) == Elasticity(-0.1, 0.0)


@pytest.mark.parametrize(
    ("ratios", "prices", "noise"), [([1.0], [1.0, 2.0], 0.1), ([0.0], [1.0], 0.1), ([2.0], [1.0], 0.0)]
)
def test_impossible_contracts_are_refused(ratios: list[float], prices: list[float], noise: float) -> None:
    with pytest.raises(ValueError, match="ratio"):
        updated(Elasticity(-0.09, 0.02), np.array(ratios), np.array(prices), noise=noise)
