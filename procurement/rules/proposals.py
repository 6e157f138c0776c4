"""A need proposed from a contract that ends: when the next could start, and what to look at."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known of when a contract ends.

    Attributes:
        extension_months: of one further extension that has not been taken; None or 0: there is none.
    """

    end_on: date | None
    notice_on: date | None = None
    extension_months: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When the next contract could start, and notes for the person."""

    earliest_start_on: date | None
    latest_start_on: date | None
    notes: tuple[str, ...]


def window(ending: Ending, today: date) -> Window:
    """Return from when to when a successor of a contract could start.

    The earliest start is the day after the contract ends; the latest lies one untaken extension further on.
    A day that has passed becomes tomorrow. Without an end date there is no window, and a note asks for it.
    """
    if ending.end_on is None:
        return Window(None, None, ("The register has no end date for this contract. Enter when it ends.",))
    notes: list[str] = []
    tomorrow = today + timedelta(days=1)
    after = ending.end_on + timedelta(days=1)
    latest = add_months(after, ending.extension_months or 0)
    if after <= today:
        notes.append("The contract has ended according to the register. Check whether it still runs.")
    if ending.notice_on and ending.notice_on < today:
        notes.append("The day for giving notice has passed. Check whether the contract was extended.")
    if ending.extension_months:
        notes.append(
            f"The latest start assumes one extension of {ending.extension_months} months, not yet taken."
        )
    earliest = max(after, tomorrow)
    return Window(earliest, max(latest, earliest), tuple(notes))


def add_months(day: date, months: int) -> date:
    """Return the same day some months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
