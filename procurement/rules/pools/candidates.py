"""Which open needs the search for pools can take, and as what; the reason in words for those it cannot.

The window of a need is the one that its council told others: where the need was proposed from a contract it
already holds the contract's end and one extension not yet taken, and what else the contract says stays with
the council.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from analytics.pooling.needs import UNIT_PENCE, Model, Need
from procurement.rules.pools.reach import is_national
from procurement.rules.proposals import add_months

MODEL: Final = Model()
NO_CATEGORY: Final = "no category"
NO_VALUE: Final = "no estimated value"
NO_WINDOW: Final = "no earliest and latest start"
PASSED: Final = "the latest start has passed"
TOO_LARGE: Final = "larger than a pool may be, so that small firms are not shut out"
IN_A_POOL: Final = "in a pool already"
OUT: Final = "kept out by a wish"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open need as councils tell each other; `pooled`: it is in a pool that is alive."""

    id: UUID
    title: str
    body_code: str
    body_name: str
    region_code: str | None
    category: str
    value_pence: int | None
    earliest_start_on: date | None
    latest_start_on: date | None
    demonstration: bool
    pooled: bool

    @property
    def told(self) -> str:
        """The need in a sentence."""
        return f"“{self.title}” ({self.body_name})"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the search is given.

    Attributes:
        needs: as the engine reads them.
        by_id: the candidates behind them, by the engine's id.
        left_out: why each of the others is not among them.
    """

    needs: tuple[Need, ...]
    by_id: Mapping[str, Candidate]
    left_out: Mapping[UUID, str]

    @property
    def left_counts(self) -> dict[str, int]:
        """How many were left out for each reason."""
        return dict(Counter(self.left_out.values()))


def units(value_pence: int) -> int:
    """Return a value in the search's steps of £10,000, at least one."""
    return max(1, (value_pence + UNIT_PENCE // 2) // UNIT_PENCE)


def month_of(day: date) -> int:
    """Return a day's month, counted from year 0, so that it means the same in every run."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """Return the first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_of(month: int) -> date:
    """Return the last day of a month."""
    return date.fromordinal(add_months(first_of(month), 1).toordinal() - 1)


def why_not(candidate: Candidate, today: date, model: Model = MODEL) -> str | None:
    """Return why the search cannot take a need, in words, or None."""
    value, first, last = candidate.value_pence, candidate.earliest_start_on, candidate.latest_start_on
    cap = model.cap(national=is_national(candidate.category))
    checks = (
        (NO_CATEGORY, not candidate.category),
        (NO_VALUE, value is None),
        (NO_WINDOW, first is None or last is None),
        (PASSED, last is not None and last < today),
        (IN_A_POOL, candidate.pooled),
        (TOO_LARGE, value is not None and units(value) > cap),
    )
    return next((why for why, holds in checks if holds), None)


def taken(candidates: Iterable[Candidate], today: date, model: Model = MODEL) -> Taken:
    """Return what the search is given, in the order of ids, so that no answer hangs on that of the rows."""
    needs: list[Need] = []
    by_id: dict[str, Candidate] = {}
    left: dict[UUID, str] = {}
    for candidate in sorted(candidates, key=lambda each: each.id):
        if why := why_not(candidate, today, model):
            left[candidate.id] = why
            continue
        need = _need(candidate)
        needs.append(need)
        by_id[need.id] = candidate
    return Taken(tuple(needs), by_id, left)


def _need(candidate: Candidate) -> Need:
    assert candidate.value_pence is not None
    assert candidate.earliest_start_on is not None
    assert candidate.latest_start_on is not None
    return Need(
        id=str(candidate.id),
        council=candidate.body_code,
        region=candidate.region_code or "",
        category=candidate.category,
        national=is_national(candidate.category),
        value=units(candidate.value_pence),
        first_month=month_of(candidate.earliest_start_on),
        last_month=month_of(candidate.latest_start_on),
    )


def market(needs: Sequence[Need], need: Need) -> list[Need]:
    """Return the needs that could meet one in a pool: of its category, and region where that is regional."""
    return [other for other in needs if other.market == need.market]
