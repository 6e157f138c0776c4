"""What somebody looks for among challenges, and the one way to write it down as a query of an address."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final
from urllib.parse import parse_qsl

from challenges.rules.states import ChallengeState
from sourcing.rules import links
from sourcing.rules.links import Linked
from values.money import format_pence, to_pence

MOST_CHARACTERS: Final = 200


class Standing(enum.StrEnum):
    """How a challenge stands for whoever might answer it or learn from it."""

    OPEN = "open"
    CLOSED = "closed"
    TRIED = "tried"
    OVER = "over"
    STATEMENT = "statement"


STANDING_WORDS: Final[Mapping[Standing, str]] = {
    Standing.OPEN: "Open for responses",
    Standing.CLOSED: "Closed, being judged",
    Standing.TRIED: "Judged, tried or decided",
    Standing.OVER: "Withdrawn or ended",
    Standing.STATEMENT: "Statement being written",
}
# An open one is open until its last moment, and closed after it; the query looks at the clock.
STATES_OF: Final[Mapping[Standing, tuple[ChallengeState, ...]]] = {
    Standing.TRIED: (
        ChallengeState.JUDGED,
        ChallengeState.PILOT,
        ChallengeState.MEASURED,
        ChallengeState.DECISION,
        ChallengeState.ROUTE,
    ),
    Standing.OVER: (ChallengeState.WITHDRAWN, ChallengeState.ENDED),
    Standing.STATEMENT: (ChallengeState.STATEMENT,),
}


@dataclass(frozen=True, slots=True)
class ChallengeFilter(Linked):
    """Which challenges are looked for; what is empty leaves all.

    Attributes:
        words: as people type them: all of them, "exact words" in quotes, -without.
        budget_from_pence, budget_to_pence: of the pilot, with VAT.
        due_from, due_to: London days of the last moment for responses.
        own: the council whose challenges are wanted.
    """

    names: ClassVar[Mapping[str, str]] = {
        "q": "words",
        "category": "category",
        "region": "region",
        "budget_from": "budget_from_pence",
        "budget_to": "budget_to_pence",
        "due_from": "due_from",
        "due_to": "due_to",
        "state": "state",
        "whose": "own",
    }

    words: str = ""
    category: str = ""
    region: str = ""
    budget_from_pence: int | None = None
    budget_to_pence: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    state: str = ""
    own: str = ""


def states_offered(*, inside: bool) -> dict[str, str]:
    """Return the states that somebody can ask for, in words; statements only for people of councils."""
    offered = [each for each in Standing if inside or each is not Standing.STATEMENT]
    return {each.value: STANDING_WORDS[each] for each in offered}


def state_asked(text: str) -> str:
    """Return the standing that a query asks for; one that there is not asks for all."""
    return text if text in tuple(Standing) else ""


def read(query: str) -> ChallengeFilter:
    """Return what a query of `Linked.query` asks for; what it does not know is left out."""
    said = dict(parse_qsl(query))
    return ChallengeFilter(
        words=said.get("q", ""),
        category=said.get("category", ""),
        region=said.get("region", ""),
        budget_from_pence=to_pence(said["budget_from"]) if "budget_from" in said else None,
        budget_to_pence=to_pence(said["budget_to"]) if "budget_to" in said else None,
        due_from=date.fromisoformat(said["due_from"]) if "due_from" in said else None,
        due_to=date.fromisoformat(said["due_to"]) if "due_to" in said else None,
        state=state_asked(said.get("state", "")),
        own=said.get("whose", ""),
    )


def lasting(wanted: ChallengeFilter) -> ChallengeFilter:
    """Return what a saved search looks for: new challenges of everybody are open, whatever was asked for."""
    return replace(wanted, state="", own="")


def said(wanted: ChallengeFilter, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is asked for, each as a name of the query and in words.

    Args:
        wanted: what is asked for.
        names: of categories and regions, by their codes.
    """
    words = {
        "q": f"the words “{wanted.words}”",
        "category": f"the category “{names.get(wanted.category, wanted.category)}”",
        "region": f"a pilot in {names.get(wanted.region, wanted.region)} or anywhere",
        "budget_from": f"a budget of at least {format_pence(wanted.budget_from_pence or 0)}",
        "budget_to": f"a budget of at most {format_pence(wanted.budget_to_pence or 0)}",
        "due_from": f"responses due on or after {links.day(wanted.due_from)}",
        "due_to": f"responses due on or before {links.day(wanted.due_to)}",
        "state": f"the state “{states_offered(inside=True).get(wanted.state, '')}”",
        "whose": "challenges that your council sponsors",
    }
    asked = dict(wanted.asked())
    return [(name, text) for name, text in words.items() if name in asked]
