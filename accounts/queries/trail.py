"""What happened to something: its entries of the audit trail, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from accounts.rules import trail
from accounts.rules.trail import Words
from store.models import AuditEntry

_OF = aliased(Organisation)
_ABOUT = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry: when, who for which council, what was done.

    Attributes:
        about: short name of the council that the entry is about, or nothing.
        of: short name of the council that the person acted for; empty for the service itself.
        subject_id: what the entry is about, as the trail has it.
    """

    at: datetime
    person_name: str
    action: str
    details: dict[str, Any]
    about: str
    of: str
    subject_id: str
    words: Words

    @property
    def who(self) -> str:
        """Who did it, with their council."""
        return trail.who(self.person_name, self.of)

    @property
    def sentence(self) -> str:
        """What was done."""
        return self.words.sentence(self.action, self.details, self.about or self.of)

    @property
    def own_words(self) -> str:
        """The reason that was given, or nothing."""
        return self.words.own_words(self.details)


async def entries(
    db: AsyncSession,
    kind: str,
    subject_id: UUID,
    words: Words,
    *,
    offset: int,
    limit: int,
    only: Sequence[ColumnElement[bool]] = (),
    also: ColumnElement[bool] | None = None,
) -> tuple[int, Sequence[EntryRow]]:
    """Return how many entries there are, and a part of them, the newest first.

    Args:
        db: a session; its policies decide what the reader may know of.
        kind: of the subject, as the trail names it.
        subject_id: whose entries they are.
        words: how the slice says what was done.
        offset: how many of the newest are left out.
        limit: how many are wanted at most.
        only: what must hold of an entry besides.
        also: entries about something else that belong to it.
    """
    own = and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id == str(subject_id), *only)
    about = (own if also is None else or_(own, also),)
    total = await db.scalar(select(func.count()).select_from(AuditEntry).where(*about))
    rows = await db.execute(
        select(
            AuditEntry.at,
            AuditEntry.actor_name,
            AuditEntry.action,
            AuditEntry.details,
            func.coalesce(_ABOUT.short_name, ""),
            func.coalesce(_OF.short_name, ""),
            AuditEntry.subject_id,
        )
        .outerjoin(_OF, _OF.id == AuditEntry.organisation_id)
        .outerjoin(_ABOUT, _ABOUT.code == AuditEntry.details["body_code"].astext)
        .where(*about)
        .order_by(AuditEntry.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total or 0, [EntryRow(*row, words=words) for row in rows]
