"""Branch and price on one component: bounds from above by column generation, pools by diving and packing.

The state can be kept, handed to another process and taken up again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.pooling import diving, guiding, packing, relaxing
from analytics.pooling.greedy import Pool, greedy
from analytics.pooling.master import Branch, Columns, Floats
from analytics.pooling.parts import Component
from analytics.pooling.relaxing import Node

Stop = Callable[[], bool]

PROVEN = 1e-4  # a gap below this, one pound, is none
DIVES_EARLY, DIVES_AT_ROOT = 2, 6
ROUGH = 0.01  # how close a large component's first bound is to its programme: enough to dive from
NODES_BETWEEN_DIVES = 2


@dataclass
class Search:
    """Where the search of one component stands.

    Attributes:
        part: the component.
        seed: of the noise in the dives.
        columns: pools found so far.
        pools: the best answer so far.
        value: what it saves; minus infinity while needs that must be in are not.
        root: the relaxation of the whole component.
        tight: whether it is solved to the end.
        open: nodes still to be looked into, as (−bound, order, node).
        bound: no answer saves more.
        floor: a bound that branching cannot lower, of nodes that hold nothing more to split.
        step_count: steps taken so far.
        node_count: nodes looked into below the root.
    """

    part: Component
    seed: int
    columns: Columns = field(init=False)
    pools: tuple[Pool, ...] = ()
    value: float = -np.inf
    root: relaxing.Found | None = None
    tight: bool = False
    open: list[tuple[float, int, Node]] = field(default_factory=list)
    bound: float = field(init=False)
    step_count: int = 0
    node_count: int = 0
    order: int = 0
    dive_count: int = 0
    floor: float = -np.inf

    def __post_init__(self) -> None:
        self.columns = Columns(self.part)
        self.bound = self.part.first_bound
        if not self.part.must.any():
            self.value = 0.0
        self.offer(greedy(self.part))

    @property
    def started(self) -> bool:
        """Return whether the root is solved."""
        return self.root is not None

    @property
    def done(self) -> bool:
        """Return whether nothing is left to look into."""
        return self.tight and (not self.open or self.bound - self.value <= PROVEN)

    def offer(self, pools: Sequence[Pool]) -> None:
        """Take an answer if it keeps what must be and is the best so far; keep its pools in any case."""
        for pool in pools:
            self.learn(pool)
        covered = {i for pool in pools for i in pool}
        value = sum(self.part.saving(pool) for pool in pools)
        if value > self.value + PROVEN and covered.issuperset(np.flatnonzero(self.part.must).tolist()):
            self.value, self.pools = value, tuple(pools)

    def learn(self, pool: Pool) -> None:
        """Keep a pool to choose from."""
        self.columns.add(self._slot_of(pool), pool)

    def _slot_of(self, pool: Pool) -> int:
        members = set(pool)
        return next(n for n, slot in enumerate(self.part.slots) if members.issubset(slot.tolist()))

    def push(self, bound: float, branches: tuple[Branch, ...], prices: Floats) -> None:
        """Remember a node to look into."""
        if bound > self.value + PROVEN:
            self.order += 1
            heapq.heappush(self.open, (-bound, self.order, Node(branches, prices)))

    def settle(self) -> None:
        """Drop nodes that cannot be better, and lower the bound to what is open."""
        self.open = [entry for entry in self.open if -entry[0] > self.value + PROVEN]
        heapq.heapify(self.open)
        if self.tight:
            self.bound = min(
                self.bound, max(self.value, self.floor, -self.open[0][0] if self.open else -np.inf)
            )


def advance(search: Search, *, steps: int, stop: Stop) -> Search:
    """Take some steps: the root, dives from it, then nodes, the most promising first.

    What is found depends on the seed and on how many steps are taken in all, not on how they are portioned,
    as long as `stop` does not cut one short.
    """
    for _ in range(steps):
        if search.done or stop():
            break
        if search.root is None:
            _root(search, stop)
        elif search.dive_count < DIVES_EARLY:
            _dive(search, search.root, stop)
        elif not search.tight:
            _root(search, stop)
        elif search.dive_count < DIVES_AT_ROOT:
            _dive(search, search.root, stop)
        else:
            _branch(search, stop)
        search.step_count += 1
        search.settle()
    return search


def _root(search: Search, stop: Stop) -> None:
    """Solve the whole component's relaxation: a large one roughly at first, a small one with a packing."""
    part = search.part
    if search.root is None:
        for place, slot in enumerate(part.slots):
            relaxing.price_slot(search.columns, place, slot, part.gains[slot])
    tight = search.root is not None or len(part.items) <= packing.MOST_ITEMS
    node = Node((), np.zeros(len(part.items)) if search.root is None else search.root.prices)
    close = relaxing.CLOSE if tight else ROUGH
    found = relaxing.relax(search.columns, node, value=search.value, close=close, stop=stop)
    search.bound = min(search.bound, found.bound)
    if stop():
        return
    if search.root is None:
        for taken_off in guiding.PARTS:
            search.offer(guiding.guided(part, found.prices, taken_off))
    search.root, search.tight = found, tight
    if tight:
        _take(search, found, Node((), found.prices))
        search.offer(packing.pack(search.columns, found, search.pools, gap=search.bound - search.value))


def _branch(search: Search, stop: Stop) -> None:
    """Look into the open node of the greatest bound."""
    bound, order, node = heapq.heappop(search.open)
    found = relaxing.relax(search.columns, node, value=search.value, close=relaxing.CLOSE, stop=stop)
    if stop():
        heapq.heappush(search.open, (max(bound, -found.bound), order, node))
        return
    search.node_count += 1
    _take(search, found, node)
    if search.node_count % NODES_BETWEEN_DIVES == 0 and found.bound > search.value + PROVEN:
        _dive(search, found, stop)


def _dive(search: Search, found: relaxing.Found, stop: Stop) -> None:
    """Follow the relaxation down to whole pools, each time with other noise."""
    search.dive_count += 1
    noise = np.random.default_rng((search.seed, search.dive_count))
    search.offer(diving.dive(search.columns, found, noise if search.dive_count > 1 else None, stop=stop))


def _take(search: Search, found: relaxing.Found, node: Node) -> None:
    """Take whole pools as an answer, or split the node in two."""
    if found.bound <= search.value + PROVEN:
        return
    branch = relaxing.fraction(search.columns, found)
    if branch is None:
        if not found.short:
            search.offer([search.columns.all[c][1] for c in found.chosen[found.parts > 0.5]])
        search.floor = max(search.floor, found.bound if found.bound > search.value + PROVEN else -np.inf)
        return
    for side in branch:
        search.push(found.bound, (*node.branches, side), found.prices)
