"""A good answer at once: take the best pool of the largest volumes, remove it, repeat."""

from __future__ import annotations

import heapq

import numpy as np

from analytics.pooling.parts import Component

Pool = tuple[int, ...]


def greedy(part: Component) -> list[Pool]:
    """Return pools of a component: of each slot the largest items that fit, best slot first.

    Only slots that lost an item are filled again, so that all of 5,000 needs take well under a second.
    Items that must be in a pool come first within their slot, yet none is promised: `optimise` keeps wishes.
    """
    free = np.ones(len(part.items), dtype=bool)
    heap = [entry for place in range(len(part.slots)) if (entry := _filled(part, place, free))]
    heapq.heapify(heap)
    pools: list[Pool] = []
    while heap:
        _, place, pool = heapq.heappop(heap)
        if free[list(pool)].all():
            pools.append(pool)
            free[list(pool)] = False
        if entry := _filled(part, place, free):
            heapq.heappush(heap, entry)
    return pools


def _filled(part: Component, place: int, free: np.ndarray) -> tuple[float, int, Pool] | None:
    """Return the loss (saving below zero), slot and pool of the largest free items, where that saves."""
    slot = part.slots[place]
    order = sorted((i for i in slot.tolist() if free[i]), key=lambda i: not part.must[i])
    pool: list[int] = []
    volume = members = 0
    for i in order:
        size, added = int(part.sizes[i]), int(part.volumes[i])
        if members + size <= part.model.largest and volume + added <= part.cap:
            pool.append(i)
            volume, members = volume + added, members + size
    if members < part.model.quorum or part.council_count(pool) < part.model.quorum:
        return None
    saving = part.saving(pool)
    return (-saving, place, tuple(sorted(pool))) if saving > 0 else None
