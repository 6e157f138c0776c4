"""What is asked for among awards, and the query that an address holds for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class AwardFilter:
    """What is looked for among awards; what is empty is not asked.

    Attributes:
        words: of the tender.
        category: its code.
        buyer: code of a council that buys.
        supplier: part of the winner's name.
    """

    words: str = ""
    category: str = ""
    buyer: str = ""
    supplier: str = ""

    @property
    def plain(self) -> bool:
        """Whether nothing is asked for."""
        return self == AwardFilter()
