"""Planned procurements as everybody finds them: what confirmed notices say before a tender is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from sourcing.models import SearchLooked
from spend.rules.categories import taxonomy
from tenders.models import EarlyNotice, Tender
from tenders.rules import early_notices as rules
from tenders.rules.early_notices import Early, EarlyFacts
from tenders.rules.finding import TenderFilter
from tenders.rules.notices import NoticeState

_OTHER: Final = aliased(EarlyNotice)
# What the platform published last of its kind.
CURRENT: Final = (EarlyNotice.state == NoticeState.CONFIRMED, EarlyNotice.replaced_at.is_(None))


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A planned procurement by its newest notice; `codes` are those of all its notices that count."""

    tender_id: UUID
    title: str
    category: str
    lead_name: str
    codes: list[str]
    confirmed_at: datetime
    gross_pence: int | None
    demonstration: bool
    kept: dict[str, Any]

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def facts(self) -> EarlyFacts:
        """What the newest notice tells, as values."""
        return rules.from_json(self.kept)


def _listed(wanted: TenderFilter) -> Select[Any]:
    """Select one notice of each process, the newest, that is still to come and matches."""
    published = select(Tender.id).where(Tender.published_at.is_not(None))
    return (
        select(EarlyNotice.id)
        .ext(distinct_on(EarlyNotice.tender_id))
        .where(
            *CURRENT,
            EarlyNotice.ended_at.is_(None),
            EarlyNotice.tender_id.not_in(published),
            *conditions(wanted),
        )
        .order_by(EarlyNotice.tender_id, EarlyNotice.confirmed_at.desc())
    )


def conditions(wanted: TenderFilter) -> list[ColumnElement[bool]]:
    """Return what a search for tenders asks of a notice; one that asks for a deadline finds none."""
    asked: list[tuple[bool, Any]] = [
        (bool(wanted.words), EarlyNotice.words.op("@@")(func.websearch_to_tsquery("english", wanted.words))),
        (bool(wanted.category), EarlyNotice.category == wanted.category),
        (bool(wanted.region), EarlyNotice.region_codes.contains([wanted.region])),
        (wanted.value_from_pence is not None, EarlyNotice.gross_pence >= (wanted.value_from_pence or 0)),
        (wanted.value_to_pence is not None, EarlyNotice.gross_pence <= (wanted.value_to_pence or 0)),
        (wanted.small_firms, EarlyNotice.suits_small_firms),
        # A planned procurement has no deadline yet.
        (bool(wanted.due_from or wanted.due_to), EarlyNotice.id.is_(None)),
    ]
    return [condition for said, condition in asked if said]


async def listed(
    db: AsyncSession, wanted: TenderFilter, *, offset: int = 0, limit: int = 50
) -> tuple[int, list[PlannedRow]]:
    """Return how many procurements are planned that a filter lets through, and one page, the newest first."""
    ids = _listed(wanted)
    total = await db.scalar(select(func.count()).select_from(ids.subquery()))
    codes = (
        select(func.array_agg(_OTHER.code.distinct()))
        .where(_OTHER.tender_id == EarlyNotice.tender_id, _OTHER.state == NoticeState.CONFIRMED)
        .correlate(EarlyNotice)
        .scalar_subquery()
    )
    rows: Any = await db.execute(
        select(
            EarlyNotice.tender_id,
            EarlyNotice.title,
            EarlyNotice.category,
            Organisation.short_name,
            codes,
            EarlyNotice.confirmed_at,
            EarlyNotice.gross_pence,
            EarlyNotice.demonstration,
            EarlyNotice.facts,
        )
        .join(Organisation, Organisation.code == EarlyNotice.lead_code)
        .where(EarlyNotice.id.in_(ids))
        .order_by(EarlyNotice.confirmed_at.desc(), EarlyNotice.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total or 0, [PlannedRow(*row) for row in rows]


async def count(db: AsyncSession) -> int:
    """Return how many procurements are planned."""
    return await db.scalar(select(func.count()).select_from(_listed(TenderFilter()).subquery())) or 0


@dataclass(frozen=True, slots=True)
class NewlyPlanned:
    """A notice that saved searches are held against."""

    id: UUID
    tender_id: UUID
    title: str
    code: str

    @property
    def kind(self) -> str:
        """What it is, in words that go before its title."""
        return "Planned" if self.code == Early.PLANNED else "Suppliers are asked"

    @property
    def href(self) -> str:
        """Where it is read."""
        return f"/tenders/planned/{self.tender_id}"


async def not_looked_at(db: AsyncSession, limit: int = 100) -> Sequence[NewlyPlanned]:
    """Return first versions of notices that no saved search was held against yet."""
    looked = select(SearchLooked.thing_id).where(SearchLooked.thing_id == EarlyNotice.id).exists()
    rows = await db.execute(
        select(EarlyNotice.id, EarlyNotice.tender_id, EarlyNotice.title, EarlyNotice.code)
        .where(*CURRENT, EarlyNotice.ended_at.is_(None), ~looked, ~_told_before())
        .order_by(EarlyNotice.confirmed_at)
        .limit(limit)
    )
    return [NewlyPlanned(*row) for row in rows]


async def matches(db: AsyncSession, wanted: TenderFilter, ids: Sequence[UUID]) -> list[UUID]:
    """Return which of some notices a saved search finds."""
    query = select(EarlyNotice.id).where(EarlyNotice.id.in_(ids), *CURRENT, *conditions(wanted))
    return list(await db.scalars(query.order_by(EarlyNotice.confirmed_at)))


def _told_before() -> ColumnElement[bool]:
    """Tell whether an earlier version was public: whoever searches has heard of it then."""
    return (
        select(_OTHER.id)
        .where(
            _OTHER.tender_id == EarlyNotice.tender_id,
            _OTHER.code == EarlyNotice.code,
            _OTHER.replaced_at.is_not(None),
        )
        .exists()
    )
