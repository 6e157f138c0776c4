"""Random tokens: what a person carries, and what the database keeps of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=1)
# 43 characters of base64 are what token_urlsafe(32) makes; anything else is not looked up.
LENGTH: Final = 43


def new_token() -> str:
    """Return a fresh token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is stored of a token. It is random, so one round without salt is enough."""
    return hashlib.sha256(token.encode()).digest()
