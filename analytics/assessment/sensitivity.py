"""How firmly the best tender stands: over take-up, over weights, and when another tender is withdrawn.

Everything here works on exact totals, so that it does not depend on how published points are rounded. It
informs people who moderate; the award follows the published method alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from analytics.assessment.prices import Volume
from analytics.assessment.takeup import cuts
from analytics.assessment.totals import WHOLE, Method, Tender, failures, satisfied, total_of

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of take-up over which the same tender is best.

    Attributes:
        first_units, last_units: inclusive.
        best: the tender; several where they are level.
    """

    first_units: int
    last_units: int
    best: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightRange:
    """How far one weight may move before another tender is best; the others share what is left as they did.

    Attributes:
        criterion: whose weight.
        weight: as published.
        lowest, highest: within these, ends included, the best stays best; rounded towards the published one.
        below, above: who is best beyond; None where the range ends at 0 or 100.
    """

    criterion: str
    weight: Decimal
    lowest: Decimal
    highest: Decimal
    below: str | None
    above: str | None


@dataclass(frozen=True, slots=True)
class Reversal:
    """What the withdrawal of a tender does to the order of the others.

    Attributes:
        without: the tender that is dropped.
        best: who is best then.
        swapped: (was ahead, is ahead now) pairs of others.
    """

    without: str
    best: tuple[str, ...]
    swapped: tuple[tuple[str, str], ...]


def exact_totals(method: Method, tenders: Sequence[Tender]) -> dict[str, Fraction]:
    """Return the unrounded totals of the tenders that did not fail."""
    counted = [tender for tender in tenders if not failures(method, tender)]
    weights = method.weights
    return {tender: total_of(shares, weights) for tender, shares in satisfied(method, counted).items()}


def leaders(totals: dict[str, Fraction]) -> tuple[str, ...]:
    """Return the tenders with the highest total."""
    highest = max(totals.values(), default=None)
    return tuple(tender for tender, total in totals.items() if total == highest)


def over_take_up(method: Method, tenders: Sequence[Tender], low: int, high: int) -> tuple[Stretch, ...]:
    """Return who is best at each volume from `low` to `high`, prices compared at that volume alone.

    Raises:
        ValueError: the range is empty or begins below one unit.
    """
    if not 1 <= low <= high:
        raise ValueError("take-up goes from one unit or more to as many or more")
    counted = [tender for tender in tenders if not failures(method, tender)]

    def best_at(units: int) -> tuple[str, ...]:
        return leaders(exact_totals(replace(method, volumes=(Volume("", units),)), counted))

    found: list[Stretch] = []
    starts = [*cuts(method, counted, low, high), high + 1]
    for first, following in pairwise(starts):
        best = best_at(first)
        if found and found[-1].best == best:
            found[-1] = replace(found[-1], last_units=following - 1)
        else:
            found.append(Stretch(first, following - 1, best))
    return tuple(found)


def over_weights(method: Method, tenders: Sequence[Tender]) -> tuple[WeightRange, ...]:
    """Return for each criterion how far its weight may move; empty where no single tender is best."""
    counted = [tender for tender in tenders if not failures(method, tender)]
    shares = satisfied(method, counted)
    weights = method.weights
    best = leaders(exact_totals(method, counted))
    if len(best) != 1:
        return ()
    return tuple(_range(name, weights, shares, best[0]) for name in weights)


def _range(
    name: str, weights: dict[str, Decimal], shares: dict[str, dict[str, Fraction]], best: str
) -> WeightRange:
    weight = Fraction(weights[name])
    rest = WHOLE - weight
    if not rest:
        return WeightRange(name, weights[name], weights[name], weights[name], None, None)
    # A total is a line in the weight: its own share at 100, the mean of the others at 0.
    at_none = {
        tender: sum(Fraction(weights[other]) * share for other, share in of.items() if other != name) / rest
        for tender, of in shares.items()
    }
    low, high = (Fraction(0), None), (Fraction(WHOLE), None)
    for rival in shares:
        if rival == best:
            continue
        ahead = at_none[best] - at_none[rival]
        slope = (shares[best][name] - shares[rival][name] - ahead) / WHOLE
        if not slope:
            continue
        level = -ahead / slope
        if slope > 0 and level > low[0]:
            low = (level, rival)
        if slope < 0 and level < high[0]:
            high = (level, rival)
    return WeightRange(
        name,
        weights[name],
        _cents(low[0], ROUND_CEILING),
        _cents(high[0], ROUND_FLOOR),
        low[1],
        high[1],
    )


def _cents(value: Fraction, how: str) -> Decimal:
    whole = value * 100
    down = whole.numerator // whole.denominator
    return Decimal(down + (how == ROUND_CEILING and whole.denominator != 1)) * _CENT


def reversals(method: Method, tenders: Sequence[Tender]) -> tuple[Reversal, ...]:
    """Return the withdrawals that would change the order of others; empty unless the formula is relative.

    Relative price scoring holds each price against the lowest: without the tender that offered it, all points
    for price move, and not by the same.
    """
    counted = [tender for tender in tenders if not failures(method, tender)]
    totals = exact_totals(method, counted)
    found: list[Reversal] = []
    for dropped in counted:
        left = [tender for tender in counted if tender is not dropped]
        after = exact_totals(method, left)
        if swapped := tuple(_swapped(totals, after)):
            found.append(Reversal(dropped.id, leaders(after), swapped))
    return tuple(found)


def _swapped(before: dict[str, Fraction], after: dict[str, Fraction]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(after, 2):
        was, now = before[one] - before[other], after[one] - after[other]
        if was > 0 >= now or was < 0 <= now:
            ahead, behind = (one, other) if was > 0 else (other, one)
            yield ahead, behind
