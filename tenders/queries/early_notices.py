"""Notices before the tender notice: all of a tender for its buyers, confirmed ones for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import EarlyNotice, Tender
from tenders.rules import early_notices as rules
from tenders.rules.early_notices import Early, EarlyFacts
from tenders.rules.notices import NOTICE_WORDS, Field, NoticeState
from values.refusals import Missing

COLUMNS: Final = (
    EarlyNotice.id,
    EarlyNotice.tender_id,
    EarlyNotice.code,
    EarlyNotice.number,
    EarlyNotice.title,
    EarlyNotice.fields,
    EarlyNotice.facts,
    EarlyNotice.state,
    EarlyNotice.prepared_at,
    EarlyNotice.reference,
    EarlyNotice.published_at,
    EarlyNotice.confirmed_at,
    EarlyNotice.replaced_at,
    EarlyNotice.ended_at,
    EarlyNotice.demonstration,
)


@dataclass(frozen=True, slots=True)
class EarlyRow:
    """A notice as it was prepared, and what became of it."""

    id: UUID
    tender_id: UUID
    code: str
    number: int
    title: str
    fields: list[dict[str, Any]]
    kept: dict[str, Any]
    state: str
    prepared_at: datetime
    reference: str
    published_at: datetime | None
    confirmed_at: datetime | None
    replaced_at: datetime | None
    ended_at: datetime | None
    demonstration: bool

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        if self.replaced_at:
            return "Replaced by a newer version", "grey"
        return NOTICE_WORDS[NoticeState(self.state)]

    @property
    def said(self) -> list[Field]:
        """Its fields."""
        return [Field(**each) for each in self.fields]

    @property
    def facts(self) -> EarlyFacts:
        """What it tells, as values."""
        return rules.from_json(self.kept)

    @property
    def counts(self) -> bool:
        """Whether it is what the platform published last of its kind."""
        return self.state == NoticeState.CONFIRMED and self.replaced_at is None


async def notices(db: AsyncSession, tender_id: UUID) -> Sequence[EarlyRow]:
    """Return the early notices of a tender that the reader may see, the newest first."""
    query = select(*COLUMNS).where(EarlyNotice.tender_id == tender_id)
    rows = await db.execute(query.order_by(EarlyNotice.prepared_at.desc(), EarlyNotice.id.desc()))
    return [EarlyRow(*row) for row in rows]


async def notice(db: AsyncSession, tender_id: UUID, notice_id: UUID) -> EarlyRow:
    """Return one notice.

    Raises:
        Missing: the tender has none of this id, or it is not theirs to see.
    """
    found = next((each for each in await notices(db, tender_id) if each.id == notice_id), None)
    if found is None:
        raise Missing("notice")
    return found


async def confirmed(db: AsyncSession, tender_id: UUID) -> Sequence[EarlyRow]:
    """Return what the central platform published of a tender before its notice: all versions, newest first.

    Raises:
        Missing: nothing.
    """
    found = [each for each in await notices(db, tender_id) if each.state == NoticeState.CONFIRMED]
    if not found:
        raise Missing("notice")
    return sorted(found, key=lambda each: (each.confirmed_at or each.prepared_at, each.id), reverse=True)


async def next_number(db: AsyncSession, tender_id: UUID, code: Early) -> int:
    """Return the number of the next version of a notice."""
    query = select(func.coalesce(func.max(EarlyNotice.number), 0)).where(
        EarlyNotice.tender_id == tender_id, EarlyNotice.code == code.value
    )
    return (await db.scalar(query) or 0) + 1


async def settled(db: AsyncSession, tender_id: UUID) -> frozenset[str]:
    """Return which columns of a draft are as confirmed notices say, and are typed by nobody."""
    query = select(EarlyNotice.code).where(
        EarlyNotice.tender_id == tender_id, EarlyNotice.state == NoticeState.CONFIRMED
    )
    return rules.settled(list(await db.scalars(query)))


async def is_published(db: AsyncSession, tender_id: UUID) -> bool:
    """Tell whether the tender itself is there for everybody by now."""
    query = select(Tender.id).where(Tender.id == tender_id, Tender.published_at.is_not(None))
    return await db.scalar(query) is not None
