"""How well two needs go together, and why, in words."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from analytics.similarity import ranking
from analytics.similarity.nearest import agreeing, conflicting
from analytics.similarity.ranking import Features
from procurement.rules.conflicts import Conflict, agreements, conflicts, masks
from procurement.rules.needs import overlap
from spend.rules.categories import taxonomy
from values.actors import Actor, Role

# From which cosine on what is said of two texts; a judgement, looked at on notices of councils.
LIKENESS: Final = (
    (0.8, "The texts are very much alike"),
    (0.55, "The texts are much alike"),
    (0.3, "The texts are partly alike"),
    (-1.0, "The texts have little in common"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two needs, as far as matching looks at it.

    Attributes:
        lines: what is required; see `conflicts.lines_of`.
    """

    category: str
    region: str | None
    earliest_start_on: date | None
    latest_start_on: date | None
    volume: int | None
    unit: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why two needs go together, and which lines may not."""

    words: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@functools.cache
def groups() -> dict[str, str]:
    """Return category → group of the taxonomy."""
    return {each.code: each.group for each in taxonomy().categories}


def features(own: Side, others: Sequence[Side], cosines: Sequence[float]) -> Features:
    """Return the features of a need with each of some others, as arrays of their number."""
    same = np.array([own.category == other.category for other in others], bool)
    sibling = [groups().get(own.category) == groups().get(other.category) for other in others]
    topics = [_topics(other.lines) for other in others]
    wants, refuses = _topics(own.lines)
    other_wants = np.array([each[0] for each in topics]).reshape(len(others), len(wants))
    other_refuses = np.array([each[1] for each in topics]).reshape(len(others), len(wants))
    return Features(
        text=np.clip(np.array(cosines, np.float64), 0, 1),
        window=ranking.window_share(np.array([_days(own, other) for other in others], np.float64)),
        same_category=same.astype(np.float64),
        sibling_category=(~same & np.array(sibling, bool)).astype(np.float64),
        volume=ranking.volume_share(
            _volume(own),
            np.array([_volume(other) for other in others], np.float64),
            np.array([own.unit == other.unit and own.unit != "" for other in others], bool),
        ),
        same_region=np.array(
            [own.region is not None and own.region == other.region for other in others], float
        ),
        conflicts=ranking.topic_share(conflicting(wants, refuses, other_wants, other_refuses).sum(axis=1)),
        agreements=ranking.topic_share(agreeing(wants, other_wants).sum(axis=1)),
    )


def of_one(columns: Features, place: int) -> tuple[float, ...]:
    """Return the features of one pair out of the arrays of many, for a label."""
    return tuple(float(column[place]) for column in columns)


def reasons(own: Side, other: Side, cosine: float) -> Reasons:
    """Say why two needs go together, the strongest reason first, and which lines to look at."""
    found = conflicts(own.lines, other.lines)
    said = [
        "Same category" if own.category == other.category else "Another category of the same group",
        likeness(cosine),
        _window_words(own, other),
        _volume_words(own, other),
        "Both councils lie in one region" if own.region and own.region == other.region else "",
        *(f"Both ask the same on {topic}" for topic in agreements(own.lines, other.lines)),
    ]
    return Reasons(tuple(words for words in said if words), tuple(found))


def likeness(cosine: float) -> str:
    """Say in words how alike two texts are."""
    return next(words for least, words in LIKENESS if cosine >= least)


def ordered(first: Any, second: Any) -> tuple[Any, Any]:
    """Return two ids as a label keeps them: the lower first."""
    return (first, second) if first < second else (second, first)


def may_label(actor: Actor, own_code: str | None, bodies: tuple[str, str]) -> bool:
    """Tell whether an actor may say that two needs are not alike: people of either council."""
    return actor.has(Role.OFFICER, Role.APPROVER) and own_code in bodies


def _topics(lines: tuple[str, ...]) -> tuple[Any, Any]:
    wants, refuses = masks(lines)
    return np.frombuffer(wants, np.uint8), np.frombuffer(refuses, np.uint8)


def _window(side: Side) -> tuple[date, date] | None:
    early, late = side.earliest_start_on, side.latest_start_on
    return (early, late) if early and late else None


def _days(own: Side, other: Side) -> int:
    first, second = _window(own), _window(other)
    shared = overlap(first, second) if first and second else None
    return (shared[1] - shared[0]).days + 1 if shared else 0


def _volume(side: Side) -> float:
    return float("nan") if side.volume is None else float(side.volume)


def _window_words(own: Side, other: Side) -> str:
    first, second = _window(own), _window(other)
    if not first or not second:
        return ""
    shared = overlap(first, second)
    if shared is None:
        apart = (max(first[0], second[0]) - min(first[1], second[1])).days
        return f"The windows do not meet: {_length(apart)} lie between them"
    return f"Both could start from {_day(shared[0])} to {_day(shared[1])}"


def _length(days: int) -> str:
    months = round(days / ranking.DAYS_A_MONTH)
    return f"{days} days" if months < 2 else f"about {months} months"


def _volume_words(own: Side, other: Side) -> str:
    if own.volume is None or other.volume is None or not own.unit or own.unit != other.unit:
        return ""
    low, high = sorted((own.volume, other.volume))
    if low <= 0:
        return ""
    if high < 2 * low:
        return "Volumes of the same size"
    times = round(high / low)
    return f"The other volume is about {times:,} times {'larger' if other.volume > own.volume else 'smaller'}"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
