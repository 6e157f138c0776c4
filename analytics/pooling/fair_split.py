"""How members share what their pool saves: by Shapley value of the volume curve, beside simple proportion.

A coalition S of members saves Σ vᵢ^(1+β) − (Σ vᵢ)^(1+β) by volume. The Shapley value gives each member the
mean of what it adds over all orders of coming in. Costs are shared apart: the pool's equally, because it
would arise for any of them, and each member's own by itself. That is the Shapley value of the whole, since
the value of a sum of games is the sum of their values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import comb

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.needs import UNIT_GBP, Model
from values.money import split_pence, to_pence

Floats = NDArray[np.float64]
Coalitions = NDArray[np.int64]

EXACT_MEMBERS = 12  # 4,096 coalitions; one more member doubles them
SAMPLES = 4_000  # orders of coming in, in pairs of one and its reverse
WEIGHT_STEPS = 10**9  # fractions become whole weights in steps this fine


@dataclass(frozen=True, slots=True)
class Split:
    """What each member gets of what volume saves, before costs, in steps of £10,000.

    Attributes:
        shapley: (n,) by what each adds; the sum is the whole saving.
        standard_error: (n,) of each part: noughts where it is exact.
        proportional: (n,) by volume.
    """

    shapley: Floats
    standard_error: Floats
    proportional: Floats

    @property
    def exact(self) -> bool:
        """Return whether all coalitions were counted."""
        return not self.standard_error.any()


@dataclass(frozen=True, slots=True)
class Part:
    """What one member gets in the end, in whole pence; below zero where costs are more than it gains."""

    gross_pence: int
    cost_pence: int

    @property
    def net_pence(self) -> int:
        """Return what is left after costs."""
        return self.gross_pence - self.cost_pence


def split(volumes: Sequence[float], model: Model, *, seed: int = 0) -> Split:
    """Return each member's part of what volume saves, exact up to twelve members.

    Args:
        volumes: of the members, in steps of £10,000, none below zero.
        model: gives the elasticity.
        seed: of the orders drawn in larger pools.

    Raises:
        ValueError: a volume is below zero, or there is none.

    Source:
        Shapley (1953), "A Value for n-Person Games", in Contributions to the Theory of Games II, 307-317;
        sampling: Castro, Gómez and Tejada (2009), "Polynomial Calculation of the Shapley Value Based on
        Sampling", Computers and Operations Research 36(5), 1726-1730.
    """
    sizes = np.array(volumes, dtype=float)
    if not len(sizes) or (sizes < 0).any():
        raise ValueError("a split needs members with volumes, none below zero")
    power = 1 + model.elasticity
    whole = float((sizes**power).sum() - sizes.sum() ** power)
    if len(sizes) <= EXACT_MEMBERS:
        joint = exact_value(lambda chosen: np.asarray((chosen @ sizes) ** power, dtype=float), len(sizes))
        error = np.zeros(len(sizes))
    else:
        joint, error = sampled_value(lambda order: np.cumsum(sizes[order], axis=1) ** power, len(sizes), seed)
    parts = sizes / sizes.sum() if sizes.any() else np.full(len(sizes), 1 / len(sizes))
    return Split(sizes**power - joint, error, whole * parts)


def exact_value(price: Callable[[Coalitions], Floats], count: int) -> Floats:
    """Return each member's Shapley value of a game, over all coalitions.

    Args:
        price: takes coalitions as rows of noughts and ones (2^n, n) and returns what each costs, (2^n,).
        count: n, how many members; each one more doubles the work.
    """
    coalitions = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    prices = price(coalitions)
    members = coalitions.sum(axis=1)
    weight = np.array([1 / (count * comb(count - 1, k)) for k in range(count)])
    value = np.empty(count)
    for i in range(count):
        without = np.flatnonzero(coalitions[:, i] == 0)
        value[i] = ((prices[without + (1 << i)] - prices[without]) * weight[members[without]]).sum()
    return value


def sampled_value(
    prices: Callable[[NDArray[np.int64]], Floats], count: int, seed: int
) -> tuple[Floats, Floats]:
    """Return the same over random orders of coming in, each with its reverse, and the standard error.

    Args:
        prices: takes orders (m, n) of members and returns what the first 1 … n of each cost, (m, n).
        count: n, how many members.
        seed: of the orders.
    """
    rng = np.random.default_rng(seed)
    orders = rng.permuted(np.tile(np.arange(count), (SAMPLES // 2, 1)), axis=1)
    pairs = (_added(prices, orders) + _added(prices, orders[:, ::-1])) / 2
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))


def _added(prices: Callable[[NDArray[np.int64]], Floats], orders: NDArray[np.int64]) -> Floats:
    """Return by how much each member raises the joint price in each order."""
    steps = np.diff(prices(orders), axis=1, prepend=0.0)
    added = np.empty_like(steps)
    np.put_along_axis(added, orders, steps, axis=1)
    return added


def in_pence(gross: Floats, model: Model) -> list[Part]:
    """Return parts in whole pence that add up to the whole saving and the whole cost exactly.

    Args:
        gross: (n,) each member's part of what volume saves, in steps of £10,000; of either kind of split.
        model: gives the costs.
    """
    weights = [round(max(0.0, part) * WEIGHT_STEPS) for part in gross.tolist()]
    whole = units_to_pence(float(gross.sum()))
    parts = split_pence(whole, weights if any(weights) else [1] * len(weights))
    costs = split_pence(units_to_pence(model.pool_cost), [1] * len(parts))
    own = units_to_pence(model.member_cost)
    return [Part(part, cost + own) for part, cost in zip(parts, costs, strict=True)]


def if_one_leaves(volumes: Sequence[float], model: Model, *, seed: int = 0) -> Floats:
    """Return how each member's net part changes if another leaves, in steps of £10,000.

    Returns:
        (n, n): row the member, column who leaves. On the diagonal what a member loses by leaving itself:
        its net part, with the sign turned. With two members nothing is left to share.
    """
    count = len(volumes)
    net = split(volumes, model, seed=seed).shapley - _costs(count, model)
    changes = np.empty((count, count))
    for leaver in range(count):
        rest = [n for n in range(count) if n != leaver]
        if len(rest) > 1:
            after = split([volumes[n] for n in rest], model, seed=seed).shapley - _costs(len(rest), model)
        else:
            after = np.zeros(len(rest))
        changes[rest, leaver] = after - net[rest]
        changes[leaver, leaver] = -net[leaver]
    return changes


def break_even_volume(volumes: Sequence[float], model: Model, *, seed: int = 0) -> float | None:
    """Return from which volume on the smallest member would gain, the others as they are.

    Returns:
        Steps of £10,000, to a thousandth from above; None where it would not even gain as the largest.
    """
    smallest = int(np.argmin(volumes))
    costs = _costs(len(volumes), model)

    def net(volume: float) -> float:
        changed = [volume if n == smallest else other for n, other in enumerate(volumes)]
        return float(split(changed, model, seed=seed).shapley[smallest] - costs)

    low, high = 0.0, float(max(volumes))
    if net(high) < 0:
        return None
    # What a member adds grows with its volume, because the curve is concave.
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if net(middle) >= 0 else (middle, high)
    return high


def units_to_pence(units: float) -> int:
    """Return whole pence for steps of £10,000."""
    return to_pence(Decimal(units) * UNIT_GBP)


def _costs(count: int, model: Model) -> float:
    """Return what each of so many members pays for taking part."""
    return model.pool_cost / count + model.member_cost
