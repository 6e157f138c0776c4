"""What people of a bidder hear of their own bid once all were opened, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notifications.rules.telling import Reason, Wording

RELEASED: Final = "tender.summaries_released"
# The same for who has won and who has not: which it is stands on the page, for the bidder alone.
ASSESSED: Final = "All bidders were told how they were assessed: read how yours was"


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


@dataclass(frozen=True, slots=True)
class Assessed:
    """An entry that tells bidders how they were assessed, with the people of all of them."""

    entry_id: int
    at: datetime
    tender_id: UUID
    title: str
    people: tuple[UUID, ...]


def assessed_notices(entries: Sequence[Assessed]) -> Sequence[Wording]:
    """Return the notices that summaries make for the people of every bidder."""
    return [
        Wording(
            person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.BIDS,
            ASSESSED,
            f"/tenders/{each.tender_id}/awarded",
            tender_id=each.tender_id,
        )
        for each in entries
        for person_id in each.people
    ]
