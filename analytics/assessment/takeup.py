"""At which volumes the best tender can change: where lines of cost or totals cross.

Between the edges of tiers every price is a line in the volume. Within them the lowest price may change hands,
and points reach nought; between those bends the difference of two totals, times the prices below it, is a
polynomial of at most the second degree. Its roots are found in floating point, and each is given as the
whole volumes around it, at which the caller computes exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from analytics.assessment.prices import Formula, Schedule
from analytics.assessment.totals import Method, Tender

# A tender within so many points of the highest total may be the best, for all that floating point can tell.
_NEAR_POINTS = 1e-6


@dataclass(frozen=True, slots=True)
class _Line:
    """What something costs at the first volume of a range, and how much more for each unit after it."""

    begin: float
    slope: float = 0.0

    def at(self, units: float) -> float:
        return self.begin + self.slope * units

    def times(self, factor: float) -> _Line:
        return _Line(self.begin * factor, self.slope * factor)

    def less(self, other: _Line) -> _Line:
        return _Line(self.begin - other.begin, self.slope - other.slope)


def cuts(method: Method, tenders: Sequence[Tender], low: int, high: int) -> list[int]:
    """Return ascending volumes, `low` first; from each to before the next the best is the same."""
    found = {low}
    schedules = [tender.schedule for tender in tenders]
    quality = [_quality(method, tender) for tender in tenders]
    edges = {start + 1 for schedule in schedules for start, _ in schedule.tiers}
    starts = sorted({low, *(edge for edge in edges if low < edge <= high)})
    for first, following in pairwise([*starts, high + 1]):
        within = following - 1 - first
        found.add(first)
        lines = [_line(schedule, first, within) for schedule in schedules]
        for at in _changes(method, quality, lines, within):
            near = math.floor(at)
            found.update(first + each for each in range(near - 1, near + 3) if 0 <= each <= within)
    return sorted(found)


def _quality(method: Method, tender: Tender) -> float:
    """Return the points of a tender without those for price."""
    return sum(float(each.weight) * float(tender.marks[each.id]) / each.highest for each in method.criteria)


def _line(schedule: Schedule, first: int, within: int) -> _Line:
    begin = schedule.pence_at(first)
    return _Line(begin, (schedule.pence_at(first + within) - begin) / within if within else 0.0)


def _changes(method: Method, quality: list[float], lines: list[_Line], within: int) -> Iterator[float]:
    """Yield every place from 0 to `within` at which the best may change, and some at which it does not."""
    bends = sorted({0.0, float(within), *(at for at in _bends(method, lines) if 0 < at < within)})
    yield from bends
    for begin, end in pairwise(bends):
        middle = (begin + end) / 2
        lowest = min(lines, key=lambda line: line.at(middle), default=_Line(0))
        shares = [_Share.of(method, line, lowest, middle) for line in lines]
        weight = float(method.price_weight)
        for one, other in combinations(range(len(lines)), 2):
            difference = shares[one].difference(shares[other], quality[one] - quality[other], weight)
            for at in _roots(*difference):
                if begin <= at <= end:
                    totals = [
                        points + weight * share.at(at) for points, share in zip(quality, shares, strict=True)
                    ]
                    if totals[one] >= max(totals) - _NEAR_POINTS:
                        yield at


def _bends(method: Method, lines: list[_Line]) -> Iterator[float]:
    """Yield where the lowest price may change hands, and where points for price reach nought."""
    if method.formula is Formula.BELOW_REFERENCE:
        reference = _Line(float(method.reference_pence or 0))
        for line in lines:
            yield from _roots(*_plain(line.less(reference)))
        return
    for one in lines:
        for other in lines:
            yield from _roots(*_plain(one.less(other)))
            if method.formula is Formula.ABOVE_LOWEST:
                yield from _roots(*_plain(one.less(other.times(2))))


@dataclass(frozen=True, slots=True)
class _Share:
    """The share of the points for price between two bends: one line over another, which may be constant."""

    over: _Line
    under: _Line

    @classmethod
    def of(cls, method: Method, line: _Line, lowest: _Line, middle: float) -> _Share:
        """Return the share of a price, by what is so in the middle of the two bends."""
        if method.formula is Formula.LOWEST_OVER_PRICE:
            return cls(lowest, line)
        held = _Line(float(method.reference_pence or 0))
        left = held.less(line)
        if method.formula is Formula.ABOVE_LOWEST:
            held, left = lowest, lowest.times(2).less(line)
        return cls(left if left.at(middle) > 0 else _Line(0), held)

    def at(self, units: float) -> float:
        """Return the share at a place; 1 for a tender for nothing."""
        under = self.under.at(units)
        return self.over.at(units) / under if under else 1.0

    def difference(self, other: _Share, ahead: float, weight: float) -> tuple[float, float, float]:
        """Return the polynomial with the sign of: points ahead, and those for price by which it is ahead.

        Times what both shares are over; once where that is the same line.
        """
        if self.under == other.under:
            over = self.over.less(other.over).times(weight)
            return _plain(_Line(ahead * self.under.begin + over.begin, ahead * self.under.slope + over.slope))
        whole = _product(self.under.times(ahead), other.under)
        mine = _product(self.over.times(weight), other.under)
        theirs = _product(other.over.times(weight), self.under)
        constant, first, second = (a + b - c for a, b, c in zip(whole, mine, theirs, strict=True))
        return constant, first, second


def _plain(line: _Line) -> tuple[float, float, float]:
    return line.begin, line.slope, 0.0


def _product(one: _Line, other: _Line) -> tuple[float, float, float]:
    return (
        one.begin * other.begin,
        one.begin * other.slope + one.slope * other.begin,
        one.slope * other.slope,
    )


def _roots(constant: float, first: float, second: float) -> Iterator[float]:
    """Yield the real roots of a polynomial of the second degree or less; none where it is nought."""
    if second:
        inside = first * first - 4 * second * constant
        # Just below nought it may be a root that floating point missed.
        if inside >= -1e-9 * first * first:
            far = -(first + math.copysign(math.sqrt(max(inside, 0.0)), first)) / 2
            yield far / second
            if far:
                yield constant / far
    elif first:
        yield -constant / first
