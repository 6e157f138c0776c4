"""What every method returns: an estimate, its interval, how it was made, what it takes for granted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.trials import distributions

LEVEL: Final = 0.95
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an effect, such as a change of slope; low and high are the ends of its interval."""

    name: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How much a measure changed, in its own unit; `None` where it is not computed.

    Attributes:
        method: its name, as `docs/pilot-methods.md` lists it.
        assumption: what must hold for the estimate to be what the pilot did, as the end of a sentence.
        readings: how many readings went in.
        estimate: after minus before, or pilot minus comparison; a ratio where `ratio`.
        low: the lower end of the 95 % interval.
        high: its upper end.
        ratio: 1 is then no change, instead of 0.
        p: the p-value where the method is a test in the first place.
        parts: what the estimate is made of.
        not_computed: why there is no estimate; the other figures are then None.
    """

    method: str
    assumption: str
    readings: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: bool = False
    p: float | None = None
    parts: tuple[Part, ...] = ()
    not_computed: str = ""

    @property
    def none(self) -> float:
        """The value that would be no change."""
        return 1.0 if self.ratio else 0.0

    @property
    def clear(self) -> bool:
        """Whether the interval leaves no change out."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.none <= self.high


def floats(values: ArrayLike) -> Floats:
    """Return readings as numbers, in one row."""
    return np.asarray(values, dtype=np.float64).reshape(-1)


def count(*groups: Sequence[float] | Floats) -> int:
    """Return how many readings groups hold together."""
    return int(sum(len(group) for group in groups))


def t_quantile(degrees: float) -> float:
    """Return how many standard errors the interval reaches to each side."""
    return distributions.t_quantile(degrees, (1 + LEVEL) / 2)


def crossing(function: Callable[[float], float], low: float, high: float, *, near: float) -> float:
    """Return where a function changes its sign between two places, to within `near`."""
    from scipy.optimize import brentq  # noqa: PLC0415 -- slow to import, and pages rarely need it

    found: Any = brentq(function, low, high, xtol=near)
    return float(found)
