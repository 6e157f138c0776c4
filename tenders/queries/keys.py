"""Which keys of tenders were made under the master key that is here: what operators look after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import Tender, TenderKey


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The public part of a tender's key, and what vouches for it."""

    tender_id: UUID
    title: str
    state: str
    public: bytes
    voucher: bytes


async def keys(db: AsyncSession) -> Sequence[KeyRow]:
    """Return the keys of all tenders that the reader may know of, the oldest first."""
    rows = await db.execute(
        select(Tender.id, Tender.title, Tender.state, TenderKey.public, TenderKey.voucher)
        .join(TenderKey, TenderKey.tender_id == Tender.id)
        .order_by(TenderKey.made_at)
    )
    return [KeyRow(*row) for row in rows]
