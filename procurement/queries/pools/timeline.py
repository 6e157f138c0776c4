"""What happened in a pool: its entries of the audit trail, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from procurement.rules.pools import timeline
from procurement.rules.pools.timeline import Happening
from store.models import AuditEntry

_OF = aliased(Organisation)
_ABOUT = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a pool's timeline."""

    at: datetime
    person_name: str
    happening: Happening

    @property
    def who(self) -> str:
        """Who did it, with their council."""
        return timeline.who(self.person_name, self.happening.of)

    @property
    def sentence(self) -> str:
        """What was done."""
        return timeline.sentence(self.happening)

    @property
    def own_words(self) -> str:
        """The reason that was given, or nothing."""
        return timeline.own_words(self.happening)


def _entries(pool_id: UUID) -> Select[datetime, str, str, dict[str, Any], str, str]:
    return (
        select(
            AuditEntry.at,
            AuditEntry.actor_name,
            AuditEntry.action,
            AuditEntry.details,
            func.coalesce(_ABOUT.short_name, ""),
            func.coalesce(_OF.short_name, ""),
        )
        .outerjoin(_OF, _OF.id == AuditEntry.organisation_id)
        .outerjoin(_ABOUT, _ABOUT.code == AuditEntry.details["body_code"].astext)
        .where(AuditEntry.subject_kind == "pool", AuditEntry.subject_id == str(pool_id))
        .order_by(AuditEntry.id.desc())
    )


async def entries(
    db: AsyncSession, pool_id: UUID, *, offset: int, limit: int
) -> tuple[int, Sequence[EntryRow]]:
    """Return how many entries a pool has, and a part of them, the newest first."""
    total = await db.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.subject_kind == "pool", AuditEntry.subject_id == str(pool_id))
    )
    rows = await db.execute(_entries(pool_id).offset(offset).limit(limit))
    return total or 0, [
        EntryRow(at, name, Happening(action, details, about, of))
        for at, name, action, details, about, of in rows
    ]
