"""What programs ask of the feed: since when, and from which release on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from ocds.rules.saying import instant
from values.refusals import Refused
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class Event:
    """A release to be made: when it became public, of which tender, and its name within the process.

    The last one of a page is where the next page begins.
    """

    at: datetime
    tender_id: UUID
    name: str


def since(text: str) -> datetime | None:
    """Return the instant that a text gives: a day in London, or an instant with its time zone.

    Raises:
        Refused: it is neither.
    """
    if not text:
        return None
    # An address turns the plus of a time zone into a space.
    text = text.strip().replace(" ", "+")
    try:
        if len(text) == len("2026-11-26"):
            return datetime.combine(date.fromisoformat(text), time(), LONDON)
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused("“since” is a day, such as 2026-11-26, or an instant, such as 2026-11-26T09:00:00Z.")
    return found


def cursor(text: str) -> Event | None:
    """Return what the address of a next page says, or None where there is nothing.

    Raises:
        Refused: no page of ours led there.
    """
    if not text:
        return None
    try:
        at, tender_id, name = text.split("~")
        found = Event(datetime.fromisoformat(at), UUID(tender_id), name)
    except ValueError:
        raise Refused("This “cursor” comes from no page of this feed.") from None
    if found.at.tzinfo is None or not name.isascii() or not name.isprintable():
        raise Refused("This “cursor” comes from no page of this feed.")
    return found


def written(last: Event) -> str:
    """Return the text by which a next page begins after a release."""
    return f"{instant(last.at)}~{last.tender_id}~{last.name}"
