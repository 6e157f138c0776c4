"""Identifiers made in Python, because a server older than PostgreSQL 18 has no uuidv7()."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a version 7 UUID (RFC 9562): sorted by time to the millisecond, random after that."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(
        int=(milliseconds << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    )


def uuid_or_none(text: str) -> UUID | None:
    """Return the UUID that a text is, as an address or a form may hold one, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
