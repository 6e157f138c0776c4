"""The phases of judging: which there are, who goes on by rank, and what a decision must say."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from challenges.rules.content import Criterion
from sourcing.rules.scores import WantedQuestion
from values.refusals import Refused

# The scale of each criterion, in words that judges and firms read.
HIGHEST: Final = 5
SCALE: Final = (
    "0: says nothing about it",
    "1: weak",
    "2: in part",
    "3: good",
    "4: very good",
    "5: as good as can be",
)
MOST_PLACES: Final = 100
# What the panel of a phase is kept under, and the trail names.
SUBJECT_KIND: Final = "challenge-phase"


class PhaseKind(enum.StrEnum):
    """A phase; they follow each other in this order, and the last is never left out."""

    SHORTLIST = "shortlist"
    SHOWCASE = "showcase"
    PILOT = "pilot"


PHASE_WORDS: Final[Mapping[PhaseKind, str]] = {
    PhaseKind.SHORTLIST: "Short-list",
    PhaseKind.SHOWCASE: "Showcase",
    PhaseKind.PILOT: "Pilot",
}
# What a phase goes by, and what those who go on from it are.
PHASE_MEANS: Final[Mapping[PhaseKind, str]] = {
    PhaseKind.SHORTLIST: "Judged on the written responses. Those chosen go on",
    PhaseKind.SHOWCASE: "Judged on the day, by what firms show. Those chosen go on",
    PhaseKind.PILOT: "The last choice. Those chosen are paid to try",
}
CHOSEN_WORDS: Final[Mapping[PhaseKind, str]] = {
    PhaseKind.SHORTLIST: "short-listed",
    PhaseKind.SHOWCASE: "chosen after the showcase",
    PhaseKind.PILOT: "chosen for a pilot",
}
ORDER: Final = tuple(PhaseKind)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A response as the panel judged it; one that was taken out has neither rank nor total.

    Attributes:
        total: of 100.
        out_reason: why it is no longer judged.
    """

    response_id: UUID
    candidate_id: UUID
    code: str
    rank: int | None
    total: Decimal | None
    out_reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the lead decides for one response.

    Attributes:
        reason: what its firm reads.
        departure: why, where it goes on or not against its rank.
    """

    goes_on: bool
    reason: str
    departure: str = ""


def check_phases(wanted: Mapping[PhaseKind, int]) -> None:
    """Refuse phases without a pilot, or with places that do not get fewer.

    Raises:
        Refused: points at the phase.
    """
    if PhaseKind.PILOT not in wanted:
        raise Refused("Say how many can be chosen for a pilot.", "pilot")
    before: tuple[PhaseKind, int] | None = None
    for kind in ORDER:
        places = wanted.get(kind)
        if places is None:
            continue
        if not 1 <= places <= MOST_PLACES:
            raise Refused(f"Enter places from 1 to {MOST_PLACES}.", kind.value)
        if before and places > before[1]:
            raise Refused(
                f"No more can go on from “{PHASE_WORDS[kind]}” than from “{PHASE_WORDS[before[0]]}”.",
                kind.value,
            )
        before = kind, places


def questions(criteria: Sequence[Criterion]) -> list[WantedQuestion]:
    """Return the criteria of a statement as its panel scores them."""
    return [
        WantedQuestion(str(position), each.title, HIGHEST) for position, each in enumerate(criteria, start=1)
    ]


def by_rank(ranked: Sequence[Ranked], places: int) -> frozenset[UUID]:
    """Return who goes on by rank: as many as there are places, and of equals at the edge none.

    Who of equals goes on is for people to say, with a reason.
    """
    totals = [each.total for each in ranked if each.total is not None]
    return frozenset(
        each.response_id
        for each in ranked
        if each.total is not None and sum(other >= each.total for other in totals) <= places
    )


def check_choices(ranked: Sequence[Ranked], places: int, choices: Mapping[UUID, Choice]) -> None:
    """Refuse a decision that leaves somebody out, gives no reason, or departs from the rank without one.

    Raises:
        Refused: points at the response by its code.
    """
    proposed = by_rank(ranked, places)
    for each in ranked:
        choice = choices.get(each.response_id)
        if choice is None or not choice.reason.strip():
            raise Refused(f"Give response {each.code} a reason: its firm reads it.", f"reason_{each.code}")
        if choice.goes_on and each.rank is None:
            raise Refused(f"Response {each.code} is not judged any more.", f"goes_on_{each.code}")
        if choice.goes_on != (each.response_id in proposed) and not choice.departure.strip():
            raise Refused(
                f"Say why response {each.code} {'goes' if choice.goes_on else 'does not go'} on against its "
                "rank.",
                f"departure_{each.code}",
            )
