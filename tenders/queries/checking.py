"""What the linter says about a tender, with what officers set in place of the law's tables for it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.queries.overrides import overrides_of
from sourcing.rules.law import law
from tenders.rules.content import Content
from tenders.rules.linting.checking import findings
from tenders.rules.linting.findings import Finding


async def found(db: AsyncSession, tender_id: UUID, content: Content, today: date) -> list[Finding]:
    """Return all findings about a tender as it stands on a day."""
    return findings(content, law(), today, await overrides_of(db, tender_id))
