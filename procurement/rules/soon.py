"""Dates that come within two weeks: of pools, and of contracts whose notice is due or that end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that happens on a day, and where to read of it."""

    on: date
    words: str
    href: str


def soon(all_dates: Iterable[Dated], today: date) -> list[Dated]:
    """Return what happens from today until two weeks on, the first first."""
    last = today + timedelta(days=DAYS)
    return sorted(
        (each for each in all_dates if today <= each.on <= last), key=lambda each: (each.on, each.words)
    )
