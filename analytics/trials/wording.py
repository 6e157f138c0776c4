"""An effect in words that claim no more than the readings do."""

from __future__ import annotations

from analytics.trials.effects import Effect
from values.figures import rounded


def words(effect: Effect, unit: str) -> str:
    """Return what was found, between which ends, and what that takes for granted.

    Args:
        effect: of a measure.
        unit: what its readings count, such as “minutes”.
    """
    if effect.estimate is None or effect.low is None or effect.high is None:
        return f"Not computed, because {effect.not_computed}."
    if effect.ratio:
        said = (
            f"There were {rounded(effect.estimate)} times as many {unit} as before, "
            f"between {rounded(effect.low)} and {rounded(effect.high)} times"
        )
        unclear = (
            "" if effect.clear else ", so that the readings do not tell whether there were more or fewer"
        )
        return f"{said}{unclear}; assumes that {effect.assumption}."
    scale, noun = (100, "percentage points") if effect.method == "shares" else (1, unit)
    estimate, low, high = (scale * each for each in (effect.estimate, effect.low, effect.high))
    said = f"{'Fell' if estimate < 0 else 'Rose'} by {rounded(abs(estimate))} {noun}"
    if effect.clear:
        small, large = sorted((abs(low), abs(high)))
        return f"{said}, between {rounded(small)} and {rounded(large)}; assumes that {effect.assumption}."
    return (
        f"{said}, between a fall of {rounded(max(-low, 0.0))} and a rise of {rounded(max(high, 0.0))}, "
        f"so that the readings do not tell whether it fell or rose; assumes that {effect.assumption}."
    )


def against(effect: Effect, promised: float) -> str:
    """Return how an effect stands to what was promised beforehand.

    Args:
        effect: in the unit of the promise.
        promised: the change from baseline to target; below zero for a fall. For a ratio, target over
        baseline.
    """
    if effect.low is None or effect.high is None:
        return "whether it did what was promised is not known"
    low, high = effect.low, effect.high
    falls = promised < effect.none
    if (high <= promised) if falls else (low >= promised):
        return "at least what was promised"
    if (low > promised) if falls else (high < promised):
        return "less than what was promised"
    return "what was promised lies within the interval: it may have been reached or not"
