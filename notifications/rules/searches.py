"""Who hears of what saved searches found: their owners, once a tender, however many searches found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.rules.telling import Reason, Wording


@dataclass(frozen=True, slots=True)
class Searched:
    """A tender that saved searches of one person found at once; `names` are those of the searches."""

    entry_id: int
    at: datetime
    person_id: UUID
    tender_id: UUID
    title: str
    href: str
    names: tuple[str, ...]


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
            tender_id=each.tender_id,
        )
        for each in found
    ]


def words(found: Searched) -> str:
    """Return a notice's sentence; it names the person's own searches, and goes into no mail."""
    quoted = " and ".join(f"“{name}”" for name in found.names)
    return f"New tender for your saved search{'es' if len(found.names) > 1 else ''} {quoted}"
