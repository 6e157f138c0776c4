"""Bytes of a published spending file in, payment lines out. Nouns: Reading, Mapping, Decisions, Unreadable.

Pure: no file is opened and no database asked. `read` is the way in.
"""

from spend.reading.corrections import Mapping
from spend.reading.files import fingerprint, read
from spend.reading.outcome import (
    LINES,
    REASONS,
    SET_ASIDE,
    ColumnDecision,
    Decisions,
    Reading,
    completed,
    filled,
)
from spend.reading.refused import Unreadable

__all__ = [
    "LINES",
    "REASONS",
    "SET_ASIDE",
    "ColumnDecision",
    "Decisions",
    "Mapping",
    "Reading",
    "Unreadable",
    "completed",
    "filled",
    "fingerprint",
    "read",
]
