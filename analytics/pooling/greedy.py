"""A good answer at once: take the best pool of the largest volumes, remove it, repeat."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.parts import Component

Pool = tuple[int, ...]

NOTHING: tuple[float, Pool] = (0.0, ())


def greedy(part: Component) -> list[Pool]:
    """Return pools of a component: of each month and standard the largest items that fit, the best first.

    Only sets that lost an item are filled again, so that all of 5,000 needs take well under a second. Items
    that must be in a pool come first within their set, yet none is promised: `optimise` keeps wishes.
    """
    free = np.ones(len(part.items), dtype=bool)
    held = [set(start.tolist()) for start in part.starts]
    filled = [_filled(part, start, free) for start in part.starts]
    pools: list[Pool] = []
    while (best := max(filled, key=itemgetter(0), default=NOTHING)) != NOTHING:
        pool = best[1]
        pools.append(pool)
        free[list(pool)] = False
        for place, start in enumerate(part.starts):
            if not held[place].isdisjoint(pool):
                filled[place] = _filled(part, start, free)
    return pools


def _filled(part: Component, start: NDArray[np.int64], free: NDArray[np.bool_]) -> tuple[float, Pool]:
    """Return the pool of the largest free items of a set and what it saves, or nothing."""
    order = sorted(start[free[start]].tolist(), key=lambda i: not part.must[i])
    pool: list[int] = []
    volume = members = 0
    for i in order:
        size, added = int(part.sizes[i]), int(part.volumes[i])
        if members + size <= part.model.largest and volume + added <= part.cap:
            pool.append(i)
            volume, members = volume + added, members + size
    if members < part.model.quorum or part.council_count(pool) < part.model.quorum:
        return NOTHING
    saving = part.saving(pool)
    return (saving, tuple(sorted(pool))) if saving > 0 else NOTHING
