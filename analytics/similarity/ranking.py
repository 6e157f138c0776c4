"""Which of two pairs goes together better: a score from a few features, whose weights learn from people.

The weights begin at a stated prior, which is a judgement and no measurement. Labels move them, each a little;
bounds keep every sign, so that whatever was labelled, a text more alike never lowers a score and a conflict
never raises one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

MONTHS_COUNTED: Final = 12
DAYS_A_MONTH: Final = 30.44
MOST_TOPICS: Final = 4

Numbers = NDArray[np.float32]


class Features(NamedTuple):
    """What is known of pairs, each an array of one shape, 0 to 1; all are the same from both sides.

    Attributes:
        text: cosine of the texts, negative ones as 0.
        window: months in which both could start, 12 and more as 1.
        same_category: 1 where the category is the same.
        sibling_category: 1 where it is another of the same group.
        volume: the smaller volume divided by the larger; 0.5 where one is not said or units differ.
        same_region: 1 where both councils lie in one region.
        conflicts: topics on which requirements conflict, 4 and more as 1.
        agreements: topics on which they agree, 4 and more as 1.
    """

    text: Any
    window: Any
    same_category: Any
    sibling_category: Any
    volume: Any
    same_region: Any
    conflicts: Any
    agreements: Any


NAMES: Final = ("constant", *Features._fields)
# In log-odds that two needs are worth buying together: most say category and text, then the window.
PRIOR: Final = (-4.0, 4.0, 1.5, 2.0, 0.5, 0.5, 0.3, -1.5, 0.8)
# How far a weight may be thought from its prior: half of it. Few labels therefore move it little.
_SPREAD: Final = tuple(abs(weight) / 2 for weight in PRIOR)
# What a weight may never pass, as multiples of its prior; the signs stay.
_LEAST, _MOST = 0.25, 3.0


def window_share(days_shared: Any) -> Any:
    """Return `Features.window` of the number of days that two windows share; below 1 they share none."""
    return np.clip(days_shared / (DAYS_A_MONTH * MONTHS_COUNTED), 0, 1)


def volume_share(first: Any, second: Any, same_unit: Any) -> Any:
    """Return `Features.volume`; a volume that is not said is NaN, and one of 0 says nothing either."""
    low, high = np.fmin(first, second), np.fmax(first, second)
    known = same_unit & np.isfinite(first) & np.isfinite(second) & (low > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, low / high, 0.5)


def topic_share(count: Any) -> Any:
    """Return `Features.conflicts` or `.agreements` of a number of topics."""
    return np.minimum(count, MOST_TOPICS) / MOST_TOPICS


def log_odds(weights: Sequence[float] | Numbers, features: Features) -> Any:
    """Return the log-odds of pairs: constant plus weighted features, in their common shape."""
    total = weights[0]
    for weight, feature in zip(weights[1:], features, strict=True):
        total = total + weight * feature
    return total


def score_points(weights: Sequence[float], features: Features) -> NDArray[np.float64]:
    """Return scores from 0 to 100: the logistic function of the log-odds, times 100."""
    return 100.0 / (1.0 + np.exp(-np.asarray(log_odds(weights, features), np.float64)))


@dataclass(frozen=True, slots=True)
class Label:
    """What people said of a pair: its features at that time, and whether it goes together."""

    features: tuple[float, ...]
    alike: bool


def learn(labels: Sequence[Label], prior: Sequence[float] = PRIOR) -> tuple[float, ...]:
    """Return the weights that labels and prior make together.

    Args:
        labels: any number; none gives the prior.
        prior: (9,) weights in the order of `NAMES`, from which each label moves them a little.

    Returns:
        (9,) the most probable weights: a logistic regression with a normal prior, its mean the prior and its
        standard deviation half of each weight, kept between a quarter and three times the prior.

    Raises:
        ValueError: a label has another number of features, or one that is no finite number.

    Source:
        Bishop (2006), "Pattern Recognition and Machine Learning", section 4.5.1 (maximum a posteriori);
        minimised with L-BFGS-B: Byrd, Lu, Nocedal and Zhu (1995), SIAM J. Sci. Comput. 16(5), 1190-1208.
    """
    # A third of a second to load, which the web process does not wait for: it only ranks.
    from scipy.optimize import minimize  # noqa: PLC0415

    centre = np.asarray(prior, np.float64)
    if not labels:
        return tuple(map(float, centre))
    if any(len(label.features) != len(Features._fields) for label in labels):
        raise ValueError("a label has another number of features")
    known = np.array([(1.0, *label.features) for label in labels])
    if not np.isfinite(known).all():
        raise ValueError("a feature is no finite number")
    said = np.array([1.0 if label.alike else -1.0 for label in labels])
    precision = 1 / np.square(_SPREAD)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = said * (known @ weights)
        away = weights - centre
        value = np.logaddexp(0, -margin).sum() + (precision * away * away).sum() / 2
        pull = -said / (1 + np.exp(np.clip(margin, -50, 50)))
        return float(value), known.T @ pull + precision * away

    ends = np.sort(np.stack([centre * _LEAST, centre * _MOST]), axis=0)
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=list(ends.T))
    return tuple(map(float, np.clip(found.x, *ends)))
