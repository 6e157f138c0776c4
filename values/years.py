"""Financial years of English councils, which begin on 1 April, and today's date in London."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_today(now: datetime | None = None) -> date:
    """Return the calendar day in London at `now` (aware; default: this instant).

    Raises:
        ValueError: `now` has no time zone, so that it could be any day.
    """
    if now is not None and now.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (now or datetime.now(UTC)).astimezone(LONDON).date()


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """The year from 1 April `start` to 31 March `start + 1`."""

    start: int

    def __post_init__(self) -> None:
        if not 1900 <= self.start <= 2200:
            raise ValueError(f"not a financial year: {self.start}")

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        """Return the financial year that a day lies in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def first_on(self) -> date:
        """The first day, 1 April."""
        return date(self.start, 4, 1)

    @property
    def last_on(self) -> date:
        """The last day, 31 March."""
        return date(self.start + 1, 3, 31)

    def __str__(self) -> str:
        return f"{self.start} to {self.start + 1}"
