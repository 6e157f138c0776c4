"""Which notices this service prepares, and which an officer prepares on the central platform alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sourcing.rules.law import Law, Notice

# Of a tender, before it and of its contracts. What else there is has no procedure here: a direct award, a
# dynamic market, and what a council owes whatever it buys.
HERE: Final = frozenset({"UK2", "UK3", "UK4", "UK6", "UK7", "UK9", "UK10", "UK11", "UK12"})
ELSEWHERE_WORDS: Final = (
    "This service dates this notice and does not prepare it: an officer prepares it on the central platform."
)


def elsewhere(law: Law, on: date) -> Sequence[Notice]:
    """Return the notices that hold on a day and that this service does not prepare."""
    return [each for each in law.notices if each.code not in HERE and each.basis.holds(on)]


def is_elsewhere(number: str) -> bool:
    """Tell whether a notice is prepared on the central platform alone; what is no notice is not."""
    return bool(number) and number not in HERE
