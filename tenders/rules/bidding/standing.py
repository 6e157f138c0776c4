"""How far a bid is: its receipts say it, and the deadline."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


class ReceiptKind(enum.StrEnum):
    """What a receipt is for."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    LATE = "late"


class BidState(enum.StrEnum):
    """Whether something counts: nothing was handed in, something was, or it was withdrawn."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


RECEIPT_WORDS: Final[Mapping[ReceiptKind, str]] = {
    ReceiptKind.SUBMITTED: "Submitted",
    ReceiptKind.WITHDRAWN: "Withdrawn",
    ReceiptKind.LATE: "Refused: it arrived after the deadline",
}
STATE_WORDS: Final[Mapping[BidState, tuple[str, str]]] = {
    BidState.DRAFT: ("Not submitted", "grey"),
    BidState.SUBMITTED: ("Submitted", "green"),
    BidState.WITHDRAWN: ("Withdrawn", "orange"),
}
CLOSED: Final = "The deadline has passed: this bid cannot be changed any more."


def bid_state(kinds: Iterable[str]) -> BidState:
    """Return how far a bid is by what its receipts are for, the oldest first; late ones change nothing."""
    state = BidState.DRAFT
    for kind in map(ReceiptKind, kinds):
        if kind is not ReceiptKind.LATE:
            state = BidState(kind.value)
    return state


def receipt_kind(tender_state: str, due_at: datetime | None, at: datetime, *, withdraws: bool) -> ReceiptKind:
    """Return what a receipt says of something that arrived whole at a time; the database decides alike."""
    takes = tender_state in (TenderState.PUBLISHED, TenderState.CLOSED)
    if not takes or due_at is None or at >= due_at:
        return ReceiptKind.LATE
    return ReceiptKind.WITHDRAWN if withdraws else ReceiptKind.SUBMITTED


def is_open(tender_state: str, due_at: datetime | None, now: datetime) -> bool:
    """Tell whether bids can be begun, changed and handed in."""
    return tender_state == TenderState.PUBLISHED and due_at is not None and now < due_at


def check_may_bid(actor: Actor) -> None:
    """Refuse whoever is of no supplier.

    Raises:
        NotAllowed: they bid for nobody.
    """
    if not actor.has(Role.SUPPLIER) or actor.organisation_id is None:
        raise NotAllowed("Only people of a supplier make bids.")


def check_open(tender_state: str, due_at: datetime | None, now: datetime) -> None:
    """Refuse to change what cannot be handed in any more.

    Raises:
        Refused: the deadline has passed, or the tender takes no bids.
    """
    if not is_open(tender_state, due_at, now):
        raise Refused(CLOSED if due_at is not None and now >= due_at else "This tender takes no bids now.")
