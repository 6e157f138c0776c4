"""How sure a saving is: the volume curve's elasticity as a belief, and what pools save over draws of it.

A member that alone pays v^(1+β₀) today pays k^β of that in a pool of k times its volume. Today's price is
known; how far it falls is not. So draws of β move the pool's price only, and at β₀ the saving is the model's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.needs import Model

Floats = NDArray[np.float64]

DRAWS = 2_000
LEVEL = 0.95  # of every interval


@dataclass(frozen=True, slots=True)
class Elasticity:
    """A normal belief about β, kept within −1 < β ≤ 0: volume never makes dearer, nor the whole cheaper."""

    mean: float
    error: float

    def draws(self, seed: int, count: int = DRAWS) -> Floats:
        """Return draws of β, the same for the same seed."""
        rng = np.random.default_rng(seed)
        return np.clip(rng.normal(self.mean, self.error, count), -0.99, 0.0)


def updated(prior: Elasticity, volume_ratios: Floats, price_ratios: Floats, *, noise: float) -> Elasticity:
    """Return the belief about β after contracts of our own.

    Args:
        prior: what was believed before.
        volume_ratios: (n,) the pool's volume over the member's own, above zero.
        price_ratios: (n,) the pool's unit price over the member's own before, above zero.
        noise: standard deviation of the logarithm of a price ratio for other reasons than volume.

    Raises:
        ValueError: a ratio or the noise is not above zero, or the arrays differ in length.

    Source:
        The conjugate normal model: Gelman et al. (2013), "Bayesian Data Analysis", third edition, 2.5.
    """
    if volume_ratios.shape != price_ratios.shape:
        raise ValueError("each price ratio needs its volume ratio")
    if noise <= 0 or (volume_ratios <= 0).any() or (price_ratios <= 0).any():
        raise ValueError("ratios and noise lie above zero")
    if prior.error == 0:
        return prior
    volumes, prices = np.log(volume_ratios), np.log(price_ratios)
    precision = prior.error**-2 + float(volumes @ volumes) / noise**2
    mean = (prior.mean / prior.error**2 + float(volumes @ prices) / noise**2) / precision
    return Elasticity(mean, precision**-0.5)


def savings(values: Sequence[float], model: Model, draws: Floats) -> Floats:
    """Return what a pool saves for each draw of β: Σ vᵢ^(1+β₀)·(1 − (V/vᵢ)^β) − c_pool − c_member·n."""
    volumes = np.array(values, dtype=float)
    paid, ratios = volumes ** (1 + model.elasticity), volumes.sum() / volumes
    costs = model.pool_cost + model.member_cost * len(volumes)
    return (paid * (1 - ratios ** draws[:, None])).sum(axis=1) - costs


def interval(drawn: Floats) -> tuple[float, float]:
    """Return between what 95 % of the draws lie."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
