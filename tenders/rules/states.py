"""The states of a tender, and who may move it.

The table of moves stands once more in the migration that makes the tables, as a trigger; a test compares the
two.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping
from typing import Final

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


class TenderState(enum.StrEnum):
    """How far a tender is."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENED = "opened"
    ASSESSED = "assessed"
    AWARDED = "awarded"
    STANDSTILL = "standstill"
    CONTRACTS = "contracts"
    TERMINATED = "terminated"


_ALONG: Final = (
    TenderState.PUBLISHED,
    TenderState.CLOSED,
    TenderState.OPENED,
    TenderState.ASSESSED,
    TenderState.AWARDED,
    TenderState.STANDSTILL,
    TenderState.CONTRACTS,
)
TENDER_MOVES: Final[Mapping[TenderState, tuple[TenderState, ...]]] = {
    TenderState.DRAFT: (TenderState.IN_APPROVAL, TenderState.TERMINATED),
    # Back to a draft where an approver refuses, or where something is changed.
    TenderState.IN_APPROVAL: (TenderState.DRAFT, TenderState.APPROVED, TenderState.TERMINATED),
    TenderState.APPROVED: (TenderState.DRAFT, TenderState.PUBLISHED, TenderState.TERMINATED),
    **{state: (following, TenderState.TERMINATED) for state, following in itertools.pairwise(_ALONG)},
    # Below the threshold no notice and no standstill lie between them.
    TenderState.AWARDED: (TenderState.STANDSTILL, TenderState.CONTRACTS, TenderState.TERMINATED),
    TenderState.CONTRACTS: (),
    TenderState.TERMINATED: (),
}
# While a tender is in one of these, its content can be changed; the change ends every approval.
CHANGEABLE: Final = frozenset({TenderState.DRAFT, TenderState.IN_APPROVAL, TenderState.APPROVED})
STATE_WORDS: Final[Mapping[TenderState, tuple[str, str]]] = {
    TenderState.DRAFT: ("Draft", "grey"),
    TenderState.IN_APPROVAL: ("In approval", "yellow"),
    TenderState.APPROVED: ("Approved", "teal"),
    TenderState.PUBLISHED: ("Published", "green"),
    TenderState.CLOSED: ("Closed for tenders", "blue"),
    TenderState.OPENED: ("Opened", "blue"),
    TenderState.ASSESSED: ("Assessed", "blue"),
    TenderState.AWARDED: ("Awarded", "purple"),
    TenderState.STANDSTILL: ("Standstill", "purple"),
    TenderState.CONTRACTS: ("Contracts signed", "green"),
    TenderState.TERMINATED: ("Terminated", "orange"),
}


def check_move(state: str, to: TenderState) -> None:
    """Refuse a change of state that the table does not have.

    Raises:
        Refused: the tender is in another state by now.
    """
    if to not in TENDER_MOVES[TenderState(state)]:
        now, then = STATE_WORDS[TenderState(state)][0].lower(), STATE_WORDS[to][0].lower()
        raise Refused(f"A tender that is {now} cannot become {then}.")


def check_changeable(state: str) -> None:
    """Refuse a change of content once the tender is published or over.

    Raises:
        Refused: with the state that it is in.
    """
    if TenderState(state) not in CHANGEABLE:
        now = STATE_WORDS[TenderState(state)][0].lower()
        raise Refused(f"A tender that is {now} cannot be changed here.")


def may_lead(actor: Actor, lead_code: str, own_code: str | None) -> bool:
    """Tell whether an actor runs a tender: an officer of its lead council."""
    return actor.has(Role.OFFICER) and own_code == lead_code


def check_may_lead(actor: Actor, lead_code: str, own_code: str | None) -> None:
    """Refuse whoever does not run a tender.

    Raises:
        NotAllowed: not an officer of the lead council.
    """
    if not may_lead(actor, lead_code, own_code):
        raise NotAllowed("Only an officer of the lead council can do this.")


def check_may_describe(actor: Actor, buyer_code: str, lead_code: str, own_code: str | None) -> None:
    """Refuse whoever may not say how a buyer is reached: its own officers and those of the lead may.

    Raises:
        NotAllowed: an officer of neither.
    """
    if not actor.has(Role.OFFICER) or own_code not in (buyer_code, lead_code):
        raise NotAllowed("Only an officer of this council or of the lead council can do this.")


def is_public(state: str, *, published: bool) -> bool:
    """Tell whether everybody sees a tender: once it was published, and also where it ended after that."""
    return published and TenderState(state) not in CHANGEABLE
