"""Ends of a contract: by time, by performance, by agreement, by breach, by the Act, by a court."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenders.rules.contracts.life import Ending, Life
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which a contract ends; `part`: a part of it can end so."""

    words: str
    part: bool
    source: str


# Section 80(3) counts each of these as an end; the words are ours. What an implied term lets a buyer do
# stands in section 78.
KINDS: Final[Mapping[str, Kind]] = {
    "expired": Kind("Its term ran out", part=False, source="section 80(3)"),
    "performed": Kind("All of it was performed", part=False, source="section 80(3)"),
    "agreed": Kind("Both sides agreed to end it", part=True, source="section 80(3)"),
    "breach": Kind("A side ended it for a breach", part=True, source="sections 71(5) and 80(3)"),
    "implied": Kind(
        "The council ended it under the term that the Act implies: the supplier has become excluded or "
        "excludable, or an unlawful change was needed",
        part=True,
        source="section 78",
    ),
    "other-term": Kind("A side ended it under another of its terms", part=True, source="section 80(3)"),
    "set-aside": Kind("A court set it aside or it was rescinded", part=True, source="section 80(3)"),
}


def check(life: Life, ending: Ending, today: date) -> None:
    """Refuse an end that cannot be, or before which something is to be settled.

    Raises:
        Refused: with what is in the way.
    """
    kind = KINDS.get(ending.kind)
    if kind is None:
        raise Refused("Choose how it ended", "kind")
    if life.ended:
        raise Refused("The contract has ended already.")
    if not ending.whole and not kind.part:
        raise Refused("A contract runs out or is performed as a whole", "whole")
    if ending.ended_on > today:
        raise Refused("The day cannot be in the future: record it once the contract has ended", "ended_on")
    if ending.ended_on < life.facts.signed_on:
        raise Refused("The contract was not signed by that day", "ended_on")
    if ending.kind == "expired" and life.ends_on and ending.ended_on < life.ends_on:
        raise Refused(f"Its term runs to {life.ends_on:%-d %B %Y}. Choose how it ended before", "ended_on")
    if ending.whole and life.waiting:
        raise Refused(f"Change {life.waiting.number} is not made yet. Make it or withdraw it first.")
