"""From agreed marks and opened prices to the best bid for each lot: computed, never typed in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from analytics.assessment import sensitivity, totals
from analytics.assessment.prices import Schedule
from analytics.assessment.sensitivity import Reversal, Stretch, WeightRange
from analytics.assessment.totals import PRICE, Method, Outcome, Tender
from tenders.rules.content import Lot

# A bid without prices, where price has no weight.
FREE: Final = Schedule(0, ((0, 0),))


@dataclass(frozen=True, slots=True)
class Entry:
    """An opened bid as it is assessed: its marks by criterion, its prices by lot."""

    opened_id: UUID
    number: int
    lots: tuple[str, ...]
    prices: Mapping[str, Any]
    marks: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """How a lot comes out, and how firmly its best bid stands.

    Attributes:
        entries: the bids for this lot that were assessed, by number.
        prices: number of a bid → its whole price at each volume.
    """

    lot_id: str
    lot: Lot
    method: Method
    entries: Mapping[str, Entry]
    outcome: Outcome
    prices: Mapping[str, tuple[int, ...]]
    take_up: tuple[Stretch, ...]
    weights: tuple[WeightRange, ...]
    reversals: tuple[Reversal, ...]

    @property
    def best(self) -> Entry | None:
        """The most advantageous bid; None where there is none, or the method leaves a tie."""
        found = self.outcome.best
        return self.entries[found[0]] if len(found) == 1 else None


def come_out(lot_id: str, lot: Lot, method: Method, entries: Sequence[Entry]) -> LotOutcome:
    """Return how a lot comes out among the bids for it.

    Raises:
        ValueError: a mark is missing, or a price cannot be computed.
    """
    inside = {str(each.number): each for each in entries if lot_id in each.lots}
    tenders = [Tender(key, each.marks, _schedule(each, lot_id, lot)) for key, each in inside.items()]
    units = [volume.units for volume in method.volumes]
    return LotOutcome(
        lot_id=lot_id,
        lot=lot,
        method=method,
        entries=inside,
        outcome=totals.assess(method, tenders),
        prices={each.id: tuple(each.schedule.pence_at(at) for at in units) for each in tenders},
        take_up=sensitivity.over_take_up(method, tenders, max(1, min(units)), max(1, *units))
        if units and tenders
        else (),
        weights=sensitivity.over_weights(method, tenders),
        reversals=sensitivity.reversals(method, tenders),
    )


def _schedule(entry: Entry, lot_id: str, lot: Lot) -> Schedule:
    said = entry.prices.get(lot_id)
    if said is None:
        return FREE
    return Schedule(
        said["fixed_pence"], tuple((start, price) for start, price in said["tiers"]), lot.counting
    )


def as_kept(lots: Sequence[LotOutcome], out: Mapping[int, str]) -> dict[str, Any]:
    """Return what an assessment rests on and what came of it, so that anybody can compute it again.

    Args:
        lots: how each came out.
        out: number of a bid that was disregarded → why.
    """
    return {
        "form": 1,
        "disregarded": {str(number): why for number, why in sorted(out.items())},
        "lots": [
            {
                "lot": each.lot_id,
                "weights": {name: str(weight) for name, weight in each.method.weights.items()},
                "highest": {criterion.id: criterion.highest for criterion in each.method.criteria},
                "formula": each.method.formula.value,
                "reference_pence": each.method.reference_pence,
                "places": each.method.places,
                "volumes": [[volume.name, volume.units, volume.weight] for volume in each.method.volumes],
                "bids": {
                    key: {
                        "marks": {code: str(mark) for code, mark in entry.marks.items()},
                        "prices": entry.prices.get(each.lot_id),
                    }
                    for key, entry in each.entries.items()
                },
                "standings": [
                    {
                        "bid": standing.tender,
                        "compared_pence": standing.compared_pence,
                        "points": {code: str(points) for code, points in standing.points.items()},
                        "total": str(standing.total),
                        "failed": list(standing.failed),
                        "rank": standing.rank,
                    }
                    for standing in each.outcome.standings
                ],
                "best": list(each.outcome.best),
            }
            for each in lots
        ],
    }


def fingerprint(kept: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of an assessment: what approvers of an award approve."""
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


HEADINGS: Final = ("lot", "bid", "criterion", "mark", "points", "compared_pence", "total", "rank")


def as_rows(lots: Sequence[LotOutcome], titles: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Return every point of every bid as the rows of a file."""
    return [
        (
            each.lot.title,
            int(standing.tender),
            titles.get(code, "Price"),
            each.entries[standing.tender].marks.get(code, ""),
            points,
            standing.compared_pence if code == PRICE else "",
            standing.total,
            standing.rank,
        )
        for each in lots
        for standing in each.outcome.standings
        for code, points in standing.points.items()
    ]
