"""From parts of pools to whole ones: form the pool most wanted, solve the rest again, repeat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analytics.pooling import master, pricing
from analytics.pooling.greedy import Pool
from analytics.pooling.master import Columns, Floats
from analytics.pooling.relaxing import WORTH_ADDING, Found

ROUNDS = 3  # of pricing after each pool formed; more of them did not find better pools
SURE = 0.95
NOISE = 0.3
FLOOR, BEST = 1e-2, 4  # of each slot so many of its best pools are taken in, if worth more than that


def dive(
    columns: Columns, found: Found, noise: np.random.Generator | None, *, stop: Callable[[], bool]
) -> list[Pool]:
    """Return whole pools near a relaxation; with noise, others each time."""
    formed: list[Pool] = []
    free = np.ones(len(columns.part.items), dtype=bool)
    chosen, parts, prices = found.chosen, found.parts, found.prices
    while not stop():
        score = parts + (NOISE * noise.random(len(parts)) * (parts > WORTH_ADDING) if noise else 0.0)
        for n in np.argsort(-score, kind="stable"):
            pool = list(columns.all[int(chosen[n])][1])
            if parts[n] > WORTH_ADDING and free[pool].all():
                formed.append(tuple(pool))
                free[pool] = False
            if parts[n] <= SURE:
                break
        else:
            break
        if not (parts > WORTH_ADDING).any():
            break
        solved = _rest(columns, free, prices)
        if solved is None:
            break
        chosen, parts, prices = solved
    return formed


def _rest(
    columns: Columns, free: NDArray[np.bool_], prices: Floats
) -> tuple[NDArray[np.int64], Floats, Floats] | None:
    """Solve for the items that are still free, with a few rounds of pricing."""
    part = columns.part
    slots = [(place, slot[free[slot]]) for place, slot in enumerate(part.slots)]
    answer = None
    for _ in range(ROUNDS):
        chosen = columns.nearest(columns.within(free), prices)
        if not len(chosen):
            break
        solved = master.solve(columns, chosen, [], part.must & free)
        prices, before = solved.prices, len(columns.all)
        answer = chosen, solved.parts, prices
        for place, slot in slots:
            found = pricing.best_pools(part, slot, part.gains[slot] - prices[slot], floor=FLOOR)
            for pool, _ in found.pools[:BEST]:
                columns.add(place, pool)
        if len(columns.all) == before:
            break
    return answer
