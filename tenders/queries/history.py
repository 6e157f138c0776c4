"""What happened to a tender, or to one contract of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries import trail
from accounts.queries.trail import EntryRow
from store.models import AuditEntry
from tenders.rules import happenings


async def entries(
    db: AsyncSession, tender_id: UUID, *, offset: int, limit: int, contract_id: UUID | None = None
) -> tuple[int, Sequence[EntryRow]]:
    """Return how many entries a tender has, or one contract of it, and a part of them, the newest first."""
    only = [AuditEntry.details["contract_id"].astext == str(contract_id)] if contract_id else []
    return await trail.entries(
        db, "tender", tender_id, happenings.WORDS, offset=offset, limit=limit, only=only
    )
