"""Differences in differences: how much more the pilot councils changed than the comparison councils did.

Readings of a council hang together, so each council counts once: by its mean after less its mean before
(M. Bertrand, E. Duflo and S. Mullainathan, “How much should we trust differences-in-differences estimates?”,
Quarterly Journal of Economics 119 (2004), 249–275).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from analytics.trials.comparing import means
from analytics.trials.effects import LEVEL, Effect, Floats, crossing, floats, t_quantile

PARALLEL: Final = "without the pilot, the pilot councils would have changed as the comparison councils did"
FEWEST_COMPARED: Final = 4
# From as many on, how far the pilot councils vary is learnt from themselves.
FEWEST_APART: Final = 5
FEWEST_WILD: Final = 5
MOST_ORDERS: Final = 5_000
# Webb's six points, for few councils.
WEBB: Final = np.sqrt(np.array([0.5, 1.0, 1.5]))


def by_council(pilot: ArrayLike, comparison: ArrayLike) -> Effect:
    """Return the difference in differences, by t with as many degrees of freedom as councils allow.

    One pilot council is enough, because how far councils vary is learnt from the others; the interval then
    takes for granted that it varies as they do. From five on, each side's own variation counts (Welch).

    Args:
        pilot: the change of each pilot council.
        comparison: the change of each comparison council.

    Source: S. G. Donald and K. Lang, “Inference with difference-in-differences and other panel data”, Review
    of Economics and Statistics 89 (2007), 221–233.
    """
    ours, others = floats(pilot), floats(comparison)
    base = _base("differences", f"{PARALLEL}, and all vary alike", ours, others)
    if why := _too_few(ours, others):
        return _not(base, why)
    if len(ours) >= FEWEST_APART:
        apart = means(others, ours, assumption=PARALLEL)
        return replace(apart, method=base.method, readings=base.readings)
    degrees = len(ours) + len(others) - 2
    squares = float(((ours - ours.mean()) ** 2).sum() + ((others - others.mean()) ** 2).sum())
    if squares == 0:
        return _not(base, "all councils changed alike, so that nothing tells how far they vary")
    reach = t_quantile(degrees) * np.sqrt(squares / degrees * (1 / len(ours) + 1 / len(others)))
    estimate = float(ours.mean() - others.mean())
    return Effect(base.method, base.assumption, base.readings, estimate, estimate - reach, estimate + reach)


def permuted(pilot: ArrayLike, comparison: ArrayLike, *, seed: int = 20) -> Effect:
    """Return the same with the interval of all effects that a permutation test does not refuse.

    It asks how often the difference would be as large had other councils been the pilot's. It takes no shape
    of distribution for granted, and cannot speak where fewer than 20 choices of councils are possible.

    Source: R. A. Fisher, The Design of Experiments (1935), chapter 3; P. R. Rosenbaum, “Covariance adjustment
    in randomized experiments and observational studies”, Statistical Science 17 (2002), 286–327.
    """
    ours, others = floats(pilot), floats(comparison)
    base = _base("permutation", f"{PARALLEL}, and any of them might have been chosen", ours, others)
    if why := _too_few(ours, others):
        return _not(base, why)
    if (choices := comb(len(ours) + len(others), len(ours))) < 1 / (1 - LEVEL) * 1.0001:
        return _not(base, f"only {choices} choices of pilot councils are possible, and 21 are needed")
    picks = _picks(len(ours), len(ours) + len(others), seed)
    estimate = float(ours.mean() - others.mean())

    def p_value(effect: float) -> float:
        changes = np.concatenate([ours - effect, others])
        inside = changes[picks].mean(axis=1)
        outside = (changes.sum() - inside * len(ours)) / len(others)
        gaps = np.abs(inside - outside)
        return float(np.mean(gaps >= abs(estimate - effect) - 1e-9 * (1 + np.abs(changes).max())))

    return _inverted(base, estimate, float(np.ptp(np.concatenate([ours, others]))), p_value)


def wild(pilot: ArrayLike, comparison: ArrayLike, *, draws: int = 1_999, seed: int = 20) -> Effect:
    """Return the same with the wild cluster bootstrap's interval: councils may vary unlike.

    With few pilot councils its intervals are too narrow or too wide, so it is not computed below five.

    Source: A. C. Cameron, J. B. Gelbach and D. L. Miller, “Bootstrap-based improvements for inference with
    clustered errors”, Review of Economics and Statistics 90 (2008), 414–427; weights: M. D. Webb, Queen's
    Economics Department Working Paper 1315 (2014); few treated: J. G. MacKinnon and M. D. Webb, Econometrics
    Journal 21 (2018), 114–135.
    """
    ours, others = floats(pilot), floats(comparison)
    base = _base("wild bootstrap", PARALLEL, ours, others)
    if why := _too_few(ours, others, FEWEST_WILD):
        return _not(base, why)
    weights = _webb(draws, len(ours) + len(others), seed)
    estimate = float(ours.mean() - others.mean())

    def p_value(effect: float) -> float:
        changes = np.concatenate([ours - effect, others])
        off = changes - changes.mean()
        drawn = _studentised(weights * off, len(ours))
        own = _studentised(off[None, :], len(ours))[0]
        return float(np.mean(np.abs(drawn) >= abs(own) - 1e-12))

    return _inverted(base, estimate, float(np.ptp(np.concatenate([ours, others]))), p_value)


def _studentised(changes: Floats, treated: int) -> Floats:
    ours, others = changes[:, :treated], changes[:, treated:]
    error = ours.var(axis=1, ddof=1) / treated + others.var(axis=1, ddof=1) / others.shape[1]
    return (ours.mean(axis=1) - others.mean(axis=1)) / np.sqrt(np.maximum(error, 1e-300))


def _webb(draws: int, councils: int, seed: int) -> Floats:
    points = np.concatenate([-WEBB, WEBB])
    return points[np.random.default_rng(seed).integers(0, len(points), (draws, councils))]


def _picks(size: int, of: int, seed: int) -> np.ndarray:
    """Return which councils could have been the pilot's: all choices, or many drawn and the real one."""
    if comb(of, size) <= MOST_ORDERS:
        return np.array(list(combinations(range(of), size)))
    drawn = np.random.default_rng(seed).random((MOST_ORDERS - 1, of)).argsort(axis=1)[:, :size]
    return np.vstack([np.arange(size), drawn])


def _inverted(base: Effect, estimate: float, spread: float, p_value: Callable[[float], float]) -> Effect:
    """Return the effects that the test does not refuse at 5 %: found from the estimate outwards."""
    if spread == 0:
        return _not(base, "all councils changed alike, so that nothing tells how far they vary")

    def end(side: int) -> float:
        far = spread / 2
        while p_value(estimate + side * far) > 1 - LEVEL and far < 50 * spread:
            far *= 2

        def over(at: float) -> float:
            return p_value(estimate + side * at) - (1 - LEVEL) - 1e-9

        return estimate + side * crossing(over, 0.0, far, near=spread * 1e-4)

    return Effect(base.method, base.assumption, base.readings, estimate, end(-1), end(1), p=p_value(0.0))


def _too_few(ours: Floats, others: Floats, fewest: int = 1) -> str:
    if len(ours) < fewest:
        return f"there are fewer than {fewest} pilot councils read both before and after"
    if len(others) < FEWEST_COMPARED:
        return f"there are fewer than {FEWEST_COMPARED} comparison councils read both before and after"
    return ""


def _base(method: str, assumption: str, ours: Floats, others: Floats) -> Effect:
    return Effect(method, assumption, 2 * (len(ours) + len(others)))


def _not(base: Effect, why: str) -> Effect:
    return Effect(base.method, base.assumption, base.readings, not_computed=why)
