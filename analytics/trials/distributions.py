"""Quantiles and shares of the distributions that intervals are made of.

SciPy comes with the first of them: half a second and 26 MB that no page needs but those of pilots.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def normal_quantile(share: float) -> float:
    """Return where a standard normal distribution has this share below it."""
    return NormalDist().inv_cdf(share)


def t_quantile(degrees: float, share: float) -> float:
    """Return where Student's t has this share below it."""
    return float(_special().stdtrit(degrees, share))


def t_share(degrees: float, at: ArrayLike) -> NDArray[np.float64]:
    """Return which share of Student's t lies below each place."""
    return np.asarray(_special().stdtr(degrees, at), np.float64)


def beta_quantile(first: float, second: float, share: float) -> float:
    """Return where a beta distribution has this share below it."""
    return float(_special().betaincinv(first, second, share))


def _special() -> Any:
    from scipy import special  # noqa: PLC0415 -- see above

    return special
