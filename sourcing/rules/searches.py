"""Saved searches: how people hear of what is new, when mail is due, and the secret that stops it."""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from values.refusals import Refused
from values.years import LONDON

# The entry of the audit trail that says that a batch of findings was written.
FOUND: Final = "search.found"
MOST_OF_ONE: Final = 50
LONGEST_NAME: Final = 100
# Summaries come before the working day, in London; those of a week on Mondays.
SUMMARY_HOUR: Final = 7


class SearchMail(enum.StrEnum):
    """When a saved search writes mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


MAIL_WORDS: Final[Mapping[SearchMail, str]] = {
    SearchMail.AT_ONCE: "At once",
    SearchMail.DAILY: "Once a day, in the morning",
    SearchMail.WEEKLY: "Once a week, on Monday morning",
    SearchMail.NONE: "No mail: on the page of notices only",
}


def check_saving(query: str, *, saved: int) -> None:
    """Refuse a search for everything, and more searches than anybody reads about.

    Raises:
        Refused: with what to do instead.
    """
    if not query:
        raise Refused("Choose what to look for before you save a search.")
    if saved >= MOST_OF_ONE:
        raise Refused(f"You have {MOST_OF_ONE} saved searches. Delete one before you save another.")


def stop_secret(key: bytes, search_id: UUID) -> str:
    """Return what the link that stops a search's mail carries: signed, so that nobody can make it up."""
    derived = hmac.digest(key, b"stop a saved search", hashlib.sha256)
    return (
        base64.urlsafe_b64encode(hmac.digest(derived, search_id.bytes, hashlib.sha256)).decode().rstrip("=")
    )


def stop_hash(secret: str) -> bytes:
    """Return what the database keeps of it."""
    return hashlib.sha256(secret.encode()).digest()


def last_due(mail: SearchMail, now: datetime) -> datetime | None:
    """Return when mail was last due: what was found before it and not told is told now. None: never."""
    if mail is SearchMail.NONE:
        return None
    if mail is SearchMail.AT_ONCE:
        return now
    local = now.astimezone(LONDON)
    due = local.replace(hour=SUMMARY_HOUR, minute=0, second=0, microsecond=0)
    if due > local:
        due = (due - timedelta(days=1)).replace(tzinfo=LONDON)
    return due - timedelta(days=due.weekday()) if mail is SearchMail.WEEKLY else due


def default_name(description: str) -> str:
    """Return a name for a search that nobody named yet."""
    name = description[:1].upper() + description[1:]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
