"""When a council can join a challenge as a sponsor, and when it can leave."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from challenges.rules.states import ChallengeState
from values.refusals import NotAllowed, Refused

LONGEST_LINE: Final = 500


def check_can_join(state: str, *, seeks: bool, takes_responses: bool, is_sponsor: bool) -> None:
    """Refuse a council that cannot join now.

    Raises:
        Refused: it is a sponsor, the lead looks for none, or responses are due already.
    """
    if is_sponsor:
        raise Refused("Your council is a sponsor already.")
    if state == ChallengeState.STATEMENT and not seeks:
        raise Refused("The lead council does not look for sponsors now.")
    if state != ChallengeState.STATEMENT and not takes_responses:
        raise Refused("Councils can join until responses are due, and no longer.")


def check_line(line: str) -> None:
    """Refuse a line that says nothing, or much.

    Raises:
        Refused: it is empty or too long.
    """
    if not line.strip():
        raise Refused("Say in a line what your council needs", "line")
    if len(line) > LONGEST_LINE:
        raise Refused(f"Say it in {LONGEST_LINE} characters or less", "line")


def check_need(need_id: UUID, own: Collection[UUID]) -> None:
    """Refuse to link a need that is not the council's own.

    Raises:
        Refused: it is another council's, or archived.
    """
    if need_id not in own:
        raise Refused("Choose one of your council’s own needs", "need")


def check_reason(reason: str) -> None:
    """Refuse to take a council out without a word.

    Raises:
        Refused: no reason was given.
    """
    if not reason.strip():
        raise Refused("Say why", "reason")


def check_can_leave(state: str, code: str, *, lead_code: str, own_code: str, stands: bool) -> None:
    """Refuse to take a council out that stays, by somebody who may not.

    Raises:
        NotAllowed: neither an officer of it nor of the lead.
        Refused: it leads, or its name was published with its approval.
    """
    if own_code not in (code, lead_code):
        raise NotAllowed("Only an officer of this council or of the lead council can do this.")
    if code == lead_code:
        raise Refused("The lead council cannot leave its own challenge. It can give it up or withdraw it.")
    if state == ChallengeState.STATEMENT:
        return
    if state != ChallengeState.OPEN or own_code != code or stands:
        raise Refused("The challenge was published with this council as a sponsor, and it stays one.")
