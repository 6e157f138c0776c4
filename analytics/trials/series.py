"""An interrupted time series: how far readings left the line that they were on when the pilot began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from analytics.trials.distributions import t_share
from analytics.trials.effects import LEVEL, Effect, Floats, Part, crossing, floats

FEWEST_BEFORE: Final = 8
FEWEST_AFTER: Final = 8
SEASONS_NEEDED: Final = 3
STRAIGHT: Final = (
    "readings would have gone on along the line that they were on, and nothing else changed then"
)
# How strongly a reading may depend on the one before; each is weighed by how well it fits.
CORRELATIONS: Final = np.linspace(-0.6, 0.98, 40)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients for each correlation, and how likely each correlation is."""

    weights: Floats
    means: Floats
    errors: Floats
    degrees: int


def interrupted(before: ArrayLike, after: ArrayLike, *, season: int = 0) -> Effect:
    """Return how far readings lie, on average over the pilot, from where the line before would have led.

    Readings are at equal distances. The line has a level and a slope, both of which may change when the pilot
    begins; what is left over may depend on the reading before. How strongly is not taken as known: all
    strengths count, by how well they fit (restricted likelihood, which does not favour small ones in short
    series), so that the interval is as wide as it must be. A season is taken out where both parts together
    last three.

    Args:
        before: readings before the pilot, in order.
        after: readings from its beginning on, in order.
        season: after how many readings a season comes again; 0 for none.

    Source: A. K. Wagner et al., “Segmented regression analysis of interrupted time series studies”, Journal
    of Clinical Pharmacy and Therapeutics 27 (2002), 299–309; A. Zellner and G. C. Tiao, “Bayesian analysis of
    the regression model with autocorrelated errors”, JASA 59 (1964), 763–778; first reading kept: S. J. Prais
    and C. B. Winsten, Cowles Commission Discussion Paper 383 (1954); that restricted likelihood does best in
    short series: S. L. Turner et al., BMC Medical Research Methodology 21:181 (2021).
    """
    first, then = floats(before), floats(after)
    base = Effect("series", STRAIGHT, len(first) + len(then))
    if len(first) < FEWEST_BEFORE:
        return _not(base, f"there are fewer than {FEWEST_BEFORE} readings before the pilot")
    if len(then) < FEWEST_AFTER:
        return _not(base, f"there are fewer than {FEWEST_AFTER} readings in the pilot")
    readings = np.concatenate([first, then])
    design = _design(len(first), len(then), season)
    if readings.std() == 0 or _left_over(design, readings) < 1e-18 * float(readings @ readings):
        return _not(base, "readings lie on a line, so that nothing tells how far they vary")
    middle = (len(then) - 1) / 2
    wanted = np.zeros((3, design.shape[1]))
    wanted[0, 2:4] = 1.0, middle
    wanted[1, 2] = wanted[2, 3] = 1.0
    fit = _fitted(design, readings, wanted)
    overall, level, slope = (_interval(fit, which) for which in range(3))
    assumption = base.assumption + ("" if _seasonal(len(readings), season) or not season else _SHORT)
    return Effect(
        base.method,
        assumption,
        base.readings,
        *overall,
        parts=(Part("level when the pilot began", *level), Part("change from reading to reading", *slope)),
    )


_SHORT: Final = "; seasons are not taken out, because readings last fewer than three"


def _seasonal(readings: int, season: int) -> bool:
    return season > 1 and readings >= SEASONS_NEEDED * season


def _design(before: int, after: int, season: int) -> Floats:
    at = np.arange(before + after, dtype=np.float64)
    piloted = (at >= before).astype(np.float64)
    columns = [np.ones_like(at), at - before, piloted, piloted * (at - before)]
    if _seasonal(before + after, season):
        turn = 2 * np.pi * at / season
        columns += [np.sin(turn), np.cos(turn)]
    return np.column_stack(columns)


def _left_over(design: Floats, readings: Floats) -> float:
    fitted = design @ np.linalg.lstsq(design, readings, rcond=None)[0]
    return float(((readings - fitted) ** 2).sum())


def _whitened(values: Floats) -> Floats:
    """Return rows less what they owe to the row before, for each correlation; the first is scaled."""
    rho = CORRELATIONS[:, None, None]
    first = values[None, :1] * np.sqrt(1 - rho**2)
    return np.concatenate([first, values[None, 1:] - rho * values[None, :-1]], axis=1)


def _fitted(design: Floats, readings: Floats, wanted: Floats) -> _Fit:
    x, y = _whitened(design), _whitened(readings[:, None])
    across = np.swapaxes(x, 1, 2)
    squares = across @ x
    inverse = np.linalg.inv(squares)
    coefficients = inverse @ (across @ y)
    left = ((y - x @ coefficients) ** 2).sum(axis=(1, 2))
    degrees = len(readings) - design.shape[1]
    # Restricted log-likelihood with the scale integrated out; ½·log(1−ρ²) is the first reading's.
    fits = (
        0.5 * np.log(1 - CORRELATIONS**2) - 0.5 * np.linalg.slogdet(squares)[1] - 0.5 * degrees * np.log(left)
    )
    weights = np.exp(fits - fits.max())
    spread = np.einsum("wp,rpq,wq->rw", wanted, inverse, wanted) * (left / degrees)[:, None]
    means = np.einsum("wp,rp->rw", wanted, coefficients[:, :, 0])
    return _Fit(weights / weights.sum(), means, np.sqrt(spread), degrees)


def _interval(fit: _Fit, which: int) -> tuple[float, float, float]:
    """Return the mean of a mixture of t distributions and what holds 95 % of it."""
    means, errors = fit.means[:, which], fit.errors[:, which]
    low, high = float((means - 40 * errors).min()), float((means + 40 * errors).max())

    def end(part: float) -> float:
        def over(at: float) -> float:
            return float(fit.weights @ t_share(fit.degrees, (at - means) / errors)) - part

        return crossing(over, low, high, near=1e-9 * (high - low))

    tail = (1 - LEVEL) / 2
    return float(fit.weights @ means), end(tail), end(1 - tail)


def _not(base: Effect, why: str) -> Effect:
    return Effect(base.method, base.assumption, base.readings, not_computed=why)
