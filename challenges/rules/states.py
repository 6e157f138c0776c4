"""The states of a challenge, and who may move it.

The table of moves stands once more in the migration that makes the tables, as a trigger; a test compares the
two.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


class ChallengeState(enum.StrEnum):
    """How far a challenge is."""

    STATEMENT = "statement"
    OPEN = "open"
    JUDGED = "judged"
    PILOT = "pilot"
    MEASURED = "measured"
    DECISION = "decision"
    ROUTE = "route"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


CHALLENGE_MOVES: Final[Mapping[ChallengeState, tuple[ChallengeState, ...]]] = {
    # Given up before anybody outside saw it.
    ChallengeState.STATEMENT: (ChallengeState.OPEN, ChallengeState.ENDED),
    ChallengeState.OPEN: (ChallengeState.JUDGED, ChallengeState.WITHDRAWN),
    # Ended where nobody is chosen; what came of it is still told.
    ChallengeState.JUDGED: (ChallengeState.PILOT, ChallengeState.ENDED),
    # A pilot that is broken off is measured as far as it went, and the decision says so.
    ChallengeState.PILOT: (ChallengeState.MEASURED,),
    ChallengeState.MEASURED: (ChallengeState.DECISION,),
    ChallengeState.DECISION: (ChallengeState.ROUTE, ChallengeState.ENDED),
    ChallengeState.ROUTE: (),
    ChallengeState.WITHDRAWN: (),
    ChallengeState.ENDED: (),
}
STATE_WORDS: Final[Mapping[ChallengeState, tuple[str, str]]] = {
    ChallengeState.STATEMENT: ("Being written", "grey"),
    ChallengeState.OPEN: ("Open", "green"),
    ChallengeState.JUDGED: ("Judged", "blue"),
    ChallengeState.PILOT: ("Pilot", "purple"),
    ChallengeState.MEASURED: ("Measured", "purple"),
    ChallengeState.DECISION: ("Decided", "teal"),
    ChallengeState.ROUTE: ("Route to buy", "green"),
    ChallengeState.WITHDRAWN: ("Withdrawn", "orange"),
    ChallengeState.ENDED: ("Ended", "grey"),
}
# Of an open challenge whose deadline has passed: the clock closes it, nobody has to.
CLOSED_WORDS: Final = ("Being judged", "blue")


def words(state: str, due_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return a state in words with the colour of its tag; an open one is closed once it is due."""
    known = ChallengeState(state)
    if known is ChallengeState.OPEN and due_at is not None and now >= due_at:
        return CLOSED_WORDS
    return STATE_WORDS[known]


def check_move(state: str, to: ChallengeState) -> None:
    """Refuse a change of state that the table does not have.

    Raises:
        Refused: the challenge is in another state by now.
    """
    if to not in CHALLENGE_MOVES[ChallengeState(state)]:
        now, then = STATE_WORDS[ChallengeState(state)][0].lower(), STATE_WORDS[to][0].lower()
        raise Refused(f"A challenge in the state “{now}” cannot go to “{then}”.")


def check_changeable(state: str) -> None:
    """Refuse a change of the statement once it is published or given up.

    Raises:
        Refused: it is no draft any more.
    """
    if state != ChallengeState.STATEMENT:
        raise Refused("The statement was published or given up, and cannot be changed.")


def check_later(until: datetime, *, due_at: datetime | None, takes: bool) -> None:
    """Refuse another deadline that is not later, or comes when the first has passed.

    Raises:
        Refused: responses do not count any more, or the time is not later.
    """
    if not takes or due_at is None:
        raise Refused("The deadline has passed, or there is none: it cannot be moved.")
    if until <= due_at:
        raise Refused("The deadline can be moved to later only.", "due_on")


def takes_responses(state: str, due_at: datetime | None, now: datetime) -> bool:
    """Tell whether responses still count; the last moment is before the deadline."""
    return state == ChallengeState.OPEN and due_at is not None and now < due_at


def may_lead(actor: Actor, lead_code: str, own_code: str | None) -> bool:
    """Tell whether an actor runs a challenge: an officer of its lead council."""
    return actor.has(Role.OFFICER) and own_code == lead_code


def check_may_lead(actor: Actor, lead_code: str, own_code: str | None) -> None:
    """Refuse whoever does not run a challenge.

    Raises:
        NotAllowed: not an officer of the lead council.
    """
    if not may_lead(actor, lead_code, own_code):
        raise NotAllowed("Only an officer of the lead council can do this.")


def check_officer(actor: Actor, own_code: str | None) -> str:
    """Return the code of an officer's council.

    Raises:
        NotAllowed: the actor is no officer of a council.
    """
    if own_code is None or not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a council can do this.")
    return own_code
