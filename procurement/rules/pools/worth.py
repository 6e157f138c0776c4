"""Who counts when a pool's worth is told, and what the volume curve is believed to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from analytics.pooling.elasticity import Elasticity, updated
from analytics.pooling.needs import Model

# Standard deviation of the logarithm of a price ratio for other reasons than volume: assumed.
PRICE_NOISE: Final = 0.1


def brought(stakes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return what each council brings together, in pence, in the order in which councils first appear."""
    found: dict[str, int] = {}
    for code, value_pence in stakes:
        found[code] = found.get(code, 0) + value_pence
    return found


def company(values: Mapping[str, int], inside: Sequence[str], *, holds: bool) -> tuple[tuple[str, int], ...]:
    """Return whose worth is told: those who are in, where the pool holds with them; else all who are here."""
    chosen = {code: value for code, value in values.items() if code in inside} if holds else dict(values)
    return tuple(chosen.items())


def learned(model: Model, observations: Sequence[tuple[float, float]]) -> Model:
    """Return the model with what pools that are through have shown.

    Args:
        model: with the stated prior.
        observations: joint over own volume, and price after over price before, of each member that told.
    """
    if not observations:
        return model
    volumes, prices = (np.array(column, dtype=float) for column in zip(*observations, strict=True))
    belief = updated(Elasticity(model.elasticity, model.elasticity_error), volumes, prices, noise=PRICE_NOISE)
    # The model takes no elasticity above nought: volume does not make dearer.
    return replace(model, elasticity=min(max(belief.mean, -0.99), 0.0), elasticity_error=belief.error)
