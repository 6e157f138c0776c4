"""Until when suppliers can ask about a tender, unless its lead says a later time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

# Ours, not the law's: time for an answer to all, and for every bidder to use it. Of a short period, half.
BEFORE_TENDERS_ARE_DUE: Final = timedelta(days=10)


def last_for_questions(published_at: datetime, due_at: datetime | None) -> datetime | None:
    """Return the last time for questions that follows from a tender's dates; None: it has no last moment."""
    if due_at is None or due_at <= published_at:
        return None
    return due_at - min(BEFORE_TENDERS_ARE_DUE, (due_at - published_at) / 2)
