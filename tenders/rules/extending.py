"""A deadline moved to later, for everybody."""

from __future__ import annotations

from datetime import datetime

from tenders.rules.states import TenderState
from values.refusals import Refused


def check_can_extend(
    state: str, due_at: datetime | None, until: datetime, now: datetime, *, reason: str
) -> None:
    """Refuse a deadline that is no later one, or comes when bids are about to be opened.

    After an outage it can also be moved once it has passed, as long as nobody has proposed to open the bids.

    Raises:
        Refused: with what is in the way.
    """
    if state != TenderState.PUBLISHED or due_at is None:
        raise Refused("The deadline can be moved while the tender is published, until opening is proposed.")
    if until <= due_at:
        raise Refused("The deadline can be moved to later only.", "day")
    if until <= now:
        raise Refused("Choose a time that is still to come.", "day")
    if not reason.strip():
        raise Refused("Say why the deadline is moved", "reason")
