"""What is proposed to whom, and why, in words. It never hides: whatever is not proposed stays in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from analytics.similarity.proposing import Offered, Proposal, ranked
from procurement.rules.matching import groups
from spend.rules.categories import taxonomy
from values.refusals import Refused

MOST_PROPOSED: Final = 5
MOST_CATEGORIES: Final = 3
LONGEST_OFFER: Final = 2_000


@dataclass(frozen=True, slots=True)
class Thing:
    """A challenge or a firm, as it is proposed: its text, and the categories that it is about."""

    id: UUID
    text: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A thing, whether it is worth a look, and why."""

    id: UUID
    worth_a_look: bool
    reason: str


def proposed(asked: Thing, things: Sequence[Thing]) -> list[Proposed]:
    """Return all things, the best fit first."""
    found = ranked(
        Offered(_said(asked), asked.categories),
        [Offered(_said(each), each.categories) for each in things],
        groups(),
    )
    return [
        Proposed(things[each.index].id, each.worth_a_look, _reason(each, asked, things[each.index]))
        for each in found
    ]


def _said(thing: Thing) -> str:
    """Return a text without the mark of what is invented, which is no word in common."""
    return thing.text.replace("(invented)", "")


def _reason(each: Proposal, asked: Thing, thing: Thing) -> str:
    parts = []
    if each.category == "same":
        names = sorted(taxonomy().named(code) for code in asked.categories & thing.categories)
        parts.append(f"same category ({', '.join(names)})")
    elif each.category == "sibling":
        parts.append("a category of the same group")
    if each.shared:
        parts.append(f"words in common: {', '.join(each.shared)}")
    return "; ".join(parts) or "nothing in common that we found"


def check_offer(words: str, categories: Sequence[str]) -> None:
    """Refuse an offer that says nothing, too much, or too many categories.

    Raises:
        Refused: points at the field.
    """
    if not words.strip():
        raise Refused("Say what your firm does.", "words")
    if len(words) > LONGEST_OFFER:
        raise Refused(f"Say it in {LONGEST_OFFER:,} characters or less.", "words")
    if len(set(categories)) > MOST_CATEGORIES:
        raise Refused(f"Choose at most {MOST_CATEGORIES} categories.", "categories")
