"""A tender's row, and its buyers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from sourcing.rules.timetables.asked import WORDS, Procedure
from spend.rules.categories import taxonomy
from tenders.models import Tender, TenderBuyer, TenderShare
from tenders.rules import states
from tenders.rules.states import STATE_WORDS, TenderState
from values.refusals import Missing

LEAD: Final = aliased(Organisation)
BUYERS: Final = (
    select(func.count()).where(TenderBuyer.tender_id == Tender.id).correlate(Tender).scalar_subquery()
)
COLUMNS: Final = (
    Tender.id,
    Tender.pool_id,
    Tender.title,
    Tender.description,
    Tender.category,
    Tender.procedure,
    Tender.model,
    Tender.lead_code,
    LEAD.short_name,
    Tender.state,
    Tender.state_reason,
    Tender.state_changed_at,
    Tender.version,
    Tender.fingerprint,
    Tender.publish_on,
    Tender.tenders_due_at,
    Tender.published_at,
    Tender.demonstration,
    BUYERS,
    Tender.gross_pence,
    Tender.suits_small_firms,
    Tender.region_codes,
)


@dataclass(frozen=True, slots=True)
class TenderRow:
    """A tender as lists and the heads of pages show it."""

    id: UUID
    pool_id: UUID
    title: str
    description: str
    category: str
    procedure: str
    model: str
    lead_code: str
    lead_name: str
    state: str
    state_reason: str
    state_changed_at: datetime
    version: int
    fingerprint: bytes | None
    publish_on: Any
    tenders_due_at: datetime | None
    published_at: datetime | None
    demonstration: bool
    buyers: int
    gross_pence: int | None
    suits_small_firms: bool
    region_codes: list[str]

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return STATE_WORDS[TenderState(self.state)]

    @property
    def procedure_words(self) -> str:
        """Its procedure in words."""
        return WORDS[Procedure(self.procedure)]

    @property
    def changeable(self) -> bool:
        """Whether its content can still be changed."""
        return TenderState(self.state) in states.CHANGEABLE

    @property
    def published(self) -> bool:
        """Whether its notice was published."""
        return self.published_at is not None

    @property
    def below(self) -> bool:
        """Whether it is run below the threshold."""
        return Procedure(self.procedure) is Procedure.BELOW_THRESHOLD

    @property
    def public(self) -> bool:
        """Whether everybody sees it."""
        return states.is_public(self.state, published=self.published)


@dataclass(frozen=True, slots=True)
class BuyerRow:
    """A council in a tender, and how it is reached."""

    code: str
    name: str
    short_name: str
    address: str
    email: str
    identifier: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What a buyer expects to spend and take; only the buyers and sector leads get any."""

    code: str
    value_pence: int
    volume: int | None
    unit: str


async def tender_row(db: AsyncSession, tender_id: UUID) -> TenderRow:
    """Return a tender.

    Raises:
        Missing: no such tender, or not theirs to see.
    """
    query = select(*COLUMNS).join(LEAD, LEAD.code == Tender.lead_code).where(Tender.id == tender_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("tender")
    return TenderRow(*row)


async def locked_tender(db: AsyncSession, tender_id: UUID) -> TenderRow:
    """Return a tender that nobody else changes until this transaction ends.

    Raises:
        Missing: no such tender, or not theirs to see.
    """
    await db.execute(select(Tender.id).where(Tender.id == tender_id).with_for_update())
    return await tender_row(db, tender_id)


async def buyers(db: AsyncSession, tender_id: UUID) -> Sequence[BuyerRow]:
    """Return the councils of a tender, the lead first."""
    return (await buyers_of(db, [tender_id])).get(tender_id, [])


async def buyers_of(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[BuyerRow]]:
    """Return the councils of several tenders, of each the lead first."""
    rows = await db.execute(
        select(
            TenderBuyer.tender_id,
            TenderBuyer.body_code,
            Organisation.name,
            Organisation.short_name,
            TenderBuyer.address,
            TenderBuyer.email,
            TenderBuyer.identifier,
        )
        .join(Organisation, Organisation.code == TenderBuyer.body_code)
        .join(Tender, Tender.id == TenderBuyer.tender_id)
        .where(TenderBuyer.tender_id.in_(tender_ids))
        .order_by(TenderBuyer.body_code != Tender.lead_code, Organisation.name)
    )
    found: dict[UUID, list[BuyerRow]] = {}
    for tender_id, *buyer in rows:
        found.setdefault(tender_id, []).append(BuyerRow(*buyer))
    return found


async def shares(db: AsyncSession, tender_id: UUID) -> dict[str, ShareRow]:
    """Return what each buyer expects to spend and take, by its code."""
    rows = await db.execute(
        select(TenderShare.body_code, TenderShare.value_pence, TenderShare.volume, TenderShare.unit).where(
            TenderShare.tender_id == tender_id
        )
    )
    return {row[0]: ShareRow(*row) for row in rows}


async def of_pool(db: AsyncSession, pool_id: UUID) -> Sequence[TenderRow]:
    """Return the tenders of a pool that the reader may see, the newest first."""
    query = (
        select(*COLUMNS)
        .join(LEAD, LEAD.code == Tender.lead_code)
        .where(Tender.pool_id == pool_id)
        .order_by(Tender.created_at.desc())
    )
    return [TenderRow(*row) for row in await db.execute(query)]
