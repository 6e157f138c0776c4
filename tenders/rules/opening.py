"""When a tender is opened, and by whom: two people, of two buyers where there are two, after the deadline.

The database holds the same rules in its functions, so that no page can pass them by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import NotAllowed, Refused

# After that a proposal is forgotten, and anybody may propose again.
PROPOSAL_LASTS: Final = timedelta(days=1)
# What arrived before the deadline may still be on its way into the database.
SETTLES_WITHIN: Final = timedelta(minutes=1)
EARLY: Final = (
    "It is too early: bids can be opened from one minute after the deadline, by the database’s clock."
)
# What the database says no with, by the name of the rule.
REFUSALS: Final[Mapping[str, str]] = {
    "opening_early": EARLY,
    "opening_code": "Your code was not taken in time. Enter a new one.",
    "opening_proposed": "Somebody has proposed to open the bids already.",
    "opening_alone": "One person alone cannot open the bids.",
    "opening_one_buyer": "Somebody of another buyer has to confirm this.",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """That somebody wants the bids opened."""

    person_id: UUID
    person_name: str
    body_code: str
    body_name: str
    at: datetime

    def stands(self, now: datetime) -> bool:
        """Tell whether it can still be confirmed."""
        return now < self.at + PROPOSAL_LASTS


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an opening depends on.

    Attributes:
        takes_part: whether the person is an officer or approver of a buyer.
        own_code: the person's council.
        buyers: how many there are.
        now: by the database's clock.
    """

    state: str
    due_at: datetime | None
    now: datetime
    takes_part: bool
    own_code: str
    buyers: int
    proposal: Proposal | None

    @property
    def waiting(self) -> Proposal | None:
        """The proposal that can still be confirmed."""
        return self.proposal if self.proposal and self.proposal.stands(self.now) else None


def check_can_propose(found: Circumstances) -> None:
    """Refuse to propose an opening.

    Raises:
        NotAllowed: not of a buyer.
        Refused: it is too early, somebody has proposed it, or the bids are open.
    """
    _check_open(found)
    if found.due_at is None or found.now < found.due_at:
        raise Refused(EARLY)
    if found.waiting:
        raise Refused(REFUSALS["opening_proposed"])


def check_can_confirm(actor: Actor, found: Circumstances) -> None:
    """Refuse to confirm an opening.

    Raises:
        NotAllowed: not of a buyer.
        Refused: nobody proposed it within a day, it is the same person, or of the same of several buyers.
    """
    _check_open(found)
    if found.waiting is None:
        raise Refused("Nobody has proposed to open the bids within the last day. Propose it first.")
    if found.due_at is None or found.now < found.due_at + SETTLES_WITHIN:
        raise Refused(EARLY)
    if found.waiting.person_id == actor.person_id:
        raise Refused(f"{REFUSALS['opening_alone']} Ask somebody of another buyer to confirm it.")
    if found.buyers > 1 and found.waiting.body_code == found.own_code:
        raise Refused(REFUSALS["opening_one_buyer"])


def _check_open(found: Circumstances) -> None:
    if not found.takes_part:
        raise NotAllowed("Only officers and approvers of the buyers open bids.")
    if found.state not in (TenderState.PUBLISHED, TenderState.CLOSED):
        raise Refused("There are no sealed bids to open here.")


def may_see_steps(found: Circumstances) -> bool:
    """Tell whether opening is what comes next: the deadline has passed and the bids are sealed."""
    sealed = found.state in (TenderState.PUBLISHED, TenderState.CLOSED)
    return sealed and found.due_at is not None and found.now >= found.due_at
