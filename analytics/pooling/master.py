"""The linear programme over the pools found so far: which to form, by what part, and what each need is worth.

One row an item (in at most one pool; in exactly one where people want it) and one row a branch. Its duals
are the prices at which `pricing` looks for pools that are missing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.parts import Component

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Column = tuple[int, tuple[int, ...]]  # the slot it was found in, its items

# What it costs to leave out a need that must be in, or to fall short of a branch: more than any pool saves.
SHORTFALL = 1e4
MANY_ROWS = 200
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


class Columns:
    """Pools of one component found so far, each once for each slot it was found in."""

    def __init__(self, part: Component) -> None:
        self.part = part
        self.known: dict[Column, int] = {}
        self.all: list[Column] = []
        self.savings: list[float] = []
        self._matrix = _sparse().csc_array((len(part.items), 0))
        self._known = 0
        self._slots = np.zeros(0, dtype=np.int64)

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
        known = self._known
        if known < len(self.all):
            pools = [pool for _, pool in self.all[known:]]
            ends = np.cumsum([0, *(len(pool) for pool in pools)])
            rows = np.fromiter((i for pool in pools for i in pool), dtype=np.int32, count=int(ends[-1]))
            shape = (len(self.part.items), len(pools))
            new = _sparse().csc_array((np.ones(len(rows)), rows, ends), shape=shape)
            self._matrix = _sparse().csc_array(_sparse().hstack([self._matrix, new]))
            self._known = len(self.all)
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
        if len(self._slots) < len(self.all):
            new = [slot for slot, _ in self.all[len(self._slots) :]]
            self._slots = np.concatenate([self._slots, np.array(new, dtype=np.int64)])
        counted = self._slots == branch.slot
        if branch.item is not None:
            here = np.flatnonzero(counted)
            counted[here] = [branch.item in self.all[int(c)][1] for c in here]
        return counted

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
    rows, limit = _sparse().vstack(blocks, format="csc"), np.concatenate(limits)
    falls = np.flatnonzero(limit < 0)
    rows = _sparse().hstack([rows, _shortfalls(falls, len(limit))], format="csc")
    cost = np.concatenate([-np.array([columns.savings[c] for c in chosen]), np.full(len(falls), SHORTFALL)])
    if not len(cost):
        return Relaxed(0.0, np.zeros(0), np.zeros(len(must)), np.zeros(len(branches)), short=False)
    answer = _linprog()(cost, A_ub=rows, b_ub=limit, bounds=(0, None), method=_method(len(must)))
    duals = -np.asarray(answer.ineqlin.marginals)
    prices = duals[: len(sign)].copy()
    prices[must] -= duals[len(sign) : len(sign) + int(must.sum())]
    parts = np.asarray(answer.x)
    return Relaxed(
        value=-float(answer.fun),
        parts=parts[: len(chosen)],
        prices=prices,
        branch_prices=duals[len(limit) - len(branches) :]
        * np.array([1 if b.low == 0 else -1 for b in branches]),
        short=bool((parts[len(chosen) :] > 1e-6).any()),
    )


def _method(rows: int) -> str:
    """Return which of HiGHS's ways is the faster: nothing carries over from one programme to the next."""
    return "highs-ipm" if rows > MANY_ROWS else "highs-ds"


def _branch_rows(columns: Columns, chosen: Places, branches: Iterable[Branch]) -> sp.csc_array:
    rows = [(1.0 if b.low == 0 else -1.0) * columns.counts(b)[chosen] for b in branches]
    return _sparse().csc_array(np.array(rows, dtype=float).reshape(-1, len(chosen)))


def _shortfalls(falls: NDArray[np.int64], height: int) -> sp.csc_array:
    shape = (height, len(falls))
    return _sparse().csc_array((-np.ones(len(falls)), (falls, np.arange(len(falls)))), shape=shape)


# Loaded at first use: a process that serves pages starts quicker without.
@functools.cache
def _sparse() -> Any:
    import scipy.sparse  # noqa: PLC0415

    return scipy.sparse


@functools.cache
def _linprog() -> Any:
    from scipy.optimize import linprog  # noqa: PLC0415

    return linprog
