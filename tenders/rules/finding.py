"""What somebody looks for among tenders, and the one way to write it down as a query of an address."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final
from urllib.parse import parse_qsl

from sourcing.rules import links
from sourcing.rules.links import Linked
from tenders.rules.states import CHANGEABLE, TenderState
from values.money import format_pence, to_pence

MOST_CHARACTERS: Final = 200


class Standing(enum.StrEnum):
    """How a published tender stands for whoever might answer it."""

    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"
    TERMINATED = "terminated"


STANDING_WORDS: Final[Mapping[Standing, str]] = {
    Standing.OPEN: "Open for tenders",
    Standing.CLOSED: "Closed, not awarded yet",
    Standing.AWARDED: "Awarded",
    Standing.TERMINATED: "Terminated",
}
# A published one is open until its last moment, and closed after it; the query looks at the clock.
STATES_OF: Final[Mapping[Standing, tuple[TenderState, ...]]] = {
    Standing.OPEN: (TenderState.PUBLISHED,),
    Standing.CLOSED: (TenderState.CLOSED, TenderState.OPENED, TenderState.ASSESSED),
    Standing.AWARDED: (TenderState.AWARDED, TenderState.STANDSTILL, TenderState.CONTRACTS),
    Standing.TERMINATED: (TenderState.TERMINATED,),
}


@dataclass(frozen=True, slots=True)
class TenderFilter(Linked):
    """Which tenders are looked for; what is empty leaves all.

    Attributes:
        words: as people type them: all of them, "exact words" in quotes, -without.
        value_from_pence, value_to_pence: of the estimated value with VAT, options and extensions.
        due_from, due_to: London days of the last moment for tenders.
        state: a `Standing`, or a state before publication, which only the buyers see anything of.
        small_firms: only where a lot is said to suit small and medium-sized or voluntary suppliers.
        own: the council whose tenders are wanted.
    """

    names: ClassVar[Mapping[str, str]] = {
        "q": "words",
        "category": "category",
        "region": "region",
        "value_from": "value_from_pence",
        "value_to": "value_to_pence",
        "due_from": "due_from",
        "due_to": "due_to",
        "state": "state",
        "small": "small_firms",
        "whose": "own",
    }

    words: str = ""
    category: str = ""
    region: str = ""
    value_from_pence: int | None = None
    value_to_pence: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    state: str = ""
    small_firms: bool = False
    own: str = ""


def states_offered(*, inside: bool) -> dict[str, str]:
    """Return the states that somebody can ask for, in words; drafts only for people of councils."""
    drafts = [TenderState.DRAFT, TenderState.IN_APPROVAL, TenderState.APPROVED] if inside else []
    words = {each.value: STANDING_WORDS[each] for each in Standing}
    return words | {each.value: each.value.replace("_", " ").capitalize() for each in drafts}


def state_asked(text: str) -> str:
    """Return the state that a query asks for; a state of the table of states leads to how it stands."""
    for standing, states in STATES_OF.items():
        if text == standing or text in states:
            return standing.value
    return text if text in CHANGEABLE else ""


def read(query: str) -> TenderFilter:
    """Return what a query of `Linked.query` asks for; what it does not know is left out."""
    said = dict(parse_qsl(query))
    return TenderFilter(
        words=said.get("q", ""),
        category=said.get("category", ""),
        region=said.get("region", ""),
        value_from_pence=to_pence(said["value_from"]) if "value_from" in said else None,
        value_to_pence=to_pence(said["value_to"]) if "value_to" in said else None,
        due_from=date.fromisoformat(said["due_from"]) if "due_from" in said else None,
        due_to=date.fromisoformat(said["due_to"]) if "due_to" in said else None,
        state=state_asked(said.get("state", "")),
        small_firms=said.get("small") == "yes",
        own=said.get("whose", ""),
    )


def lasting(wanted: TenderFilter) -> TenderFilter:
    """Return what a saved search looks for: new tenders of everybody are open, whatever was asked for."""
    return replace(wanted, state="", own="")


def said(wanted: TenderFilter, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is asked for, each as a name of the query and in words.

    Args:
        wanted: what is asked for.
        names: of categories and regions, by their codes.
    """
    words = {
        "q": f"the words “{wanted.words}”",
        "category": f"the category “{names.get(wanted.category, wanted.category)}”",
        "region": f"buyers in {names.get(wanted.region, wanted.region)}",
        "value_from": f"at least {format_pence(wanted.value_from_pence or 0)} with VAT",
        "value_to": f"at most {format_pence(wanted.value_to_pence or 0)} with VAT",
        "due_from": f"tenders due on or after {links.day(wanted.due_from)}",
        "due_to": f"tenders due on or before {links.day(wanted.due_to)}",
        "state": f"the state “{states_offered(inside=True).get(wanted.state, '')}”",
        "small": "suitable for small firms or voluntary bodies",
        "whose": "tenders that your council is in",
    }
    asked = dict(wanted.asked())
    return [(name, text) for name, text in words.items() if name in asked]
