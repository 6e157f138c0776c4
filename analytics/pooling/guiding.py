"""Whole pools in a tenth of a second once needs have prices: greedy that knows what else they are good for.

Greedy takes the largest volumes wherever they fit. With a part of each need's price taken off, it prefers
those that other months and standards want less. At the full price all pools are worth nothing and nothing
guides it; at none it is greedy. In between it comes close to a dive for a twentieth of the time.
"""

from __future__ import annotations

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from analytics.pooling import pricing
from analytics.pooling.greedy import Pool
from analytics.pooling.parts import Component

PARTS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NOTHING: tuple[float, Pool] = (-np.inf, ())


def guided(part: Component, prices: NDArray[np.float64], taken_off: float) -> list[Pool]:
    """Return pools, each time the one worth most beyond a part of its members' prices.

    Args:
        part: the component.
        prices: of its items, from the relaxation.
        taken_off: which part of the prices counts.
    """
    free = np.ones(len(part.items), dtype=bool)
    weights = part.gains - taken_off * prices
    held = [set(slot.tolist()) for slot in part.slots]
    best = [_best(part, slot, weights, free) for slot in part.slots]
    pools: list[Pool] = []
    while (pool := max(best, key=itemgetter(0), default=NOTHING)[1]) != ():
        pools.append(pool)
        free[list(pool)] = False
        for place, slot in enumerate(part.slots):
            if not held[place].isdisjoint(pool):
                best[place] = _best(part, slot, weights, free)
    return pools


def _best(
    part: Component, slot: NDArray[np.int64], weights: NDArray[np.float64], free: NDArray[np.bool_]
) -> tuple[float, Pool]:
    """Return the pool of free items worth most among those that save anything, and its worth."""
    left = slot[free[slot]]
    if part.sizes[left].sum() < part.model.quorum:
        return NOTHING
    found = pricing.best_pools(part, left, weights[left])
    return next(((worth, pool) for pool, worth in found.pools if part.saving(pool) > 0), NOTHING)
