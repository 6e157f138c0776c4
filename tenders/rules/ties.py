"""What breaks a tie of the published method: the rule that the tender published, and at last a lot.

A rule is published with the tender and computed from the points of the assessment; what it leaves is drawn by
lot, by two people and the database, and recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from analytics.assessment.totals import PRICE

TIE_WORDS: Final[Mapping[str, str]] = {
    "quality": "More points for quality in all; then more points for the award criterion with the most "
    "weight, then the next; at last a lot drawn by two people",
    "heaviest": "More points for the award criterion with the most weight, then the next; at last a lot "
    "drawn by two people",
    "lot": "A lot drawn by two people",
}
NO_RULE: Final = "The tender published no rule that breaks a tie"


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie in a lot.

    Attributes:
        tied: the bids that the method leaves best, by number.
        left: those that the published rule leaves: one where it breaks the tie.
        by: what broke it, or as far as the rule got, in words.
    """

    lot: str
    tied: tuple[str, ...]
    left: tuple[str, ...]
    rule: str
    by: str

    @property
    def needs_draw(self) -> bool:
        """Whether a lot decides between what the rule leaves."""
        return len(self.left) > 1 and bool(self.rule)


def ties(kept: Mapping[str, Any], rule: str, titles: Mapping[str, str]) -> list[Tie]:
    """Return the ties of an assessment, each as far as the published rule breaks it."""
    return [_broken(lot, rule, titles) for lot in kept["lots"] if len(lot["best"]) > 1]


def winners(kept: Mapping[str, Any], found: Sequence[Tie], drawn: Mapping[str, str]) -> dict[str, str]:
    """Return lot → number of the bid that is best, by method, rule or lot; a lot without one is left out."""
    settled = {lot["lot"]: lot["best"][0] for lot in kept["lots"] if len(lot["best"]) == 1}
    for tie in found:
        if len(tie.left) == 1:
            settled[tie.lot] = tie.left[0]
        elif drawn.get(tie.lot) in tie.left:
            settled[tie.lot] = drawn[tie.lot]
    return settled


def drawn_from(candidates: Sequence[str], seed: bytes, sha256: bytes) -> str:
    """Return which of the candidates a draw gave: anybody computes it again from what is recorded."""
    place = int.from_bytes(hashlib.sha256(seed + sha256).digest()[:4])
    return candidates[place % len(candidates)]


def _broken(lot: Mapping[str, Any], rule: str, titles: Mapping[str, str]) -> Tie:
    tied = tuple(lot["best"])
    left, by = tied, NO_RULE if not rule else "The rule leaves them equal"
    for name, points in _steps(lot, rule, titles):
        most = max(points[number] for number in left)
        left = tuple(number for number in left if points[number] == most)
        if len(left) == 1:
            by = f"More points for {name}"
            break
    return Tie(lot["lot"], tied, left, rule, by)


def _steps(
    lot: Mapping[str, Any], rule: str, titles: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Decimal]]]:
    """Yield what a rule looks at in its order: a name, and the points of each bid."""
    standings = {each["bid"]: each["points"] for each in lot["standings"]}
    quality = [code for code in lot["weights"] if code != PRICE]
    if rule == "quality":
        sums = {
            number: sum((Decimal(points.get(code, "0")) for code in quality), Decimal(0))
            for number, points in standings.items()
        }
        yield "quality in all", sums
    if rule in ("quality", "heaviest"):
        # Of equal weights the criterion that stands first in the tender comes first: sorting keeps the order.
        for code in sorted(quality, key=lambda each: -Decimal(lot["weights"][each])):
            said = {number: Decimal(points.get(code, "0")) for number, points in standings.items()}
            yield f"“{titles.get(code, code)}”", said
