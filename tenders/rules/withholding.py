"""What a summary says in place of a text that is withheld, and where that text stands."""

from __future__ import annotations

import copy
import enum
from collections.abc import Mapping, Sequence
from typing import Any, Final


class Ground(enum.StrEnum):
    """On which ground section 94 lets information be withheld."""

    SECURITY = "security"
    COMMERCIAL = "commercial"


GROUND_WORDS: Final[Mapping[Ground, str]] = {
    Ground.SECURITY: "National security (section 94(1))",
    Ground.COMMERCIAL: "Sensitive commercial information, and an overriding public interest in withholding "
    "it (section 94(2))",
}


def instead(ground: Ground) -> str:
    """Return what stands in place of the text: that it is withheld, and on which ground."""
    return f"Withheld: {GROUND_WORDS[ground]}"


def replaced(content: Mapping[str, Any], lot: str, criterion: str, words: str) -> tuple[dict[str, Any], str]:
    """Return a summary without why the winner got its mark for a criterion, and the text that stood there.

    The bidder's own marks and reasons are never withheld from it.
    """
    made, found = copy.deepcopy(dict(content)), ""
    for each in made["lots"]:
        for score in each["winning"] if each["lot"] == lot else ():
            if score["title"] == criterion and score["reason"] and not is_withheld(score["reason"]):
                found, score["reason"] = score["reason"], words
    return made, found


def offered(summaries: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return lot and criterion of the texts that summaries tell of winning bids, without doubles."""
    return sorted(
        {
            (each["lot"], score["title"])
            for content in summaries
            for each in content["lots"]
            for score in each["winning"]
            if score["mark"] and score["reason"] and not is_withheld(score["reason"])
        }
    )


def is_withheld(text: str) -> bool:
    """Tell whether a text is what stands in place of another."""
    return any(text == instead(ground) for ground in Ground)
