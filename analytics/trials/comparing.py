"""Two groups of readings: before and after, or pilot sites and comparison councils."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from analytics.trials import distributions
from analytics.trials.effects import LEVEL, Effect, count, floats, t_quantile

FEWEST_PAIRS: Final = 4
FEWEST_EACH: Final = 4
# With fewer, no order of ranks is as rare as one in twenty.
FEWEST_RANKED: Final = 4
NOTHING_ELSE: Final = "nothing else changed at the same time"
ALIKE: Final = "the pilot sites and the comparison councils would have read alike without the pilot"
_APART: Final = "a reading does not depend on the one before it"


def means(
    before: ArrayLike, after: ArrayLike, *, assumption: str = f"{NOTHING_ELSE}, and {_APART}"
) -> Effect:
    """Return the difference of two means, with its interval by Welch's t.

    Source: B. L. Welch, “The generalization of ‘Student's’ problem when several different population
    variances are involved”, Biometrika 34 (1947), 28–35.
    """
    first, then = floats(before), floats(after)
    base = Effect("means", assumption, count(first, then))
    if min(len(first), len(then)) < FEWEST_EACH:
        return _not(base, f"there are fewer than {FEWEST_EACH} readings on one side")
    parts = first.var(ddof=1) / len(first), then.var(ddof=1) / len(then)
    if sum(parts) == 0:
        return _not(base, "all readings of a side are the same, so that nothing tells how far they vary")
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(then) - 1))
    return _around(base, float(then.mean() - first.mean()), float(np.sqrt(sum(parts))), degrees)


def pairs(before: ArrayLike, after: ArrayLike) -> Effect:
    """Return the mean change of the same sites, by Student's t on their differences.

    Args:
        before: a mean for each site.
        after: the same sites in the same order.

    Source: Student, “The probable error of a mean”, Biometrika 6 (1908), 1–25.
    """
    changes = floats(after) - floats(before)
    base = Effect("pairs", f"{NOTHING_ELSE}, and the sites do not depend on each other", 2 * len(changes))
    if len(changes) < FEWEST_PAIRS:
        return _not(base, f"there are fewer than {FEWEST_PAIRS} sites read both before and after")
    spread = float(changes.std(ddof=1))
    if spread == 0:
        return _not(base, "all sites changed alike, so that nothing tells how far they vary")
    return _around(base, float(changes.mean()), spread / np.sqrt(len(changes)), len(changes) - 1)


def ranks(before: ArrayLike, after: ArrayLike) -> Effect:
    """Return the median shift, with the interval that inverts the exact test of ranks: for skewed readings.

    The interval holds for any distribution, and at least as often as it says. Ties widen it a little.

    Source: J. L. Hodges and E. L. Lehmann, “Estimates of location based on rank tests”, Annals of
    Mathematical Statistics 34 (1963), 598–611; the exact distribution is Mann and Whitney's (1947).
    """
    first, then = floats(before), floats(after)
    base = Effect(
        "ranks", f"{NOTHING_ELSE}, {_APART}, and all readings moved by the same", count(first, then)
    )
    if min(len(first), len(then)) < FEWEST_RANKED:
        return _not(base, f"there are fewer than {FEWEST_RANKED} readings on one side")
    shifts = np.sort((then[:, None] - first[None, :]).ravel())
    cut = _rank_cut(len(first), len(then)) - 1
    return _with(base, float(np.median(shifts)), float(shifts[cut]), float(shifts[-1 - cut]))


def _rank_cut(first: int, then: int) -> int:
    """Return which difference in order, from 1, ends the interval: the largest with P(U < it) ≤ 2.5 %.

    U is counted exactly, by the product of polynomials whose coefficients are the orders that give each
    value.
    """
    total = first * then
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for size in range(1, first + 1):
        up = then + size
        ways[up:] = ways[up:] - ways[: total + 1 - up] if up <= total else ways[up:]
        for at in range(size, total + 1):
            ways[at] += ways[at - size]
    tail = np.cumsum(ways) / ways.sum()
    return int(np.searchsorted(tail, (1 - LEVEL) / 2, side="right"))


def shares(before: tuple[int, int], after: tuple[int, int], *, assumption: str = NOTHING_ELSE) -> Effect:
    """Return the difference of two shares, with Newcombe's interval out of two of Wilson's.

    Args:
        before: how many of how many.
        after: how many of how many.
        assumption: what is taken for granted.

    Source: R. G. Newcombe, “Interval estimation for the difference between independent proportions”,
    Statistics in Medicine 17 (1998), 873–890, method 10; E. B. Wilson, JASA 22 (1927), 209–212.
    """
    (hits, of), (later, later_of) = before, after
    base = Effect("shares", f"{assumption}, and cases do not depend on each other", of + later_of)
    if min(of, later_of) < 10:
        return _not(base, "there are fewer than 10 cases on one side")
    low, high = wilson(hits, of)
    later_low, later_high = wilson(later, later_of)
    share, later_share = hits / of, later / later_of
    change = later_share - share
    down = np.hypot(later_share - later_low, high - share)
    up = np.hypot(later_high - later_share, share - low)
    return _with(base, change, change - float(down), change + float(up))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the interval of one share (Wilson 1927)."""
    z = distributions.normal_quantile((1 + LEVEL) / 2)
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * float(np.sqrt(hits * (of - hits) / of + z * z / 4))
    return max(0.0, middle - half), min(1.0, middle + half)


def counts(before: tuple[int, float], after: tuple[int, float], *, assumption: str = NOTHING_ELSE) -> Effect:
    """Return the ratio of two rates of events, exactly, given how many events there were in all.

    Args:
        before: how many events in how much (days, homes, calls).
        after: how many events in how much.
        assumption: what is taken for granted.

    Source: J. Przyborowski and H. Wilenski, “Homogeneity of results in testing samples from Poisson series”,
    Biometrika 31 (1940), 313–323; the interval of the share is Clopper and Pearson's (1934).
    """
    (events, length), (later, later_length) = before, after
    together = events + later
    base = Effect("counts", f"{assumption}, and events do not come in groups", together, ratio=True)
    if together < 10 or min(length, later_length) <= 0:
        return _not(base, "there are fewer than 10 events in all")
    if events == 0 or later == 0:
        return _not(base, "there was no event on one side, so that a ratio has no end")
    tail = (1 - LEVEL) / 2
    low = distributions.beta_quantile(later, together - later + 1, tail)
    high = distributions.beta_quantile(later + 1, together - later, 1 - tail)
    scale = length / later_length
    return _with(base, later / events * scale, low / (1 - low) * scale, high / (1 - high) * scale)


def _around(base: Effect, estimate: float, error: float, degrees: float) -> Effect:
    reach = t_quantile(degrees) * error
    return _with(base, estimate, estimate - reach, estimate + reach)


def _with(base: Effect, estimate: float, low: float, high: float) -> Effect:
    return Effect(base.method, base.assumption, base.readings, estimate, low, high, ratio=base.ratio)


def _not(base: Effect, why: str) -> Effect:
    return Effect(base.method, base.assumption, base.readings, ratio=base.ratio, not_computed=why)
