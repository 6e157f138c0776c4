"""What a statement says, as one value, with the fingerprint that approvals are given to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sourcing.rules import challenge_routes
from sourcing.rules.challenge_routes import ChallengeRoute
from sourcing.rules.law import Law, Notice

# The texts of a statement, in the order in which people read them.
TEXTS: Final = (
    "problem",
    "people",
    "tried",
    "outcomes",
    "interfaces",
    "constraints",
    "after_success",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a response: what is asked, and in how many words at most."""

    title: str
    asks: str
    most_words: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """By what responses are judged; the weights of all sum to 100."""

    title: str
    description: str
    weight: int


@dataclass(frozen=True, slots=True)
class PhasePlaces:
    """A phase of judging, and how many go on from it; each is judged by all criteria."""

    kind: str
    places: int


@dataclass(frozen=True, slots=True)
class Content:
    """A statement.

    Attributes:
        people: who has the problem, and how many.
        budget_gross_pence: for a pilot, with VAT.
        later_gross_pence: what may follow under the same procurement, with VAT.
        anonymous: who responds is hidden at the first read.
        route: the code of the legal route.
        phases: of judging, in their order.
        publish_on: the day whose law counts for what is not published yet.
    """

    title: str
    problem: str
    people: str
    tried: str
    outcomes: str
    interfaces: str
    constraints: str
    after_success: str
    category: str
    region_code: str
    budget_gross_pence: int | None
    later_gross_pence: int | None
    route: str
    route_reason: str
    questions_until: datetime | None
    responses_due_at: datetime | None
    showcase_on: date | None
    showcase_where: str
    decision_on: date | None
    pilot_from_on: date | None
    pilot_until_on: date | None
    anonymous: bool
    sections: Sequence[Section]
    criteria: Sequence[Criterion]
    phases: Sequence[PhasePlaces] = ()

    @property
    def most_words(self) -> int:
        """How many words a response has at most."""
        return sum(each.most_words for each in self.sections)

    @property
    def gross_pence(self) -> int:
        """The value that thresholds count: the pilot, and what may follow it under the same procurement."""
        return (self.budget_gross_pence or 0) + (self.later_gross_pence or 0)

    @property
    def lawful(self) -> ChallengeRoute | None:
        """The route, as the tables of the law have it."""
        return challenge_routes.route(self.route)

    def first_notice(self, law: Law, on: date) -> str:
        """Return the notice that must be out before the statement is, or nothing."""
        if self.lawful is None:
            return ""
        return challenge_routes.first_notice(law, self.lawful, value_gross_pence=self.gross_pence, on=on)

    def notices(self, law: Law, on: date) -> list[Notice]:
        """Return the notices that the route calls for."""
        if self.lawful is None:
            return []
        return challenge_routes.notices(law, self.lawful, value_gross_pence=self.gross_pence, on=on)


def fingerprint(content: Content) -> bytes:
    """Return the SHA-256 of all that a statement says, in one spelling.

    One without phases has the hash that it had when these were no part of it: approvals given then stand.
    """
    said = asdict(content)
    if not content.phases:
        del said["phases"]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> str:
    if isinstance(value, date | Decimal):
        return value.isoformat() if isinstance(value, date) else str(value)
    raise TypeError(type(value).__name__)


# What a new challenge begins with: an afternoon's work for a firm that has a record, half an hour in all.
FIRST_SECTIONS: Final = (
    Section("What you would do", "Your idea in plain words. What would people notice?", 110),
    Section("How it reaches the outcomes", "Say for each outcome how we could see it.", 90),
    Section("What you need from us", "Staff time, data, access, places.", 50),
    Section("Why you", "Something like it that you did, or what you know.", 50),
)
FIRST_CRITERIA: Final = (
    Criterion("Reaches the outcomes", "How likely it is that the outcomes are reached in the pilot", 50),
    Criterion("Fits people’s work", "How well it fits those who would use it, and what it asks of them", 30),
    Criterion("Can be tried at this price", "Whether the pilot can be done in the time and for the sum", 20),
)
# One choice, of one firm: a lead that wants a short-list or a showcase adds them.
FIRST_PHASES: Final = (PhasePlaces("pilot", 1),)
