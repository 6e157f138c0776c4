"""Invented needs for the tests of pooling, and the answer by trying everything."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import strategies as st

from analytics.pooling.needs import Model, Need, Wishes, broken, unwished

# Cheap to run and small, so that a handful of needs holds several pools.
SMALL = Model(pool_cost=0.5, member_cost=0.1, quorum=2, largest=4, national_cap=60, regional_cap=40)


@st.composite
def needs(draw: st.DrawFn, most: int = 9, councils: int = 6, categories: int = 1) -> list[Need]:
    """Needs that often meet and sometimes do not."""
    count = draw(st.integers(2, most))
    national = draw(st.lists(st.booleans(), min_size=categories, max_size=categories))
    found: list[Need] = []
    for n in range(count):
        category = draw(st.integers(0, categories - 1))
        first = draw(st.integers(0, 4))
        found.append(
            Need(
                id=f"N{n}",
                council=f"C{draw(st.integers(0, councils - 1))}",
                region=f"R{draw(st.integers(0, 1))}",
                category=str(category),
                national=national[category],
                value=draw(st.integers(1, 30)),
                first_month=first,
                last_month=first + draw(st.integers(0, 3)),
                standard=draw(st.integers(0, 2)),
            )
        )
    return found


def pools_of(needs: Sequence[Need], model: Model) -> list[tuple[Need, ...]]:
    """Return every lawful pool."""
    return [
        members
        for size in range(model.quorum, model.largest + 1)
        for members in itertools.combinations(needs, size)
        if broken(members, model) is None
    ]


def best_by_trying(needs: Sequence[Need], model: Model, wishes: Wishes = Wishes()) -> float | None:  # noqa: B008
    """Return the most that lawful pools save under the wishes, None where none keep them."""
    pools = [
        (frozenset(n.id for n in pool), model.saving([n.value for n in pool]))
        for pool in pools_of(needs, model)
    ]
    best: float | None = None

    def extend(start: int, taken: list[frozenset[str]], used: frozenset[str], value: float) -> None:
        nonlocal best
        if unwished(taken, wishes) is None:
            best = value if best is None else max(best, value)
        for n in range(start, len(pools)):
            ids, saving = pools[n]
            if not ids & used:
                extend(n + 1, [*taken, ids], used | ids, value + saving)

    extend(0, [], frozenset(), 0.0)
    return best
