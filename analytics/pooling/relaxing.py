"""Column generation: solve over the pools known, price for those that are missing, until none is.

Every round of pricing bounds the optimum from above (Lagrange): prices of all items, and what the best pool
of each slot is worth beyond them as often as pools fit in that slot. Prices are smoothed towards those of
the best bound so far, which halves the rounds (Wentges).

Source:
    Lübbecke and Desrosiers (2005), "Selected Topics in Column Generation", Operations Research 53(6),
    1007-1023; Wentges (1997), "Weighted Dantzig-Wolfe Decomposition for Linear Mixed-Integer Programming",
    International Transactions in Operational Research 4(2), 151-162.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.pooling import master, pricing
from analytics.pooling.master import Branch, Columns, Floats, Places

SMOOTHING = 0.5
NEAR = 1.5  # pools worth no less than this below their price start in the linear programme
WORTH_ADDING = 1e-5
CLOSE = 2e-5  # part of the value by which the bound may stay above it
WHOLE = 1e-5


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the search: the branches that lead to it, and prices to begin with."""

    branches: tuple[Branch, ...]
    prices: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What column generation found at a node.

    Attributes:
        bound: no answer within the node saves more.
        value: what the linear programme saves.
        chosen: the columns it was solved over.
        parts: by what part each of these is formed.
        prices: the price of each item.
        short: whether the node cannot be reached with the pools known.
    """

    bound: float
    value: float
    chosen: Places
    parts: Floats
    prices: Floats
    short: bool


def relax(columns: Columns, node: Node, *, value: float, close: float, stop: Callable[[], bool]) -> Found:
    """Solve a node's relaxation, until its bound is met or close, falls to `value`, or `stop` says so.

    Args:
        columns: pools known; those found are added.
        node: where in the search.
        value: of the best answer: a bound no higher settles the node.
        close: by what part of the programme's value the bound may stay above it.
        stop: whether time is up.
    """
    must = columns.part.must
    rows = [branch for branch in node.branches if branch.high]
    slots = _open_slots(columns, node.branches)
    chosen = _start(columns, node)
    best, centre = np.inf, None
    while True:
        solved = master.solve(columns, chosen, rows, must)
        prices = solved.all_prices
        smooth = prices if centre is None else SMOOTHING * centre + (1 - SMOOTHING) * prices
        for trial in (smooth, prices):
            bound = _price(columns, slots, rows, trial)
            if bound < best:
                best, centre = bound, trial
            new = _missing(columns, node, solved, chosen)
            if len(new) or trial is prices:
                break
        met = best - solved.value <= close * max(1.0, abs(solved.value))
        if not len(new) or met or best <= value or stop():
            return Found(best, solved.value, chosen, solved.parts, solved.prices, solved.short)
        chosen = np.union1d(_kept(columns, solved, rows, chosen), new)


def price_slot(columns: Columns, place: int, slot: Places, weights: Floats) -> float:
    """Add the pools of a slot that are worth more than nothing; return the bound on them."""
    found = pricing.best_pools(columns.part, slot, weights, floor=WORTH_ADDING)
    for pool, _ in found.pools:
        columns.add(place, pool)
    return found.bound


def fraction(columns: Columns, found: Found) -> tuple[Branch, Branch] | None:
    """Return the two sides of the most undecided question: how many pools in a slot, or an item's slot.

    Both kinds of branch only move prices, so that the pricing stays exact. None where nothing is undecided,
    or where several pools share one slot and only their make-up is.
    """
    used = np.flatnonzero(found.parts > WHOLE)
    if (np.abs(found.parts[used] - np.round(found.parts[used])) < WHOLE).all():
        return None
    counts: dict[tuple[int, int | None], float] = {}
    for n in used:
        slot, pool = columns.all[int(found.chosen[n])]
        for item in (None, *pool):
            counts[slot, item] = counts.get((slot, item), 0.0) + float(found.parts[n])
    for kind in (True, False):
        open_ones = {
            key: count
            for key, count in counts.items()
            if (key[1] is None) is kind and abs(count - round(count)) > WHOLE
        }
        if open_ones:
            slot, item = min(open_ones, key=lambda key: (abs(open_ones[key] % 1 - 0.5), key[0], key[1] or 0))
            low = int(np.floor(open_ones[slot, item]))
            return Branch(slot, item, low=low + 1, high=master.ANY), Branch(slot, item, low=0, high=low)
    return None


def _open_slots(columns: Columns, branches: tuple[Branch, ...]) -> list[tuple[int, Places, int]]:
    """Return place, items and greatest number of pools of each slot that branches leave."""
    part, found = columns.part, list[tuple[int, Places, int]]()
    for place, slot in enumerate(part.slots):
        here = [branch for branch in branches if branch.slot == place]
        shut = [branch.item for branch in here if branch.high == 0 and branch.item is not None]
        items = slot[~np.isin(slot, shut)] if shut else slot
        most = int(part.sizes[items].sum()) // part.model.quorum
        most = min([most, *(branch.high for branch in here if branch.item is None)])
        if most:
            found.append((place, items, most))
    return found


def _price(
    columns: Columns, slots: list[tuple[int, Places, int]], rows: list[Branch], trial: Floats
) -> float:
    """Price every slot, keep what is worth more than nothing, and return the bound at these prices."""
    part, count = columns.part, len(columns.part.items)
    prices, branch_prices = trial[:count], trial[count:]
    limits = np.array([branch.low or branch.high for branch in rows], dtype=float)
    bound = float(prices.sum() + branch_prices @ limits)
    for place, slot, most in slots:
        weights = part.gains[slot] - prices[slot]
        fixed = 0.0
        for branch, price in zip(rows, branch_prices.tolist(), strict=True):
            if branch.slot == place and branch.item is None:
                fixed += price
            elif branch.slot == place:
                weights = weights - price * (slot == branch.item)
        found = pricing.best_pools(part, slot, weights, floor=fixed + WORTH_ADDING)
        for pool, _ in found.pools:
            columns.add(place, pool)
        bound += most * max(0.0, found.bound - fixed)
    return bound


def _allowed(columns: Columns, branches: tuple[Branch, ...]) -> NDArray[np.bool_]:
    allowed = np.ones(len(columns.all), dtype=bool)
    for branch in branches:
        if branch.high == 0:
            allowed &= ~columns.counts(branch)
    return allowed


def _missing(columns: Columns, node: Node, solved: master.Relaxed, chosen: Places) -> Places:
    """Return known pools that are worth more than their price, and not yet in the linear programme."""
    worths = columns.worths(solved.prices)
    for branch, price in zip((b for b in node.branches if b.high), solved.branch_prices, strict=True):
        worths -= price * columns.counts(branch)
    worths[chosen] = 0.0
    return np.flatnonzero((worths > WORTH_ADDING) & _allowed(columns, node.branches))


def _start(columns: Columns, node: Node) -> Places:
    """Return the pools to begin with: those closest to paying their price."""
    allowed = np.flatnonzero(_allowed(columns, node.branches))
    return columns.nearest(allowed, node.prices)


def _kept(columns: Columns, solved: master.Relaxed, rows: list[Branch], chosen: Places) -> Places:
    """Return the chosen pools without those far from being used, once there are many."""
    if len(chosen) <= 2 * columns.enough:
        return chosen
    worths = columns.worths(solved.prices)[chosen]
    for branch, price in zip(rows, solved.branch_prices, strict=True):
        worths -= price * columns.counts(branch)[chosen]
    return chosen[(worths > -NEAR) | (solved.parts > 0)]
