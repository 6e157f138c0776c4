"""Days and instants as pages, mail and histories say them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from values.years import LONDON

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: date) -> str:
    """Return a calendar day in full: "22 November 2026"; of an instant, its day in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """Return a calendar day with its name: "Friday 2 October 2026"."""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def instant(value: datetime) -> str:
    """Return an instant as clocks in London show it: "22 November 2026 at 9:36pm".

    Raises:
        ValueError: the instant has no time zone.
    """
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    local = value.astimezone(LONDON)
    if local.hour == 0 and local.minute == 0:
        return f"{day(local)} at midnight"
    if local.hour == 12 and local.minute == 0:
        return f"{day(local)} at midday"
    half = "am" if local.hour < 12 else "pm"
    return f"{day(local)} at {local.hour % 12 or 12}:{local.minute:02d}{half}"
