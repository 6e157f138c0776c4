"""Working days: no Saturday, no Sunday, and no bank holiday in any part of the United Kingdom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from values.refusals import Refused

SOURCE: Final = "Procurement Act 2023, section 123(1)"
SATURDAY: Final = 5


class Unreached(Refused):
    """The table of bank holidays does not reach a day that had to be counted."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """The bank holidays of all parts of the United Kingdom together.

    Attributes:
        days: each day that is a bank holiday in England and Wales, in Scotland or in Northern Ireland.
        first_on: the first day that the table knows about, and `last_on` the last; outside, nothing is known.
        as_of: when the published list was taken. Days are added to a year that has begun.
    """

    days: frozenset[date]
    first_on: date
    last_on: date
    as_of: date

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is a working day.

        Raises:
            Unreached: the table does not reach the day, so that nobody can tell.
        """
        if not self.first_on <= day <= self.last_on:
            raise Unreached(
                f"The table of bank holidays reaches from {in_words(self.first_on)} to "
                f"{in_words(self.last_on)}, and working days had to be counted on {in_words(day)}. Bring the "
                "table up to date, or count by hand."
            )
        return day.weekday() < SATURDAY and day not in self.days


def in_words(day: date) -> str:
    """Return a day as sentences say it: "4 January 2027"."""
    return f"{day.day} {day:%B %Y}"
