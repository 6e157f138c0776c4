"""Which pool of a slot is worth most once each need has its price: exact, by dynamic programming.

The states are (members, volume): a knapsack, because what a pool pays depends on its joint volume alone.
Where the best of these has too few councils, the number of councils joins the state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.parts import Component

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Worth = tuple[tuple[int, ...], float]

TINY = 1e-7  # a worth below this is nought: a tenth of a penny


@dataclass(frozen=True, slots=True)
class Priced:
    """The best pools of one slot, one for each number of members.

    Attributes:
        pools: lawful pools above the floor that was asked for, and their worth.
        bound: no lawful pool of the slot is worth more.
    """

    pools: list[Worth]
    bound: float


def best_pools(part: Component, slot: Places, weights: Floats, *, floor: float = -np.inf) -> Priced:
    """Return the pools of best worth, Σ weights − V^(1+β) − c_pool, in a slot.

    Args:
        part: the component.
        slot: places of the items that can share a pool.
        weights: what each item of the slot brings, its price taken off.
        floor: pools worth no more than this are not listed; the bound holds all the same.
    """
    quorum, largest = part.model.quorum, part.model.largest
    fits = part.volumes[slot] <= part.cap
    slot, weights = slot[fits], weights[fits]
    # A member raises the joint price by at least what it does at the cap. One that brings less is of use only
    # where the quorum would be missed without it.
    least = part.joint_cost[part.cap] - part.joint_cost[part.cap - part.volumes[slot]]
    useful = weights > least
    found = _knapsack(part, slot[useful], weights[useful], largest=largest, floor=floor)
    if not useful.all():
        reach = quorum - 1 + int(part.sizes[slot].max())
        found = _either(found, _knapsack(part, slot, weights, largest=min(reach, largest), floor=floor))
    lawful = [pool for pool in found.pools if part.council_count(pool[0]) >= quorum]
    best = max((worth for _, worth in lawful), default=-np.inf)
    if found.bound > max(best, floor) + TINY:
        exact = _by_councils(part, slot, weights, floor=floor)
        lawful += [pool for pool in exact.pools if part.council_count(pool[0]) >= quorum]
        found = Priced(lawful, exact.bound)
    return Priced(sorted(dict(lawful).items(), key=lambda pool: (-pool[1], pool[0])), found.bound)


def _either(one: Priced, other: Priced) -> Priced:
    return Priced(one.pools + other.pools, max(one.bound, other.bound))


def _knapsack(part: Component, slot: Places, weights: Floats, *, largest: int, floor: float) -> Priced:
    """Return the best pool of each size from the quorum to the largest, whatever councils they are of."""
    sizes, volumes = part.sizes[slot], part.volumes[slot]
    most, width = min(largest, int(sizes.sum())), min(part.cap, int(volumes.sum()))
    quorum = part.model.quorum
    if most < quorum:
        return Priced([], -np.inf)
    best = np.full((most + 1, width + 1), -np.inf)
    best[0, 0] = 0.0
    took = np.zeros((len(slot), most + 1, width + 1), dtype=bool)
    for n, (size, volume, weight) in enumerate(
        zip(sizes.tolist(), volumes.tolist(), weights.tolist(), strict=True)
    ):
        if size > most or volume > width:
            continue
        joined, old = best[: most + 1 - size, : width + 1 - volume] + weight, best[size:, volume:]
        better = np.greater(joined, old, out=took[n, size:, volume:])
        np.copyto(old, joined, where=better)
    net = best[quorum:] - part.joint_cost[: width + 1]
    at = net.argmax(axis=1)
    worths = net[np.arange(len(net)), at]
    pools = [
        (
            _walk(slot, sizes, volumes, took, members, int(at[members - quorum])),
            float(worths[members - quorum]),
        )
        for members in range(quorum, most + 1)
        if worths[members - quorum] > floor and np.isfinite(worths[members - quorum])
    ]
    return Priced(pools, float(worths.max()))


def _walk(
    slot: Places, sizes: Places, volumes: Places, took: NDArray[np.bool_], members: int, volume: int
) -> tuple[int, ...]:
    """Return which items lead to a state."""
    taken: list[int] = []
    for n in range(len(slot) - 1, -1, -1):
        if took[n, members, volume]:
            taken.append(int(slot[n]))
            members, volume = members - int(sizes[n]), volume - int(volumes[n])
    return tuple(sorted(taken))


@dataclass(frozen=True, slots=True)
class _Step:
    """How an item changed the states of its council: whether it joined others of it, or came first.

    `closing` is set on the last item of a council: where the council takes part at all.
    """

    n: int
    joined: NDArray[np.bool_]
    came_first: NDArray[np.bool_]
    before: Floats
    closing: NDArray[np.bool_] | None


def _by_councils(part: Component, slot: Places, weights: Floats, *, floor: float) -> Priced:
    """Return the best pool of each size that has its quorum of councils.

    Items of several councils (pinned together) count all of theirs, even one met before: the bound is then
    one from above, and pools are looked at again by who asked.
    """
    quorum, sizes, volumes = part.model.quorum, part.sizes[slot], part.volumes[slot]
    most, width = min(part.model.largest, int(sizes.sum())), min(part.cap, int(volumes.sum()))
    if most < quorum:
        return Priced([], -np.inf)
    best = np.full((quorum + 1, most + 1, width + 1), -np.inf)
    best[0, 0, 0] = 0.0
    steps: list[_Step] = []
    for group in _groups(part, slot):
        inside, opened = np.full_like(best, -np.inf), _counted(best, len(part.councils[int(slot[group[0]])]))
        for n in group:
            move = (int(sizes[n]), int(volumes[n]))
            joined, first = _shifted(inside, *move) + weights[n], _shifted(opened, *move) + weights[n]
            came_first = first > np.maximum(inside, joined)
            steps.append(_Step(n, joined > inside, came_first, best, None))
            inside = np.maximum(inside, np.maximum(joined, first))
        steps[-1] = replace(steps[-1], closing=inside > best)
        best = np.maximum(best, inside)
    net = best[quorum, quorum:] - part.joint_cost[: width + 1]
    at = net.argmax(axis=1)
    worths = net[np.arange(len(net)), at]
    pools = [
        (_walk_councils(part, slot, steps, members=quorum + k, volume=int(at[k])), float(worths[k]))
        for k in range(len(net))
        if worths[k] > floor and np.isfinite(worths[k])
    ]
    return Priced(pools, float(worths.max()))


def _groups(part: Component, slot: Places) -> Iterable[list[int]]:
    """Return the positions in a slot, those of the same councils together."""
    groups: dict[frozenset[str], list[int]] = {}
    for n, place in enumerate(slot.tolist()):
        groups.setdefault(part.councils[place], []).append(n)
    return groups.values()


def _counted(best: Floats, count: int) -> Floats:
    """Return the states after councils have come in; at the quorum they are counted no further."""
    counted = np.full_like(best, -np.inf)
    for councils, states in enumerate(best):
        reached = min(councils + count, len(best) - 1)
        np.maximum(counted[reached], states, out=counted[reached])
    return counted


def _shifted(states: Floats, size: int, volume: int) -> Floats:
    """Return the states after an item has come in."""
    shifted = np.full_like(states, -np.inf)
    if size < states.shape[1] and volume < states.shape[2]:
        shifted[:, size:, volume:] = states[:, : states.shape[1] - size, : states.shape[2] - volume]
    return shifted


def _walk_councils(
    part: Component, slot: Places, steps: list[_Step], *, members: int, volume: int
) -> tuple[int, ...]:
    """Return which items lead to a state at the quorum of councils."""
    quorum = part.model.quorum
    taken: list[int] = []
    councils, inside = quorum, False
    for step in reversed(steps):
        state = (councils, members, volume)
        if step.closing is not None:
            inside = bool(step.closing[state])
        if not inside or not (step.joined[state] or step.came_first[state]):
            continue
        place = int(slot[step.n])
        taken.append(place)
        members, volume = members - int(part.sizes[place]), volume - int(part.volumes[place])
        if step.came_first[state]:
            count = len(part.councils[place])
            sources = [c for c in range(quorum + 1) if min(c + count, quorum) == councils]
            councils = max(sources, key=lambda c: step.before[c, members, volume])
            inside = False
    return tuple(sorted(taken))
