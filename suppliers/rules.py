"""What a firm says of its own assurance: once, for all that it answers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused

LONGEST_EVIDENCE: Final = 500


class Answer(enum.StrEnum):
    """How far a firm is."""

    YES = "yes"
    UNDERWAY = "underway"
    NO = "no"


ANSWER_WORDS: Final[Mapping[Answer, str]] = {
    Answer.YES: "Yes",
    Answer.UNDERWAY: "Under way",
    Answer.NO: "No",
}
# What councils ask for most; none of it is a condition by itself.
ASKED: Final[Mapping[str, str]] = {
    "cyber-essentials": "Cyber Essentials",
    "cyber-essentials-plus": "Cyber Essentials Plus",
    "iso-27001": "ISO/IEC 27001, or an equivalent",
    "data-protection": "Registered with the Information Commissioner",
    "accessibility": "Tested against WCAG 2.2 AA",
}


def check_firm(actor: Actor) -> UUID:
    """Return the organisation of somebody who acts for a firm.

    Raises:
        NotAllowed: the actor does not.
    """
    if actor.organisation_id is None or not actor.has(Role.SUPPLIER):
        raise NotAllowed("Only people of a supplier can do this.")
    return actor.organisation_id


def check_assurance(code: str, evidence: str) -> None:
    """Refuse an answer to something that is not asked, and evidence that is a document.

    Raises:
        Refused: there is no such question, or the evidence is too long.
    """
    if code not in ASKED:
        raise Refused("Choose one of the answers that are offered.")
    if len(evidence) > LONGEST_EVIDENCE:
        raise Refused(f"Say it in {LONGEST_EVIDENCE} characters or less", f"{code}-evidence")
