"""From entries to use: how many challenges and firms get how far, for how much, in how many days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Course:
    """How far a published challenge got.

    Attributes:
        entries: responses that counted, once the deadline has passed.
        selected: of them chosen for a pilot.
        piloted: pilots that were started.
        adopted: councils that took it on; `asked`: of them, those that said a year later whether it is in
            use; `in_use`: those that said it is.
        pilot_pence, yearly_pence: paid for pilots whose result is published; a year, by who took it on.
    """

    challenge_id: UUID
    title: str
    state: str
    published_at: datetime | None
    due_at: datetime | None
    entries: int
    selected: int
    piloted: int
    first_pilot_at: datetime | None
    pilot_pence: int
    published_pilot_at: datetime | None
    adopted: int
    asked: int
    in_use: int
    yearly_pence: int
    first_adopted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: how many, of how many challenges, and the median days from the step before."""

    key: str
    name: str
    count: int
    challenges: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """From which firms responses came, as the firms declare their size today.

    Counted are challenges whose deadline has passed, in its order, and always so many at once that four firms
    are in them: two counts, one taken from the other, tell nothing of a firm.

    Attributes:
        small: from small and medium-sized enterprises, micro ones among them.
        large: from others.
    """

    responses: int
    small: int
    large: int

    @property
    def words(self) -> str:
        """The counts in words, with how many could not be counted."""
        if not self.responses:
            return "Not told before four firms have responded to challenges that are closed"
        unsaid = self.responses - self.small - self.large
        return (
            f"{self.small:,} of {self.responses:,} from small and medium-sized firms, micro ones among them; "
            f"{self.large:,} from large ones; {unsaid:,} from firms that have not declared their size"
        )


STEPS: Final = ("entries", "selected", "piloted", "results", "adopted", "in_use")
_NAMES: Final = {
    "entries": "Responses from firms",
    "selected": "Chosen for a pilot",
    "piloted": "Pilots started",
    "results": "Challenges with a published result",
    "adopted": "Councils that took it on",
    "in_use": "Councils that still use it a year later",
}
_COUNTS: Final[dict[str, Callable[[Course], int]]] = {
    "entries": lambda each: each.entries,
    "selected": lambda each: each.selected,
    "piloted": lambda each: each.piloted,
    "results": lambda each: int(each.published_pilot_at is not None),
    "adopted": lambda each: each.adopted,
    "in_use": lambda each: each.in_use,
}
# Between which two moments the days of a step lie; steps that have no moment of their own have none.
_DAYS: Final[dict[str, Callable[[Course], tuple[datetime | None, datetime | None]]]] = {
    "entries": lambda each: (each.published_at, each.due_at if each.entries else None),
    "piloted": lambda each: (each.due_at, each.first_pilot_at),
    "results": lambda each: (each.first_pilot_at, each.published_pilot_at),
    "adopted": lambda each: (each.published_pilot_at, each.first_adopted_at),
}


def steps(courses: Sequence[Course]) -> list[Step]:
    """Return the funnel of some challenges."""
    return [
        Step(
            key,
            _NAMES[key],
            sum(_COUNTS[key](each) for each in courses),
            len(reached(courses, key)),
            _median(courses, key),
        )
        for key in STEPS
    ]


def reached(courses: Sequence[Course], key: str) -> list[Course]:
    """Return the challenges that a step counts."""
    return [each for each in courses if _COUNTS[key](each)]


def _median(courses: Sequence[Course], key: str) -> float | None:
    if key not in _DAYS:
        return None
    spans = [_DAYS[key](each) for each in courses]
    days = [max(0.0, (until - since).total_seconds() / 86_400) for since, until in spans if since and until]
    return float(median(days)) if days else None
