"""The problem cut into what can be solved apart: markets, their slots, and connected components of these.

A slot is a maximal set of needs that could all start in one month under one standard, none kept apart from
another: a pool is lawful exactly if its needs lie in one slot and keep quorum, size and cap, because windows
that overlap pairwise share a month (Helly).
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.pooling.needs import Model, Need, Wishes, broken
from values.refusals import Refused

# Sets of needs that avoid all kept-apart pairs, in one month: beyond this, a person's wishes are a tangle.
MOST_SPLITS = 256


@dataclass(frozen=True, slots=True)
class Item:
    """What goes into a pool as a whole: one need, or several that people want together."""

    needs: tuple[Need, ...]
    must: bool

    @property
    def ids(self) -> frozenset[str]:
        """Return the needs it stands for."""
        return frozenset(need.id for need in self.needs)

    @property
    def first(self) -> int:
        """Return the earliest month in which all its needs can start."""
        return max(need.first_month for need in self.needs)

    @property
    def last(self) -> int:
        """Return the latest month in which all its needs can start."""
        return min(need.last_month for need in self.needs)

    @property
    def standards(self) -> set[int]:
        """Return the standards it asks for, without the one that fits any."""
        return {need.standard for need in self.needs} - {0}


@dataclass(frozen=True)
class Component:
    """Needs of one market that could meet in a pool, directly or through others; solved by itself.

    Attributes:
        items: what is pooled.
        slots: for each slot the places of its items, in falling order of volume.
        starts: the same for every month and standard, of which slots are the maximal; greedy fills these.
        cap: greatest volume of a pool.
        model: the rules and what a pool saves.
    """

    items: tuple[Item, ...]
    slots: tuple[NDArray[np.int64], ...]
    starts: tuple[NDArray[np.int64], ...]
    cap: int
    model: Model

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Return how many needs each item holds."""
        return np.array([len(item.needs) for item in self.items])

    @cached_property
    def volumes(self) -> NDArray[np.int64]:
        """Return the volume of each item."""
        return np.array([sum(need.value for need in item.needs) for item in self.items])

    @cached_property
    def gains(self) -> NDArray[np.float64]:
        """Return what each item brings before the price of the joint volume: Σ vᵢ^(1+β) − c_member."""
        power = 1 + self.model.elasticity
        return np.array(
            [
                sum(need.value**power for need in item.needs) - self.model.member_cost * len(item.needs)
                for item in self.items
            ]
        )

    @cached_property
    def joint_cost(self) -> NDArray[np.float64]:
        """Return what a pool of each volume up to the cap pays: V^(1+β) + c_pool."""
        volumes = np.arange(self.cap + 1, dtype=np.float64)
        return volumes ** (1 + self.model.elasticity) + self.model.pool_cost

    @cached_property
    def councils(self) -> tuple[frozenset[str], ...]:
        """Return who buys each item."""
        return tuple(frozenset(need.council for need in item.needs) for item in self.items)

    @cached_property
    def must(self) -> NDArray[np.bool_]:
        """Return which items have to be in a pool."""
        return np.array([item.must for item in self.items], dtype=bool)

    @cached_property
    def first_bound(self) -> float:
        """Return a bound on what pools can save, before any search.

        A member's part of the saving is what it brings, less its part of the joint price at the greatest
        volume any of its slots allows, less its part of the cost of the largest pool.
        """
        joint = np.zeros(len(self.items))
        for slot in self.slots:
            volume = min(self.cap, int(np.sort(self.volumes[slot])[::-1][: self.model.largest].sum()))
            joint[slot] = np.maximum(joint[slot], volume)
        part = (
            self.volumes * joint**self.model.elasticity
            + self.model.pool_cost * self.sizes / self.model.largest
        )
        each = self.gains - part
        return float(np.where(self.must, each, np.maximum(each, 0.0)).sum())

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash that changes if anything about this component does."""
        told = repr((self.items, [slot.tolist() for slot in self.slots], self.cap, self.model))
        return hashlib.sha256(told.encode()).hexdigest()

    def saving(self, members: Iterable[int]) -> float:
        """Return what a pool of these items saves."""
        places = list(members)
        return float(self.gains[places].sum() - self.joint_cost[self.volumes[places].sum()])

    def council_count(self, members: Iterable[int]) -> int:
        """Return how many councils these items come from."""
        return len(frozenset[str]().union(*(self.councils[i] for i in members)))

    def lawful(self, members: Iterable[int]) -> bool:
        """Return whether these items keep quorum, size and cap, and lie in one slot."""
        places = list(members)
        size, volume = int(self.sizes[places].sum()), int(self.volumes[places].sum())
        return (
            self.model.quorum <= size <= self.model.largest
            and volume <= self.cap
            and self.council_count(places) >= self.model.quorum
            and any(np.isin(places, slot).all() for slot in self.slots)
        )

    def ids(self, members: Iterable[int]) -> tuple[str, ...]:
        """Return the needs of these items, in order."""
        return tuple(sorted(need.id for i in members for need in self.items[i].needs))


def components(needs: Sequence[Need], model: Model, wishes: Wishes) -> list[Component]:
    """Cut the problem into components, those of most needs first.

    Raises:
        Refused: a wish names no need, contradicts another, or cannot be lawful.
    """
    markets: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in _items(needs, model, wishes):
        markets[item.needs[0].market].append(item)
    found = [part for market in sorted(markets) for part in _connected(markets[market], model, wishes.apart)]
    return sorted(found, key=lambda part: -len(part.items))


def _items(needs: Sequence[Need], model: Model, wishes: Wishes) -> list[Item]:
    by_id = {need.id: need for need in needs}
    if len(by_id) < len(needs):
        twice = next(need.id for place, need in enumerate(needs) if by_id[need.id] is not needs[place])
        raise Refused(f"Two needs are called {twice}. Give each need its own id.")
    named = frozenset[str]().union(wishes.out, *wishes.together, *wishes.apart)
    if unknown := sorted(named - by_id.keys()):
        raise Refused(f"There is no need {unknown[0]}.")
    groups = _merged(wishes.together)
    for group in groups:
        _check_group([by_id[name] for name in sorted(group)], model, wishes)
    pinned = frozenset[str]().union(*groups)
    joint = [Item(tuple(by_id[name] for name in sorted(group)), must=True) for group in groups]
    single = [Item((need,), must=False) for need in needs if need.id not in pinned | wishes.out]
    return joint + single


def _merged(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Join the sets that share a need: a with b and b with c is all three."""
    merged: list[frozenset[str]] = []
    for group in groups:
        touching = [other for other in merged if other & group]
        merged = [other for other in merged if not other & group]
        merged.append(group.union(*touching))
    return merged


def _check_group(group: Sequence[Need], model: Model, wishes: Wishes) -> None:
    names = {need.id for need in group}
    told = " and ".join(sorted(names))
    if names & wishes.out:
        raise Refused(f"{told} cannot be pinned and kept out of pools.")
    if any(pair <= names for pair in wishes.apart):
        raise Refused(f"{told} cannot be pinned together and kept apart.")
    # Too few members or councils is mended by others who join.
    if why := broken(group, replace(model, quorum=1)):
        raise Refused(f"{told} cannot share a pool: {REASONS[why]}.")


REASONS = {
    "size": "there are too many",
    "category": "they are of different categories",
    "region": "their category is regional and they are of different regions",
    "cap": "their volume is above the cap",
    "window": "no month suits all",
    "standard": "they ask for different standards",
}


def _connected(items: list[Item], model: Model, apart: frozenset[frozenset[str]]) -> Iterator[Component]:
    """Yield the components of one market: slots that share an item belong together."""
    # Of equal volumes the first by name leads, so that no answer hangs on the order of the needs.
    items = sorted(items, key=lambda item: (-sum(need.value for need in item.needs), item.needs[0].id))
    starts = _starts(items, model, apart)
    sets = {start: frozenset(start) for start in starts}
    slots = [start for start in starts if not any(sets[start] < other for other in sets.values())]
    roots = list(range(len(items)))

    def root(place: int) -> int:
        while roots[place] != place:
            roots[place] = roots[roots[place]]
            place = roots[place]
        return place

    for slot in slots:
        for place in slot:
            roots[root(place)] = root(slot[0])
    alone = {place for place, item in enumerate(items) if item.must} - set(itertools.chain(*slots))
    if alone:
        told = " and ".join(sorted(items[min(alone)].ids))
        raise Refused(f"{told} cannot be in a pool: no other needs suit.")
    families: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for slot in slots:
        families[root(slot[0])].append(slot)
    for family in families.values():
        within = [start for start in starts if root(start[0]) == root(family[0][0])]
        yield _component(items, family, within, model)


def _component(
    items: list[Item], slots: list[tuple[int, ...]], starts: list[tuple[int, ...]], model: Model
) -> Component:
    places = sorted(set(itertools.chain(*slots)))
    new = {place: n for n, place in enumerate(places)}
    cap = model.cap(national=items[places[0]].needs[0].national)
    return Component(
        items=tuple(items[place] for place in places),
        slots=tuple(np.array([new[place] for place in slot], dtype=np.int64) for slot in slots),
        starts=tuple(np.array([new[place] for place in start], dtype=np.int64) for start in starts),
        cap=cap,
        model=model,
    )


def _starts(items: list[Item], model: Model, apart: frozenset[frozenset[str]]) -> list[tuple[int, ...]]:
    """Return the sets of items that one month and one standard suit, in order of months."""
    standards = sorted({name for item in items for name in item.standards}) or [0]
    found: dict[tuple[int, ...], None] = {}
    for month in sorted({item.first for item in items} | {item.last + 1 for item in items}):
        for standard in standards:
            fits = [
                place
                for place, item in enumerate(items)
                if item.first <= month <= item.last and item.standards <= {standard}
            ]
            for free in _without_pairs(fits, items, apart):
                if sum(len(items[place].needs) for place in free) >= model.quorum:
                    found[free] = None
    return list(found)


def _without_pairs(
    fits: list[int], items: list[Item], apart: frozenset[frozenset[str]]
) -> list[tuple[int, ...]]:
    """Return the maximal parts of a set that hold no pair that is to stay apart."""
    ids = frozenset[str]().union(*(items[place].ids for place in fits))
    parts = {frozenset(fits)}
    for pair in sorted(apart, key=sorted):
        if pair <= ids and len(pair) == 2:
            sides = [{place for place in fits if name in items[place].ids} for name in sorted(pair)]
            parts = {
                smaller
                for part in parts
                for smaller in ([part - side for side in sides] if all(part & s for s in sides) else [part])
            }
            parts = {part for part in parts if not any(part < other for other in parts)}
            if len(parts) > MOST_SPLITS:
                raise Refused("Too many needs are kept apart from each other in one month.")
    return sorted(tuple(sorted(part)) for part in parts)
