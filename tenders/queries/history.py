"""What happened to a tender: its entries of the audit trail, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from store.models import AuditEntry
from tenders.rules import happenings

_OF = aliased(Organisation)
_ABOUT = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a tender's history: when, who for which council, what was done."""

    at: datetime
    person_name: str
    action: str
    details: dict[str, Any]
    about: str
    of: str

    @property
    def who(self) -> str:
        """Who did it, with their council."""
        return f"{self.person_name}, {self.of}" if self.of else "Buy Together"

    @property
    def sentence(self) -> str:
        """What was done."""
        return happenings.sentence(self.action, self.details, self.about or self.of)

    @property
    def own_words(self) -> str:
        """The reason that was given, or nothing."""
        return happenings.own_words(self.details)


async def entries(
    db: AsyncSession, tender_id: UUID, *, offset: int, limit: int, contract_id: UUID | None = None
) -> tuple[int, Sequence[EntryRow]]:
    """Return how many entries a tender has, or one contract of it, and a part of them, the newest first."""
    about = [AuditEntry.subject_kind == "tender", AuditEntry.subject_id == str(tender_id)]
    if contract_id is not None:
        about.append(AuditEntry.details["contract_id"].astext == str(contract_id))
    total = await db.scalar(select(func.count()).select_from(AuditEntry).where(*about))
    rows = await db.execute(
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
        .where(*about)
        .order_by(AuditEntry.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total or 0, [EntryRow(*row) for row in rows]
