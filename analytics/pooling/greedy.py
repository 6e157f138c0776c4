"""A good answer at once: take the best pool of the largest volumes, remove it, repeat."""

from __future__ import annotations

from operator import itemgetter

from analytics.pooling.parts import Component

Pool = tuple[int, ...]

NOTHING: tuple[float, Pool] = (0.0, ())


def greedy(part: Component) -> list[Pool]:
    """Return pools of a component: of each month and standard the largest items that fit, the best first.

    Only sets that lost an item are filled again, so that all of 5,000 needs take well under a second. Items
    that must be in a pool come first within their set, yet none is promised: `optimise` keeps wishes.
    """
    filling = _Filling(part)
    filled = [filling.fill(place) for place in range(len(part.starts))]
    pools: list[Pool] = []
    while (best := max(filled, key=itemgetter(0), default=NOTHING)) != NOTHING:
        pools.append(best[1])
        for place in filling.take(best[1]):
            filled[place] = filling.fill(place)
    return pools


class _Filling:
    """The sets of a component and what is still free of them, as lists: each item is looked at often."""

    def __init__(self, part: Component) -> None:
        self._part = part
        self._sizes, self._volumes = part.sizes.tolist(), part.volumes.tolist()
        self._free = [True] * len(part.items)
        must = part.must.tolist()
        self._sets = [sorted(start.tolist(), key=lambda i: not must[i]) for start in part.starts]
        self._held_by: list[list[int]] = [[] for _ in part.items]
        for place, held in enumerate(self._sets):
            for i in held:
                self._held_by[i].append(place)

    def take(self, pool: Pool) -> set[int]:
        """Take the items of a pool away; return the places of the sets that held one."""
        for i in pool:
            self._free[i] = False
        return {place for i in pool for place in self._held_by[i]}

    def fill(self, place: int) -> tuple[float, Pool]:
        """Return the pool of the largest free items of a set and what it saves, or nothing."""
        part, pool = self._part, list[int]()
        volume = members = 0
        for i in self._sets[place]:
            if not self._free[i]:
                continue
            size, added = self._sizes[i], self._volumes[i]
            if members + size <= part.model.largest and volume + added <= part.cap:
                pool.append(i)
                volume, members = volume + added, members + size
                if members == part.model.largest:
                    break
        if members < part.model.quorum or part.council_count(pool) < part.model.quorum:
            return NOTHING
        saving = part.saving(pool)
        return (saving, tuple(sorted(pool))) if saving > 0 else NOTHING
