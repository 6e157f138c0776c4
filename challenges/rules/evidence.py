"""Files that show readings of a pilot: which are taken, for which readings, and who may open them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from values.refusals import Refused

# As large as a document of a tender may be.
MOST_BYTES: Final = 20_000_000
MOST_FILES: Final = 100
PUBLIC: Final = "public"
READERS: Final = {
    "": "The sponsors of the challenge and the firm alone",
    PUBLIC: "Everybody, once the result is published",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which readings a file shows: of some days, at one place or (None) at all."""

    first_on: date
    last_on: date
    site: int | None

    def holds(self, site: int, read_on: date) -> bool:
        """Tell whether a reading is one of them."""
        return self.first_on <= read_on <= self.last_on and self.site in (None, site)


@dataclass(frozen=True, slots=True)
class File:
    """A file that arrived: its name and kind, and its words: what it shows."""

    name: str
    kind: str
    words: str


def check_reach(reach: Reach) -> None:
    """Refuse days in the wrong order.

    Raises:
        Refused: the last day comes before the first.
    """
    if reach.last_on < reach.first_on:
        raise Refused("The last day comes before the first.", "last_on")


def check_shows(found: Sequence[UUID]) -> None:
    """Refuse a file that shows no reading.

    Raises:
        Refused: there is none on these days at this place.
    """
    if not found:
        raise Refused("No reading was recorded on these days at this place.", "first_on")


def check_room(there: int) -> None:
    """Refuse one file too many.

    Raises:
        Refused: there are as many as a pilot takes.
    """
    if there >= MOST_FILES:
        raise Refused(f"A pilot takes {MOST_FILES} files of evidence. Join some into one.", "files")


def check_checked(*, for_public: bool, checked: bool) -> None:
    """Refuse to open a file to everybody that nobody has looked into.

    Raises:
        Refused: the tick is missing.
    """
    if for_public and not checked:
        raise Refused("Open the file, look for personal data, and say that there are none.", "checked")
