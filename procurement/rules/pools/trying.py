"""What changes if a person wishes something of the suggested pools, worked out at once.

The pools of the last run in the need's market are the start. A wish moves as few needs as it takes, to where
most is saved; all other pools stay. The next run, which may form every pool anew, does at least as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.pooling.changes import Changed, compared
from analytics.pooling.needs import Model, Need
from procurement.rules.pools.wishes import WishKind

Pools = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a wish does.

    Attributes:
        changed: the pools that it touches, before and after.
    """

    changed: tuple[Changed, ...]

    @property
    def lawful(self) -> bool:
        """Whether all pools keep the rules."""
        return all(pool.broken is None for pool in self.changed)

    @property
    def difference(self) -> float:
        """How much more is saved, in steps of £10,000; a pool that breaks a rule saves nothing."""
        return sum(
            (pool.after_saving if pool.broken is None else 0.0) - pool.before_saving for pool in self.changed
        )


def tried(
    pools: Sequence[Sequence[str]],
    kind: WishKind,
    need: str,
    others: Sequence[str],
    *,
    needs: Mapping[str, Need],
    model: Model,
) -> Tried:
    """Return the best way to keep a wish with few changes.

    Args:
        pools: the suggested pools of the market, by the ids of their needs.
        kind: what is wished.
        need: the need that it is about.
        others: the other needs that it names.
        needs: all needs of the market by id.
        model: the rules.
    """
    # An empty place, where a pool can be formed anew.
    start: Pools = (*(tuple(pool) for pool in pools), ())

    def compare(after: Pools) -> Tried:
        return Tried(compared(start, after, needs=needs, model=model))

    home = next((place for place, pool in enumerate(start) if need in pool), None)
    if kind is WishKind.OUT:
        return compare(_placed(start, [need], None))
    if kind is WishKind.INSIDE:
        return _best([start] if home is not None else _everywhere(start, [need]), compare)
    if kind is WishKind.APART:
        parted = home is not None and others[0] in start[home]
        elsewhere = [_placed(start, [need], to) for to in (*range(len(start)), None) if to != home]
        return _best(elsewhere if parted else [start], compare)
    return _best(_everywhere(start, [need, *others]), compare)


def moved(
    pools: Sequence[Sequence[str]], need: str, to: int, *, needs: Mapping[str, Need], model: Model
) -> Tried:
    """Return what happens if a need goes into the pool at a place."""
    start: Pools = tuple(tuple(pool) for pool in pools)
    return Tried(compared(start, _placed(start, [need], to), needs=needs, model=model))


def _everywhere(start: Pools, names: Sequence[str]) -> list[Pools]:
    return [_placed(start, names, to) for to in range(len(start))]


def _placed(start: Pools, names: Iterable[str], to: int | None) -> Pools:
    """Return the pools with some needs in the one at a place, or in none."""
    going = list(names)
    left = [tuple(name for name in pool if name not in going) for pool in start]
    if to is not None:
        left[to] = (*left[to], *going)
    return tuple(left)


def _best(ways: Sequence[Pools], compare: Callable[[Pools], Tried]) -> Tried:
    """Return the lawful way that saves most; where none is, the one that loses least, with what it breaks."""
    return max(map(compare, ways), key=lambda way: (way.lawful, way.difference))
