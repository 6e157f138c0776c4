"""What a named officer sets in place of the tables, with a reason. Whoever asks keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Override:
    """Another day for a step, or another number for a row of the tables.

    Attributes:
        value: a day for a step; a number of days for a row.
        officer: who answers for it, by name.
        reason: why the tables do not fit here.
    """

    value: date | int
    officer: str
    reason: str

    def __post_init__(self) -> None:
        if not self.officer.strip() or not self.reason.strip():
            raise Refused("An override needs the name of the officer and a reason.")
        if isinstance(self.value, int) and self.value < 0:
            raise Refused("A number of days is not below zero.")


@dataclass(frozen=True, slots=True)
class Overridden:
    """An override as a result shows it; `instead_of` is what the tables give, in words."""

    officer: str
    reason: str
    instead_of: str


# By the code of a step ("tenders-due") or of a row ("tendering-7").
Overrides = Mapping[str, Override]
