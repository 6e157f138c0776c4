"""Calendars as RFC 5545 has them: what calendar programs subscribe to or take in once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

PRODUCT: Final = "-//Buy Together//Dates//EN"
LINE_OCTETS: Final = 75  # RFC 5545, section 3.1: without the line break
ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Event:
    """A date in a calendar.

    Attributes:
        uid: the same at each reading, so that a program moves an event instead of adding one.
        changed_at: when what it tells of was last changed.
        on: a day, or an instant with its time zone.
        description: what a program shows when the event is opened.
    """

    uid: str
    changed_at: datetime
    on: date | datetime
    summary: str
    href: str
    description: str = ""


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """Return a calendar; the same events give the same bytes, in whatever order they come."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in sorted(events, key=lambda each: each.uid):
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _event(event: Event) -> list[str]:
    start = (
        f"DTSTART:{_instant(event.on)}"
        if isinstance(event.on, datetime)
        else f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    )
    more = [f"DESCRIPTION:{escaped(event.description)}"] if event.description else []
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_instant(event.changed_at)}",
        start,
        f"SUMMARY:{escaped(event.summary)}",
        *more,
        f"URL:{event.href}",
        # A date to know of; nobody is busy for it.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Return a text as the value of a property (RFC 5545, section 3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign == "\n" or sign.isprintable()).translate(ESCAPED)


def folded(line: str) -> Iterator[bytes]:
    """Return a line in parts of at most 75 octets, never parting the octets of one character."""
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > LINE_OCTETS:
            yield part
            part = b" "
        part += octets
    yield part


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
