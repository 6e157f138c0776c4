"""Suggested pools over all needs: components in parallel, the widest gap first, within a time limit.

What was found can be kept. A component that has not changed is then taken as it was, and one that has
changed begins with the pools it knew: a new need re-solves its own part only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.pooling import crew
from analytics.pooling.crew import Limits
from analytics.pooling.greedy import Pool
from analytics.pooling.needs import Model, Need, Wishes
from analytics.pooling.parts import Component, components
from analytics.pooling.search import Search
from values.refusals import Refused

KEPT_NEAR = 2.0  # pools that miss their price by more are not kept for the next run
NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class KeptPart:
    """What is known of one component: its best pools, its bound, and the pools it was found among."""

    pools: tuple[tuple[str, ...], ...]
    bound: float
    columns: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run leaves for the next, by the fingerprint of each component."""

    parts: Mapping[str, KeptPart] = field(default_factory=dict[str, KeptPart])


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands: told while it works.

    Attributes:
        seconds: since it began.
        objective: what the best pools save so far, in steps of £10,000.
        bound: no pools save more.
        part_count: components.
        settled_count: components where nothing is left to look into.
    """

    seconds: float
    objective: float
    bound: float
    part_count: int
    settled_count: int

    @property
    def gap(self) -> float:
        """Return by what part of the bound the objective may be improved at most."""
        return max(0.0, 1 - self.objective / self.bound) if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Suggested pools, and how good they are.

    Attributes:
        pools: ids of the needs of each pool, the pool that saves most first.
        standing: objective, bound and gap at the end.
        greedy: what greedy alone saves.
        searched_count: components that this run looked into; the others were kept.
        kept: for the next run.
    """

    pools: tuple[tuple[str, ...], ...]
    standing: Standing
    greedy: float
    searched_count: int
    kept: Kept


def at_once(needs: Sequence[Need], model: Model) -> list[tuple[str, ...]]:
    """Return greedy pools: a good answer in under a second on 5,000 needs, for a page."""
    searches = [Search(part, 0) for part in components(needs, model, NO_WISHES)]
    return _named(searches)


def optimise(
    needs: Sequence[Need],
    model: Model,
    *,
    wishes: Wishes = NO_WISHES,
    kept: Kept | None = None,
    seed: int = 0,
    limits: Limits | None = None,
    tell: Callable[[Standing], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Plan:
    """Return pools that save most, with the bound on what any pools could save.

    Args:
        needs: all open needs.
        model: the rules of a lawful pool and what it saves.
        wishes: what people have pinned, forbidden and left out.
        kept: what an earlier run left; its unchanged components are not looked into again.
        seed: of the noise in the search.
        limits: time, steps, processes.
        tell: called about twice a second.
        cancelled: asked as often; the best so far is handed out.

    Raises:
        Refused: the wishes contradict each other, or no pools keep them.
    """
    began, limits = time.monotonic(), limits or Limits()
    before = (kept or Kept()).parts
    parts = components(needs, model, wishes)
    searches = [Search(part, seed) for part in parts]
    greedy_value = sum(
        part.saving(pool) for search, part in zip(searches, parts, strict=True) for pool in search.pools
    )
    work = [n for n, part in enumerate(parts) if part.fingerprint not in before]
    _remember(searches, before)

    def standing() -> Standing:
        return _standing(searches, set(work), time.monotonic() - began)

    crew.run(
        searches,
        work,
        deadline=began + limits.seconds,
        limits=limits,
        tell=lambda: tell(standing()),
        cancelled=cancelled,
    )
    for search in searches:
        if not np.isfinite(search.value):
            _refuse(search)
    return Plan(
        pools=tuple(_named(searches)),
        standing=standing(),
        greedy=greedy_value,
        searched_count=len(work),
        kept=Kept({search.part.fingerprint: _keep(search) for search in searches}),
    )


class TooLittleTime(Refused):
    """The time ended before pools were found that keep what is pinned; there may be some."""


def _refuse(search: Search) -> None:
    must = sorted(name for item in search.part.items if item.must for name in item.ids)
    if search.started and search.done:
        raise Refused(f"No lawful pools keep all that is pinned among {', '.join(must)}.")
    told = ", ".join(must)
    raise TooLittleTime(f"The time was too short to find pools that keep what is pinned among {told}.")


def _named(searches: Sequence[Search]) -> list[tuple[str, ...]]:
    pools = [
        (search.part.saving(pool), search.part.ids(pool)) for search in searches for pool in search.pools
    ]
    return [ids for _, ids in sorted(pools, key=lambda pool: (-pool[0], pool[1]))]


def _standing(searches: Sequence[Search], work: set[int], seconds: float) -> Standing:
    settled = sum(search.done or n not in work for n, search in enumerate(searches))
    return Standing(
        seconds=seconds,
        objective=sum(search.value for search in searches),
        bound=sum(search.bound for search in searches),
        part_count=len(searches),
        settled_count=settled,
    )


def _keep(search: Search) -> KeptPart:
    part = search.part
    pools = tuple(part.ids(pool) for pool in search.pools)
    if search.root is None:
        return KeptPart(pools, search.bound, pools)
    near = np.flatnonzero(search.columns.worths(search.root.prices) > -KEPT_NEAR)
    columns = dict.fromkeys(part.ids(search.columns.all[int(n)][1]) for n in near)
    return KeptPart(pools, search.bound, tuple(columns))


def _remember(searches: Sequence[Search], before: Mapping[str, KeptPart]) -> None:
    """Give each component the pools and, where nothing has changed, the bound of the last run."""
    changed = [search for search in searches if search.part.fingerprint not in before]
    for search in searches:
        if known := before.get(search.part.fingerprint):
            search.offer(_pools(search.part, known.pools))
            search.bound = known.bound
    old = [known for mark, known in before.items() if mark not in {s.part.fingerprint for s in searches}]
    for search in changed:
        for known in old:
            # The old answer stays lawful where a need came; where one went, its other pools do.
            search.offer(_pools(search.part, known.pools))
            for pool in _pools(search.part, known.columns):
                search.learn(pool)


def _pools(part: Component, named: Sequence[tuple[str, ...]]) -> list[Pool]:
    """Return pools by items, those that are still lawful in this component."""
    place_of = {name: place for place, item in enumerate(part.items) for name in item.ids}
    found: list[Pool] = []
    for ids in named:
        if all(name in place_of for name in ids):
            pool = tuple(sorted({place_of[name] for name in ids}))
            if len(part.ids(pool)) == len(ids) and part.lawful(pool):
                found.append(pool)
    return found
