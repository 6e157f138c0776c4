"""Notices of a tender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import TenderNotice
from tenders.rules.notices import NOTICE_WORDS, Code, Field, NoticeState
from values.refusals import Missing

_COLUMNS: Final = (
    TenderNotice.id,
    TenderNotice.tender_id,
    TenderNotice.code,
    TenderNotice.version,
    TenderNotice.fingerprint,
    TenderNotice.fields,
    TenderNotice.state,
    TenderNotice.prepared_by,
    TenderNotice.prepared_at,
    TenderNotice.reference,
    TenderNotice.published_at,
    TenderNotice.confirmed_by,
    TenderNotice.confirmed_at,
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it was prepared, and what the central platform said of it."""

    id: UUID
    tender_id: UUID
    code: str
    version: int
    fingerprint: bytes
    fields: list[dict[str, Any]]
    state: str
    prepared_by: str
    prepared_at: datetime
    reference: str
    published_at: datetime | None
    confirmed_by: str
    confirmed_at: datetime | None

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return NOTICE_WORDS[NoticeState(self.state)]

    @property
    def said(self) -> list[Field]:
        """Its fields."""
        return [Field(**each) for each in self.fields]


async def notices(db: AsyncSession, tender_id: UUID) -> Sequence[NoticeRow]:
    """Return the notices of a tender that the reader may see, the newest first."""
    query = select(*_COLUMNS).where(TenderNotice.tender_id == tender_id)
    rows = await db.execute(query.order_by(TenderNotice.prepared_at.desc(), TenderNotice.id.desc()))
    return [NoticeRow(*row) for row in rows]


async def notice(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> NoticeRow:
    """Return one notice.

    Raises:
        Missing: the tender has none of this id, or it is not theirs to see.
    """
    found = next((each for each in await notices(db, tender_id) if each.id == notice_id), None)
    if found is None:
        raise Missing("notice")
    return found


async def confirmed(db: AsyncSession, tender_id: UUID, code: Code) -> NoticeRow | None:
    """Return the notice of a kind that the central platform published, or None."""
    found = await notices(db, tender_id)
    return next((each for each in found if each.code == code and each.state == NoticeState.CONFIRMED), None)
