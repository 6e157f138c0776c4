"""The linear programme over the pools found so far: which to form, by what part, and what each need is worth.

One row an item (in at most one pool; in exactly one where people want it) and one row a branch. Its duals
are the prices at which `pricing` looks for pools that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from analytics.pooling.parts import Component

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Column = tuple[int, tuple[int, ...]]  # the slot it was found in, its items

# What it costs to leave out a need that must be in, or to fall short of a branch: more than any pool saves.
SHORTFALL = 1e4
ANY = 1_000_000  # no bound from above


@dataclass(frozen=True, slots=True)
class Branch:
    """A bound on how many pools are in one slot, or on whether one item is served there.

    Attributes:
        slot: the place of the slot.
        item: the item, or None to count pools.
        low: at least so many; 0 says nothing.
        high: at most so many.
    """

    slot: int
    item: int | None
    low: int
    high: int

    def counts(self, column: Column) -> bool:
        """Return whether a pool counts towards the bound."""
        return column[0] == self.slot and (self.item is None or self.item in column[1])


class Columns:
    """Pools of one component found so far, each once for each slot it was found in."""

    def __init__(self, part: Component) -> None:
        self.part = part
        self.known: dict[Column, int] = {}
        self.all: list[Column] = []
        self.savings: list[float] = []
        self._matrix: sp.csc_array | None = None

    def add(self, slot: int, pool: tuple[int, ...]) -> bool:
        """Keep a pool; return whether it is new."""
        column = (slot, pool)
        if column in self.known:
            return False
        self.known[column] = len(self.all)
        self.all.append(column)
        self.savings.append(self.part.saving(pool))
        return True

    def matrix(self) -> sp.csc_array:
        """Return which items (rows) are in which pools (columns)."""
        if self._matrix is None or self._matrix.shape[1] < len(self.all):
            ends = np.cumsum([0, *(len(pool) for _, pool in self.all)])
            rows = np.fromiter((i for _, pool in self.all for i in pool), dtype=np.int32, count=int(ends[-1]))
            shape = (len(self.part.items), len(self.all))
            self._matrix = sp.csc_array((np.ones(len(rows)), rows, ends), shape=shape)
        return self._matrix

    @property
    def enough(self) -> int:
        """Return with how many columns a linear programme of this component begins."""
        return 3 * len(self.part.items) + 300

    def nearest(self, among: Places, prices: Floats) -> Places:
        """Return of some columns those closest to paying their price."""
        if len(among) <= self.enough:
            return among
        worths = self.worths(prices)[among]
        return np.sort(among[np.argsort(-worths, kind="stable")[: self.enough]])

    def within(self, free: NDArray[np.bool_]) -> Places:
        """Return the columns whose items are all free."""
        return np.flatnonzero(self.matrix().T @ (~free).astype(float) == 0)

    def counts(self, branch: Branch) -> NDArray[np.bool_]:
        """Return which columns count towards a branch."""
        return np.array([branch.counts(column) for column in self.all], dtype=bool)

    def worths(self, prices: Floats) -> Floats:
        """Return what each pool saves beyond the prices of its items, branches left aside."""
        return np.array(self.savings) - self.matrix().T @ prices


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An optimum of the linear programme.

    Attributes:
        value: what the pools save, by their parts.
        parts: by what part each chosen pool is formed.
        prices: the dual of each item.
        branch_prices: the dual of each branch; above zero for a bound from above, below for one from below.
        short: whether a need that must be in, or a branch, is not reached.
    """

    value: float
    parts: Floats
    prices: Floats
    branch_prices: Floats
    short: bool

    @property
    def all_prices(self) -> Floats:
        """Return the prices of items and branches in one array."""
        return np.concatenate([self.prices, self.branch_prices])


def solve(columns: Columns, chosen: Places, branches: Sequence[Branch], must: NDArray[np.bool_]) -> Relaxed:
    """Solve the linear programme over the chosen columns under branches that bound from one side each."""
    cover = columns.matrix()[:, chosen]
    sign = np.where(must, -1.0, 1.0)
    blocks, limits = [cover], [np.ones(len(must))]
    if must.any():
        # Exactly one pool: at most one as for all, and at least one unless the shortfall is paid.
        blocks.append(-cover[must])
        limits.append(-np.ones(int(must.sum())))
    if branches:
        blocks.append(_branch_rows(columns, chosen, branches))
        limits.append(np.array([b.high if b.low == 0 else -b.low for b in branches], dtype=float))
    rows, limit = sp.vstack(blocks, format="csc"), np.concatenate(limits)
    falls = np.flatnonzero(limit < 0)
    rows = sp.hstack([rows, _shortfalls(falls, len(limit))], format="csc")
    cost = np.concatenate([-np.array([columns.savings[c] for c in chosen]), np.full(len(falls), SHORTFALL)])
    if not len(cost):
        return Relaxed(0.0, np.zeros(0), np.zeros(len(must)), np.zeros(len(branches)), short=False)
    answer = linprog(cost, A_ub=rows, b_ub=limit, bounds=(0, None), method="highs")
    duals = -np.asarray(answer.ineqlin.marginals)
    prices = duals[: len(sign)].copy()
    prices[must] -= duals[len(sign) : len(sign) + int(must.sum())]
    parts = np.asarray(answer.x)
    return Relaxed(
        value=-float(answer.fun),
        parts=parts[: len(chosen)],
        prices=prices,
        branch_prices=duals[len(limit) - len(branches) :] * np.array([1 if b.low == 0 else -1 for b in branches]),
        short=bool((parts[len(chosen) :] > 1e-6).any()),  # noqa: PLR2004 -- the solver's own tolerance
    )


def _branch_rows(columns: Columns, chosen: Places, branches: Iterable[Branch]) -> sp.csc_array:
    rows = [(1.0 if b.low == 0 else -1.0) * columns.counts(b)[chosen] for b in branches]
    return sp.csc_array(np.array(rows, dtype=float).reshape(-1, len(chosen)))


def _shortfalls(falls: NDArray[np.int64], height: int) -> sp.csc_array:
    shape = (height, len(falls))
    return sp.csc_array((-np.ones(len(falls)), (falls, np.arange(len(falls)))), shape=shape)
