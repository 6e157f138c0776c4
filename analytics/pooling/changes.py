"""What changes if a person moves a need: savings before and after, and which rule a pool would break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.pooling.needs import Model, Need, broken
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class Changed:
    """One pool before and after a move.

    Attributes:
        before: ids of its needs.
        after: the same, after the move.
        before_saving: in steps of £10,000.
        after_saving: nought where nothing is left of it.
        broken: which rule the pool would break, in one word, or None.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    before_saving: float
    after_saving: float
    broken: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """What a move does to the pools it touches; all others stay."""

    pools: tuple[tuple[str, ...], ...]
    changed: tuple[Changed, ...]

    @property
    def difference(self) -> float:
        """Return how much more is saved, in steps of £10,000; below zero where less is."""
        return sum(pool.after_saving - pool.before_saving for pool in self.changed)

    @property
    def lawful(self) -> bool:
        """Return whether all pools keep the rules."""
        return all(pool.broken is None for pool in self.changed)


def move(
    pools: Sequence[Sequence[str]], need: str, to: int | None, *, needs: Mapping[str, Need], model: Model
) -> Move:
    """Return what happens if a need goes into another pool, or out of all.

    Args:
        pools: ids of the needs of each pool.
        need: which need moves.
        to: the place of the pool it goes to; None for out of all pools.
        needs: all needs by id.
        model: the rules.

    Raises:
        Missing: there is no such need or pool.
    """
    if need not in needs or (to is not None and not 0 <= to < len(pools)):
        raise Missing
    after = [tuple(name for name in pool if name != need) for pool in pools]
    if to is not None:
        after[to] = (*after[to], need)
    return Move(tuple(pool for pool in after if pool), compared(pools, after, needs=needs, model=model))


def compared(
    before: Sequence[Sequence[str]],
    after: Sequence[Sequence[str]],
    *,
    needs: Mapping[str, Need],
    model: Model,
) -> tuple[Changed, ...]:
    """Return what became of each pool that is not as it was; pools stand in the same places in both."""
    return tuple(
        _changed(tuple(old), tuple(new), needs, model)
        for old, new in zip(before, after, strict=True)
        if set(old) != set(new)
    )


def _changed(
    before: tuple[str, ...], after: tuple[str, ...], needs: Mapping[str, Need], model: Model
) -> Changed:
    def saving(pool: tuple[str, ...]) -> float:
        return model.saving([needs[name].value for name in pool]) if pool else 0.0

    why = broken([needs[name] for name in after], model) if after else None
    return Changed(before, after, saving(before), saving(after), why)
