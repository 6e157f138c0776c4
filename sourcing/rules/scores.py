"""Scores of one answer: what may be given, and how far assessors lie apart. It makes no total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from uuid import UUID

from sourcing.rules.panels import CLEARED, PanelState, Standing
from values.refusals import NotAllowed, Refused


@dataclass(frozen=True, slots=True)
class WantedQuestion:
    """A question as it is to be scored: `code` is the id of its award criterion."""

    code: str
    title: str
    highest: int
    least: int | None = None


def check_questions(wanted: tuple[WantedQuestion, ...]) -> None:
    """Refuse questions that cannot be told apart or scored."""
    if not wanted:
        raise Refused("Enter at least one question.", "questions")
    codes = [each.code.strip() for each in wanted]
    if not all(codes) or len(set(codes)) != len(codes):
        raise Refused("Each question needs a code of its own.", "questions")
    for each in wanted:
        if not each.title.strip():
            raise Refused(f"Question “{each.code}” needs a title.", "questions")
        if each.highest < 1 or (each.least is not None and not 0 <= each.least <= each.highest):
            raise Refused(f"The points of question “{each.code}” do not fit together.", "questions")


def check_points(points: int, highest: int, reason: str) -> None:
    """Refuse points outside the scale, or without a reason."""
    if not 0 <= points <= highest:
        raise Refused(f"Give points from 0 to {highest}.", "points")
    if not reason.strip():
        raise Refused("Give a reason: the bidder will read why.", "reason")


def check_score(state: PanelState, standing: Standing, *, assesses: bool, out: bool, locked: bool) -> None:
    """Refuse a score by somebody who may not give it, or not now.

    Raises:
        NotAllowed: the person is no assessor of this candidate.
        Refused: it is the wrong time, or a declaration comes first.
    """
    if not assesses or standing is Standing.BARRED:
        raise NotAllowed("You are no assessor of this candidate.")
    if state is not PanelState.SCORING:
        raise Refused("Scores are given while the panel scores.")
    if standing not in CLEARED:
        raise Refused("Declare first whether you have a conflict; a declared one must be decided.")
    if out:
        raise Refused("This candidate is no longer assessed.")
    if locked:
        raise Refused("This score is locked.")


def check_lock(missing: int, locking: int) -> None:
    """Refuse to lock what is not complete, or nothing."""
    if missing:
        raise Refused(f"Scores that you have not given yet: {missing}.")
    if not locking:
        raise Refused("There is no score to lock.")


def check_agree(state: PanelState, chair: Standing, *, declared: bool, out: bool) -> None:
    """Refuse a consensus out of time, or while a conflict about this candidate is open.

    Raises:
        NotAllowed: the chair may not deal with this candidate.
        Refused: it is the wrong time, or declarations come first.
    """
    if state is not PanelState.MODERATING:
        raise Refused("The panel agrees while it moderates.")
    if chair is Standing.BARRED:
        raise NotAllowed("The chair has a conflict here. The lead council can name another.")
    if not declared or chair not in CLEARED:
        raise Refused("Everybody on the panel declares for this candidate first.")
    if out:
        raise Refused("This candidate is no longer assessed.")


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the scores of one answer lie apart.

    Attributes:
        middle: the median; halfway between the two middle ones where they are even in number.
        apart: the highest less the lowest.
        differing: who lies how far from the median (below is negative), the farthest first.
    """

    lowest: int
    highest: int
    middle: Fraction
    apart: int
    differing: tuple[tuple[UUID, Fraction], ...]


def spread(points: Mapping[UUID, int]) -> Spread | None:
    """Return how far scores lie apart, by person; None where there are none."""
    if not points:
        return None
    middle = median([Fraction(each) for each in points.values()])
    away = [(person, each - middle) for person, each in points.items() if each != middle]
    away.sort(key=lambda pair: (-abs(pair[1]), str(pair[0])))
    lowest, highest = min(points.values()), max(points.values())
    return Spread(lowest, highest, middle, highest - lowest, tuple(away))
