"""What a panel may become, who may do what on it, and what a declared conflict means."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from values.refusals import NotAllowed, Refused

LEAST_ASSESSORS: Final = 2


class PanelState(enum.StrEnum):
    """How far a panel is."""

    FORMING = "forming"
    SCORING = "scoring"
    MODERATING = "moderating"
    SETTLED = "settled"


MOVES: Final = {
    PanelState.FORMING: frozenset({PanelState.SCORING}),
    PanelState.SCORING: frozenset({PanelState.MODERATING}),
    PanelState.MODERATING: frozenset({PanelState.SETTLED}),
    PanelState.SETTLED: frozenset({PanelState.MODERATING}),
}
STATE_WORDS: Final = {
    PanelState.FORMING: "Forming",
    PanelState.SCORING: "Scoring alone",
    PanelState.MODERATING: "Moderating",
    PanelState.SETTLED: "Settled",
}


class Decision(enum.StrEnum):
    """What is decided about a declared conflict."""

    MAY = "may"
    MAY_NOT = "may-not"
    MITIGATED = "mitigated"


DECISION_WORDS: Final = {
    Decision.MAY: "May score: this is no conflict",
    Decision.MAY_NOT: "May not score this candidate",
    Decision.MITIGATED: "May score, with these steps against the conflict",
}


class Standing(enum.StrEnum):
    """Whether somebody may deal with a candidate; `BARRED` stays."""

    UNDECLARED = "undeclared"
    WAITING = "waiting"
    CLEAR = "clear"
    MAY = "may"
    MITIGATED = "mitigated"
    BARRED = "barred"


STANDING_WORDS: Final = {
    Standing.UNDECLARED: "Not declared yet",
    Standing.WAITING: "Conflict declared, not decided yet",
    Standing.CLEAR: "No conflict declared",
    Standing.MAY: "May score",
    Standing.MITIGATED: "May score, conflict mitigated",
    Standing.BARRED: "May not score",
}
CLEARED: Final = frozenset({Standing.CLEAR, Standing.MAY, Standing.MITIGATED})


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a panel still lacks.

    Attributes:
        undeclared: how often somebody has not declared, or waits for a decision.
        due: scores that are not locked.
        unscored: answers that nobody scored who may.
        unsettled: answers without a consensus.
    """

    undeclared: int = 0
    due: int = 0
    unscored: int = 0
    unsettled: int = 0


def check_move(old: PanelState, new: PanelState, lacks: Lacks, *, reason: str = "") -> None:
    """Refuse what cannot follow, or comes too early.

    Raises:
        Refused: says what is lacking.
    """
    if new not in MOVES[old]:
        raise Refused(f"This panel is “{STATE_WORDS[old].lower()}”; that cannot be done now.")
    if old is PanelState.SCORING and lacks.due:
        raise Refused(f"Scores that are not locked yet: {lacks.due}. Wait for them, or release an assessor.")
    if old is PanelState.SCORING and lacks.unscored:
        raise Refused(f"Answers that nobody scored who may: {lacks.unscored}. Name another assessor.")
    if new is PanelState.SETTLED and lacks.undeclared:
        raise Refused(f"Declarations of conflicts that are not made or decided: {lacks.undeclared}.")
    if new is PanelState.SETTLED and lacks.unsettled:
        raise Refused(f"Answers without a consensus: {lacks.unsettled}.")
    if old is PanelState.SETTLED and not reason.strip():
        raise Refused("Say why the consensus is opened again.", "reason")


def check_hidden(count: int, noun: str = "response") -> None:
    """Refuse what is done about all candidates together, by somebody who is kept from some of them.

    Raises:
        Refused: says how many are hidden.
    """
    if count:
        raise Refused(
            f"{hidden_words(count, noun)} Somebody else of your council does this, who has declared none."
        )


def hidden_words(count: int, noun: str = "response") -> str:
    """Return how a page says that candidates are hidden from its reader."""
    said = f"One {noun} is" if count == 1 else f"{count} {noun}s are"
    return f"{said} hidden from you, because you declared a conflict."


def check_begin(*, questions: int, candidates: int, assessors: int) -> None:
    """Refuse to begin before there is something to score and somebody to do it."""
    if not questions:
        raise Refused("Enter the questions that are scored.")
    if not candidates:
        raise Refused("There is nobody to assess.")
    if assessors < LEAST_ASSESSORS:
        raise Refused(f"Name at least {LEAST_ASSESSORS} assessors.")


def check_lift(state: PanelState, lacks: Lacks, *, lifted: bool, reason: str) -> None:
    """Refuse to show names twice, for no reason, or before everybody declared."""
    if lifted:
        raise Refused("Names are shown already.")
    if state is PanelState.FORMING or lacks.undeclared:
        raise Refused("Names can be shown once everybody on the panel declared for every candidate.")
    if not reason.strip():
        raise Refused("Say why names are shown.", "reason")


def check_declare(
    state: PanelState, standing: Standing, *, conflict: bool, nature: str, kept: bool = False
) -> None:
    """Refuse a declaration out of time, past a decision that is due or final, or one that says nothing.

    Args:
        state: of the panel.
        standing: of whoever declares.
        conflict: there is one.
        nature: what it is.
        kept: a conflict that they declared in an earlier phase stands.
    """
    if state not in (PanelState.SCORING, PanelState.MODERATING):
        raise Refused("Conflicts are declared while the panel scores or moderates.")
    if standing is Standing.WAITING:
        raise Refused("A conflict that you declared waits for a decision.")
    if standing is Standing.BARRED:
        raise Refused("It was decided that you may not score this candidate.")
    if kept and not conflict:
        raise Refused(
            "You were kept from this one in an earlier phase: declare the conflict again, and it is decided "
            "anew.",
            "conflict",
        )
    if conflict and not nature.strip():
        raise Refused("Say what the conflict is.", "nature")
    if nature.strip() and not conflict:
        raise Refused("Say that there is a conflict, or leave its description empty.", "conflict")


def check_decide(
    decider: UUID | None,
    declarer: UUID,
    chair: UUID,
    *,
    conflict: bool,
    decided: bool,
    approves: bool,
    reason: str,
) -> None:
    """Refuse a decision about no conflict, twice, about oneself, or by somebody whom it is not for.

    Args:
        decider: who decides.
        declarer: who declared.
        chair: of the panel.
        conflict: one was declared.
        decided: it was decided before.
        approves: the decider is an approver of the lead.
        reason: of the decision.

    Raises:
        NotAllowed: the decider declared it, or is not the one to decide.
        Refused: there is nothing to decide, or no reason.
    """
    if decider == declarer:
        raise NotAllowed("Nobody decides about their own conflict.")
    if decider != chair and not (declarer == chair and approves):
        raise NotAllowed("The chair decides; about the chair, an approver of the lead council.")
    if not conflict or decided:
        raise Refused("There is no declared conflict to decide.")
    if not reason.strip():
        raise Refused("Give a reason; where the conflict is mitigated, say by which steps.", "reason")
