"""How good a ranking is where it is known what belongs together."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Quality:
    """Mean average precision over the first k, and how many texts it is the mean of."""

    map_at_k: float
    asked_count: int


def mean_average_precision(
    scores: Callable[[int, int], NDArray[np.floating[Any]]],
    relevant: Callable[[int], NDArray[np.bool_]],
    allowed: Callable[[int], NDArray[np.bool_]],
    *,
    count: int,
    k: int = 10,
    at_once: int = 256,
) -> Quality:
    """Return MAP@k of a ranking of texts by each text in turn.

    Args:
        scores: (start, end) to (end - start, count) scores of all texts, higher is closer.
        relevant: (count,) which texts belong to the one asked.
        allowed: (count,) which may be ranked at all; a text never ranks itself.
        count: number of texts.
        k: how far down is looked.
        at_once: texts asked in one block.

    Returns:
        The mean over texts that have at least one relevant other; for each, precision at the rank of every
        relevant text found among the first k, divided by the lower of k and the number of relevant texts.

    Source:
        Manning, Raghavan and Schütze (2008), "Introduction to Information Retrieval", section 8.4; cut off
        at k as in TREC.
    """
    gains: list[float] = []
    ranks = np.arange(1, k + 1)
    for start in range(0, count, at_once):
        end = min(start + at_once, count)
        block = np.array(scores(start, end), dtype=np.float32)
        for row, asked in enumerate(range(start, end)):
            may = allowed(asked).copy()
            may[asked] = False
            wanted = relevant(asked) & may
            total = int(wanted.sum())
            if not total:
                continue
            ranked = np.where(may, block[row], -np.inf)
            first = np.argpartition(-ranked, min(k, count - 1))[:k]
            first = first[np.argsort(-ranked[first], kind="stable")]
            hits = wanted[first]
            precision = np.cumsum(hits) / ranks[: len(first)]
            gains.append(float((precision * hits).sum() / min(k, total)))
    return Quality(float(np.mean(gains)) if gains else 0.0, len(gains))


@dataclass(frozen=True, slots=True)
class Found:
    """How good the first k of a ranking are: the gain against the best order, and the share that is found."""

    ndcg_at_k: float
    recall_at_k: float


def first_ones(ranking: Sequence[int], relevant: Collection[int], *, k: int = 10) -> Found | None:
    """Return nDCG@k and recall@k of one ranking; None where nothing is relevant.

    Source:
        Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques", ACM
        Transactions on Information Systems 20(4), 422-446, with a gain of 1 for what is relevant.
    """
    if not relevant:
        return None
    wanted = set(relevant)
    gain = sum(1 / math.log2(rank + 1) for rank, each in enumerate(ranking[:k], 1) if each in wanted)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))
    return Found(gain / best, len(wanted & set(ranking[:k])) / min(k, len(wanted)))
