"""What people of a bidder hear of their own bid once all were opened, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.rules.telling import Reason, Wording


@dataclass(frozen=True, slots=True)
class Damaged:
    """An opening at which a bid was not what was handed in, and somebody of the bidder."""

    entry_id: int
    at: datetime
    tender_id: UUID
    title: str
    person_id: UUID
    damage: str


def notices(entries: Sequence[Damaged]) -> Sequence[Wording]:
    """Return the notices that openings make for people whose bid could not be opened whole."""
    return [
        Wording(
            each.person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.BIDS,
            words(each.damage),
            f"/tenders/{each.tender_id}/bid",
            tender_id=each.tender_id,
        )
        for each in entries
    ]


def words(damage: str) -> str:
    """Return what happened to a bid, and what its bidder can do."""
    return (
        f"Your bid cannot be assessed as it was found at the opening. {damage} "
        "Your receipt proves what you handed in: send it to the buyers, and ask what follows"
    )
