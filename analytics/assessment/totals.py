"""From scores and prices to the most advantageous tender.

The most advantageous tender satisfies the requirements and best satisfies the award criteria under the
published method (Procurement Act 2023, section 19(2)). Nothing here decides that: it is computed from what
was published and what assessors agreed on. Arithmetic is exact; only published totals are rounded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from analytics.assessment.prices import Formula, Schedule, Volume, compared_pence, price_shares

PRICE = "price"
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Criterion:
    """An award criterion on quality.

    Attributes:
        id: by which scores name it; not `PRICE`.
        weight: its percentage of the whole, e.g. 12.5.
        highest: the best mark; the worst is 0.
        least: a tender with a lower mark fails, where the method says so.
    """

    id: str
    weight: Decimal
    highest: int
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """How tenders are assessed, as published before any came.

    Attributes:
        criteria: on quality.
        price_weight: the percentage of the whole that price can earn; all weights come to 100.
        volumes: at which prices are compared.
        formula: how a price becomes points.
        reference_pence: see `Formula.BELOW_REFERENCE`.
        places: decimal places of published points, rounded half up.
        tie_break: criteria (or `PRICE`) that decide between equal totals, the first that differs.

    Raises:
        ValueError: weights do not come to 100, an id is there twice, or a part is missing.
    """

    criteria: tuple[Criterion, ...]
    price_weight: Decimal
    volumes: tuple[Volume, ...]
    formula: Formula = Formula.LOWEST_OVER_PRICE
    reference_pence: int | None = None
    places: int = 2
    tie_break: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a method by which nothing can be assessed."""
        weights = self.weights
        if len(weights) != len(self.criteria) + 1:
            raise ValueError("two criteria have the same id")
        if any(weight < 0 for weight in weights.values()) or sum(weights.values()) != WHOLE:
            raise ValueError(f"weights come to {sum(weights.values())}, not to {WHOLE}")
        if any(criterion.highest < 1 for criterion in self.criteria):
            raise ValueError("the best mark of a criterion is at least 1")
        if self.price_weight and not sum(volume.weight for volume in self.volumes):
            raise ValueError("prices are compared at one volume at least")
        if not set(self.tie_break) <= set(weights):
            raise ValueError("a tie is broken by a criterion of the method")

    @property
    def weights(self) -> dict[str, Decimal]:
        """Return the percentages of all criteria, price among them."""
        return {**{criterion.id: criterion.weight for criterion in self.criteria}, PRICE: self.price_weight}


@dataclass(frozen=True, slots=True)
class Tender:
    """What is assessed of a tender.

    Attributes:
        id: a number or letter while bidders are not named.
        marks: criterion → the mark that was agreed on.
        schedule: its prices.
    """

    id: str
    marks: Mapping[str, Decimal]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tender came out.

    Attributes:
        tender: whose.
        compared_pence: the price by which it was compared, rounded half up.
        points: criterion (and `PRICE`) → points, rounded as published.
        total: of the exact points, rounded as published; not the sum of rounded ones.
        failed: criteria whose least mark it did not reach; such a tender has no rank.
        rank: 1 is best; equal where the method tells nothing between tenders.
    """

    tender: str
    compared_pence: int
    points: dict[str, Decimal]
    total: Decimal
    failed: tuple[str, ...] = ()
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All tenders, best first; failed ones last.

    Attributes:
        standings: of all that were assessed.
        best: those of rank 1; several where the method left a tie.
    """

    standings: tuple[Standing, ...]
    best: tuple[str, ...]

    @property
    def order(self) -> dict[str, int]:
        """Return the ranks of those that have one."""
        return {each.tender: each.rank for each in self.standings if each.rank is not None}


def assess(method: Method, tenders: Sequence[Tender]) -> Outcome:
    """Return how tenders come out by a method.

    A relative formula holds prices against the lowest of those tenders that did not fail.

    Raises:
        ValueError: two tenders have the same id, or a mark is missing or out of its range.
    """
    _check(method, tenders)
    failed = {tender.id: failures(method, tender) for tender in tenders}
    counted = [tender for tender in tenders if not failed[tender.id]]
    shares = satisfied(method, counted)
    standings = [_standing(method, tender, shares[tender.id]) for tender in counted]
    ranked = _ranked(method, standings)
    out = [
        Standing(
            tender.id,
            _pence(compared_pence(tender.schedule, method.volumes)),
            {},
            Decimal(0),
            failed[tender.id],
        )
        for tender in tenders
        if failed[tender.id]
    ]
    return Outcome((*ranked, *out), tuple(each.tender for each in ranked if each.rank == 1))


def failures(method: Method, tender: Tender) -> tuple[str, ...]:
    """Return the criteria whose least mark a tender did not reach."""
    return tuple(
        criterion.id
        for criterion in method.criteria
        if criterion.least is not None and tender.marks[criterion.id] < criterion.least
    )


def satisfied(method: Method, tenders: Collection[Tender]) -> dict[str, dict[str, Fraction]]:
    """Return tender → criterion → how far it is satisfied, 0 to 1, unrounded; price among the criteria."""
    prices = price_shares(
        {tender.id: compared_pence(tender.schedule, method.volumes) for tender in tenders},
        method.formula,
        method.reference_pence,
    )
    return {
        tender.id: {
            **{
                criterion.id: Fraction(tender.marks[criterion.id]) / criterion.highest
                for criterion in method.criteria
            },
            PRICE: prices[tender.id],
        }
        for tender in tenders
    }


def total_of(shares: Mapping[str, Fraction], weights: Mapping[str, Decimal]) -> Fraction:
    """Return the exact total of a tender, in points of 100."""
    return sum((Fraction(weights[name]) * share for name, share in shares.items()), Fraction(0))


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half up, exactly."""
    scaled = value * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _check(method: Method, tenders: Sequence[Tender]) -> None:
    if len({tender.id for tender in tenders}) != len(tenders):
        raise ValueError("two tenders have the same id")
    for tender in tenders:
        for criterion in method.criteria:
            mark = tender.marks.get(criterion.id)
            if mark is None or not 0 <= mark <= criterion.highest:
                raise ValueError(f"{tender.id}: a mark from 0 to {criterion.highest} on {criterion.id}")


def _standing(method: Method, tender: Tender, shares: Mapping[str, Fraction]) -> Standing:
    weights = method.weights
    return Standing(
        tender.id,
        _pence(compared_pence(tender.schedule, method.volumes)),
        {name: rounded(Fraction(weights[name]) * share, method.places) for name, share in shares.items()},
        rounded(total_of(shares, weights), method.places),
    )


def _ranked(method: Method, standings: Sequence[Standing]) -> list[Standing]:
    """Rank by what is published: who reads the totals sees why one is first."""

    def key(each: Standing) -> tuple[Decimal, ...]:
        return (-each.total, *(-each.points[name] for name in method.tie_break))

    best_first = sorted(standings, key=lambda each: (*key(each), each.tender))
    ranks: dict[tuple[Decimal, ...], int] = {}
    for place, each in enumerate(best_first, start=1):
        ranks.setdefault(key(each), place)
    return [
        Standing(each.tender, each.compared_pence, each.points, each.total, each.failed, ranks[key(each)])
        for each in best_first
    ]


def _pence(value: Fraction) -> int:
    return int(rounded(value, 0))
