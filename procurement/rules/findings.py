"""What is worth telling a council of: which matches are close, which entries say what was found."""

from __future__ import annotations

import enum
from typing import Final

# Texts much alike, as `matching.LIKENESS` says it; with one category and windows that meet, a match is close.
CLOSE_COSINE: Final = 0.55
MATCHED: Final = "matches.found"
RELEASED: Final = "suggestions.released"


class Kind(enum.StrEnum):
    """As what a need was found for another."""

    MATCH = "match"
    SUGGESTED = "suggested"
