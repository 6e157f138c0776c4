"""Awards that are public: those whose notice the central platform has published, for everybody alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, column, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from spend.rules.categories import taxonomy
from suppliers.rules import NOTHING_DECLARED, NOTHING_REGISTERED
from tenders.models import (
    ContractNotice,
    Tender,
    TenderBuyer,
    TenderContract,
    TenderLot,
    TenderNotice,
    TenderStandstill,
)
from tenders.queries.tenders import BUYERS, LEAD
from tenders.rules.award_facts import AwardFacts, Named, from_json
from tenders.rules.awarded import AwardFilter
from tenders.rules.notices import Code, NoticeState
from values.refusals import Missing

# What notices tell of each lot; a lot's number is its place among the lots of its tender.
_WON: Final = (
    func.jsonb_to_recordset(TenderNotice.facts["won"])
    .table_valued(
        column("number", BigInteger),
        column("supplier_id", Text),
        column("supplier", Text),
        column("net_pence", BigInteger),
        name="won",
    )
    .render_derived(with_types=True)
)
_LOTS: Final = select(
    TenderLot.id,
    TenderLot.tender_id,
    TenderLot.title,
    func.row_number().over(partition_by=TenderLot.tender_id, order_by=TenderLot.position).label("number"),
).subquery("numbered")
SORTS: Final = {
    "awarded": TenderNotice.published_at,
    "title": Tender.title,
    "supplier": _WON.c.supplier,
    "lead": LEAD.short_name,
    "value": _WON.c.net_pence,
}


@dataclass(frozen=True, slots=True)
class AwardRow:
    """A lot that is awarded, as the notice told it. `several`: the tender has more lots than this."""

    tender_id: UUID
    number: int
    title: str
    lot_title: str
    several: bool
    category: str
    lead_code: str
    lead_name: str
    buyers: int
    supplier_id: str
    supplier: str
    net_pence: int | None
    published_at: datetime
    standstill_to: date | None
    state: str
    demonstration: bool
    kept: dict[str, Any]

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def facts(self) -> AwardFacts:
        """All that the notice told."""
        return from_json(self.kept)

    @property
    def suppliers(self) -> Sequence[Named]:
        """All suppliers to which the lot goes, as the notice told of them; none in older notices."""
        return next((won.suppliers for won in self.facts.won if won.number == self.number), ())

    @property
    def declared_words(self) -> str:
        """What its suppliers had declared of their size and kind, in words."""
        if len(self.suppliers) < 2:
            return (self.suppliers[0].declared if self.suppliers else NOTHING_DECLARED).words
        return "; ".join(f"{each.name}: {each.declared.words.lower()}" for each in self.suppliers)

    @property
    def numbers_words(self) -> str:
        """Under which numbers registers know its suppliers, in words."""
        if len(self.suppliers) < 2:
            return (self.suppliers[0].registered if self.suppliers else NOTHING_REGISTERED).words
        return "; ".join(f"{each.name}: {each.registered.words}" for each in self.suppliers)

    @property
    def href(self) -> str:
        """Where it is shown."""
        return f"/awards/{self.tender_id}/{self.number}"


_COUNTED: Final = select(func.count()).where(TenderLot.tender_id == Tender.id).correlate(Tender)
_COLUMNS: Final = (
    Tender.id,
    _WON.c.number,
    Tender.title,
    _LOTS.c.title.label("lot_title"),
    _COUNTED.scalar_subquery() > 1,
    Tender.category,
    Tender.lead_code,
    LEAD.short_name,
    BUYERS,
    _WON.c.supplier_id,
    _WON.c.supplier,
    _WON.c.net_pence,
    TenderNotice.published_at,
    TenderStandstill.ends_on,
    Tender.state,
    Tender.demonstration,
    TenderNotice.facts,
)


def _public(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(TenderNotice)
        .join(_WON, true())
        .join(Tender, Tender.id == TenderNotice.tender_id)
        .join(LEAD, LEAD.code == Tender.lead_code)
        .join(_LOTS, (_LOTS.c.tender_id == Tender.id) & (_LOTS.c.number == _WON.c.number))
        .outerjoin(TenderStandstill, TenderStandstill.tender_id == Tender.id)
        .where(
            TenderNotice.code == Code.AWARD.value,
            TenderNotice.state == NoticeState.CONFIRMED.value,
            TenderNotice.facts != {},
        )
    )


def _asked(query: Select[*tuple[Any, ...]], wanted: AwardFilter) -> Select[*tuple[Any, ...]]:
    query = _public(query)
    if wanted.words:
        asked = func.websearch_to_tsquery("english", wanted.words)
        query = query.where(
            or_(Tender.words.op("@@")(asked), _WON.c.supplier.icontains(wanted.words, autoescape=True))
        )
    if wanted.category:
        query = query.where(Tender.category == wanted.category)
    if wanted.supplier:
        query = query.where(_WON.c.supplier.icontains(wanted.supplier, autoescape=True))
    if wanted.buyer:
        bought = select(TenderBuyer.tender_id).where(TenderBuyer.body_code == wanted.buyer)
        query = query.where(Tender.id.in_(bought))
    return query


async def listed(
    db: AsyncSession,
    wanted: AwardFilter,
    *,
    sort: str = "awarded",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> tuple[int, list[AwardRow]]:
    """Return how many awards a filter lets through, and one page of them."""
    total = await db.scalar(_asked(select(func.count()), wanted))
    key: Any = SORTS[sort]
    order = (key.desc() if descending else key.asc()).nulls_last()
    found = _asked(select(*_COLUMNS), wanted).order_by(order, Tender.id, _WON.c.number)
    return total or 0, [AwardRow(*row) for row in await db.execute(found.offset(offset).limit(limit))]


async def award(db: AsyncSession, tender_id: UUID, number: int) -> AwardRow:
    """Return the award of a lot.

    Raises:
        Missing: there is none, or its notice is not published.
    """
    query = _public(select(*_COLUMNS)).where(Tender.id == tender_id, _WON.c.number == number)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("award")
    return AwardRow(*row)


@dataclass(frozen=True, slots=True)
class SignedRow:
    """A contract under an award whose details notice is published."""

    id: UUID
    body_name: str
    reference: str
    signed_on: date
    value_gross_pence: int
    ends_on: date | None


async def signed(db: AsyncSession, tender_id: UUID, number: int) -> Sequence[SignedRow]:
    """Return the public contracts for a lot, the one that was signed first first."""
    published = exists().where(
        ContractNotice.contract_id == TenderContract.id,
        ContractNotice.code == "UK7",
        ContractNotice.state == NoticeState.CONFIRMED.value,
    )
    rows = await db.execute(
        select(
            TenderContract.id,
            Organisation.short_name,
            TenderContract.reference,
            TenderContract.signed_on,
            TenderContract.value_gross_pence,
            TenderContract.ends_on,
        )
        .join(Organisation, Organisation.code == TenderContract.body_code)
        .join(_LOTS, (_LOTS.c.id == TenderContract.lot_id) & (_LOTS.c.number == number))
        .where(TenderContract.tender_id == tender_id, published)
        .order_by(TenderContract.signed_on, Organisation.short_name)
    )
    return [SignedRow(*row) for row in rows]


async def buyers_offered(db: AsyncSession) -> Sequence[tuple[str, str]]:
    """Return the councils that have bought something by an award, by name."""
    awarded = select(TenderNotice.tender_id).where(
        TenderNotice.code == Code.AWARD.value,
        TenderNotice.state == NoticeState.CONFIRMED.value,
        TenderNotice.facts != {},
    )
    bought = select(TenderBuyer.body_code).where(TenderBuyer.tender_id.in_(awarded))
    rows = await db.execute(
        select(Organisation.code, Organisation.short_name)
        .where(Organisation.code.in_(bought))
        .order_by(Organisation.short_name)
    )
    return [(str(code), name) for code, name in rows]
