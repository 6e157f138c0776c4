"""The times of a showcase: one after the other, all as long, and where they cannot be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from challenges.rules.phases import PhaseKind
from values.refusals import Refused

LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 240
MOST_PAUSE: Final = 120
DAY: Final = timedelta(hours=12)


def times(first_at: datetime, count: int, *, minutes: int, pause: int) -> list[datetime]:
    """Return when each of so many begins."""
    return [first_at + timedelta(minutes=number * (minutes + pause)) for number in range(count)]


def check_times(
    kind: PhaseKind, first_at: datetime, count: int, *, minutes: int, pause: int, now: datetime
) -> None:
    """Refuse times that are over, too long for a day, or for a phase that only reads.

    Raises:
        Refused: points at the field.
    """
    if kind is PhaseKind.SHORTLIST:
        raise Refused("The short-list is judged on what firms wrote: nobody shows anything.")
    if not count:
        raise Refused("Form the panel of this phase first: then it is known who comes.")
    if first_at <= now:
        raise Refused("Choose a time that is still to come.", "first_on")
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refused(f"Give each firm {LEAST_MINUTES} to {MOST_MINUTES} minutes.", "minutes")
    if not 0 <= pause <= MOST_PAUSE:
        raise Refused(f"A break is at most {MOST_PAUSE} minutes.", "pause")
    if times(first_at, count, minutes=minutes, pause=pause)[-1] - first_at > DAY:
        raise Refused("They do not fit into one day: shorten the minutes or the breaks.", "minutes")
