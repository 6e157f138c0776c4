"""The best matches of needs among many: exact, a block of needs at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.similarity import ranking
from analytics.similarity.ranking import Features

MOST_KEPT: Final = 40
# A sibling category alone is no reason: the texts must be alike too.
LEAST_COSINE_OF_SIBLINGS: Final = 0.3
# Ranked first without requirements, then this many times as many again with them.
_LOOKED_AT: Final = 2
_CELLS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """Needs as arrays, one entry a need; codes are any numbers that are equal where the thing is.

    Attributes:
        vectors: (n, dimensions) of length 1.
        group, category, body, region, unit: (n,) codes; a region or unit below 0 is not known.
        start, end: (n,) the window's first and last day as ordinals; a need without a window has NaN.
        volume: (n,) NaN where it is not said.
        wants, refuses: (n, topics) bits of what requirements ask for and rule out; see `conflicting`.
    """

    vectors: NDArray[np.float32]
    group: NDArray[np.int32]
    category: NDArray[np.int32]
    body: NDArray[np.int32]
    region: NDArray[np.int32]
    unit: NDArray[np.int32]
    start: NDArray[np.float32]
    end: NDArray[np.float32]
    volume: NDArray[np.float32]
    wants: NDArray[np.uint8]
    refuses: NDArray[np.uint8]

    def __len__(self) -> int:
        """The number of needs."""
        return len(self.category)

    def taken(self, places: Any) -> Field:
        """Return the needs at some places, in their order."""
        return Field(**{each.name: getattr(self, each.name)[places] for each in fields(self)})


@dataclass(frozen=True, slots=True)
class Best:
    """The matches of some needs; all but `asked` are equally long, one entry a pair, each need's best first.

    Attributes:
        asked: places of the needs that this answer is for, those without a match too.
        need, other: places in the two fields that were compared.
        cosine: how alike the texts are.
        log_odds: by which they are ranked.
    """

    asked: NDArray[np.int64]
    need: NDArray[np.int64]
    other: NDArray[np.int64]
    cosine: NDArray[np.float32]
    log_odds: NDArray[np.float32]


def conflicting(wants: Any, refuses: Any, other_wants: Any, other_refuses: Any) -> Any:
    """Return on which topics two sets of requirements conflict, as booleans in their common shape.

    They do where both ask for something and for nothing the same, or one asks for what the other rules out.
    """
    apart = (wants != 0) & (other_wants != 0) & ((wants & other_wants) == 0)
    return apart | ((wants & other_refuses) != 0) | ((refuses & other_wants) != 0)


def agreeing(wants: Any, other_wants: Any) -> Any:
    """Return on which topics two sets of requirements ask for something the same."""
    return (wants & other_wants) != 0


def best(needs: Field, others: Field, weights: Sequence[float], *, most: int = MOST_KEPT) -> Iterator[Best]:
    """Yield the best matches of each need, some needs at a time.

    A match is of another body, and of the same category or of the same group with a text that is alike.

    Args:
        needs: those that are asked for, in the order of `others` or any.
        others: those that may match; a need never matches one of its own body, itself included.
        weights: see `ranking.PRIOR`.
        most: matches of one need at most.
    """
    pools = {group: np.flatnonzero(others.group == group) for group in np.unique(needs.group)}
    for group, pool in pools.items():
        rivals = others.taken(pool)
        asked = np.flatnonzero(needs.group == group)
        step = max(1, _CELLS // max(1, len(pool)))
        for at in range(0, len(asked), step):
            places = asked[at : at + step]
            found = _block(needs.taken(places), rivals, weights, most)
            yield Best(places, places[found.need], pool[found.other], found.cosine, found.log_odds)


def _block(needs: Field, others: Field, weights: Sequence[float], most: int) -> Best:
    cosine = needs.vectors @ others.vectors.T
    np.clip(cosine, 0, 1, out=cosine)
    odds = _odds(needs, others, cosine, weights)
    looked = min(_LOOKED_AT * most, len(others))
    if looked < len(others):
        first = np.argpartition(odds, len(others) - looked, axis=1)[:, -looked:]
    else:
        first = np.broadcast_to(np.arange(len(others)), odds.shape)
    rows = np.arange(len(needs))[:, None]
    ranked = odds[rows, first] + _of_topics(needs, others, first, weights)
    order = np.argsort(-ranked, axis=1, kind="stable")[:, :most]
    first, ranked = first[rows, order], ranked[rows, order]
    there = np.isfinite(ranked)
    row, _ = np.nonzero(there)
    return Best(np.arange(len(needs)), row, first[there], cosine[row, first[there]], ranked[there])


def _odds(needs: Field, others: Field, cosine: Any, weights: Sequence[float]) -> NDArray[np.float32]:
    """Log-odds of every pair without requirements; minus infinity where they cannot match."""

    def across(name: str) -> tuple[Any, Any]:
        return getattr(needs, name)[:, None], getattr(others, name)[None, :]

    (start, other_start), (end, other_end) = across("start"), across("end")
    shared = np.minimum(end, other_end) - np.maximum(start, other_start) + 1
    same = np.equal(*across("category"))
    region, other_region = across("region")
    unit, other_unit = across("unit")
    odds = ranking.log_odds(
        np.asarray(weights, np.float32),
        Features(
            text=cosine,
            window=np.nan_to_num(ranking.window_share(shared)),
            same_category=same,
            sibling_category=~same,
            volume=ranking.volume_share(*across("volume"), (unit == other_unit) & (unit >= 0)).astype(
                np.float32
            ),
            same_region=(region == other_region) & (region >= 0),
            conflicts=np.float32(0),
            agreements=np.float32(0),
        ),
    )
    odds[np.equal(*across("body")) | (~same & (cosine < LEAST_COSINE_OF_SIBLINGS))] = -np.inf
    return odds


def _of_topics(needs: Field, others: Field, first: Any, weights: Sequence[float]) -> NDArray[np.float32]:
    wants, refuses = needs.wants[:, None, :], needs.refuses[:, None, :]
    other_wants, other_refuses = others.wants[first], others.refuses[first]
    against = conflicting(wants, refuses, other_wants, other_refuses).sum(axis=2)
    together = agreeing(wants, other_wants).sum(axis=2)
    added = weights[-2] * ranking.topic_share(against) + weights[-1] * ranking.topic_share(together)
    return added.astype(np.float32)
