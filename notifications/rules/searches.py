"""Who hears of what saved searches found: their owners, once a thing, however many searches found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notifications.rules.telling import Reason, Wording

# Kinds of searches, as their addresses say them.
TENDERS: Final = "tenders"
CHALLENGES: Final = "challenges"


@dataclass(frozen=True, slots=True)
class Searched:
    """What saved searches of one person found at once: a tender or a challenge, as `kind` says.

    `names` are those of the searches; `planned`: there is no tender yet, but a notice of what is planned.
    """

    entry_id: int
    at: datetime
    kind: str
    person_id: UUID
    thing_id: UUID
    title: str
    href: str
    names: tuple[str, ...]
    planned: bool = False


def notices(found: Sequence[Searched]) -> Sequence[Wording]:
    """Return the notices that findings make."""
    return [
        Wording(
            each.person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.SEARCHED,
            words(each),
            each.href,
            tender_id=each.thing_id if each.kind == TENDERS else None,
            challenge_id=each.thing_id if each.kind == CHALLENGES else None,
        )
        for each in found
    ]


def words(found: Searched) -> str:
    """Return a notice's sentence; it names the person's own searches, and goes into no mail."""
    quoted = " and ".join(f"“{name}”" for name in found.names)
    noun = "challenge" if found.kind == CHALLENGES else "plan for a tender" if found.planned else "tender"
    return f"New {noun} for your saved search{'es' if len(found.names) > 1 else ''} {quoted}"
