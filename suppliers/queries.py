"""Reads of suppliers: who was paid, under which names and numbers; what firms say of themselves.

Private individuals are in none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from accounts.queries import trail
from accounts.queries.trail import EntryRow
from accounts.rules.trail import Words
from analytics import names
from store.models import AuditEntry
from suppliers.models import (
    Assurance,
    FirmRegistration,
    FirmSize,
    Supplier,
    SupplierIdentifier,
    SupplierName,
)
from suppliers.rules import (
    ANSWER_WORDS,
    ASKED,
    COMPANIES_HOUSE,
    NOTHING_DECLARED,
    NOTHING_REGISTERED,
    Answer,
    Declared,
    Registered,
    declared_from,
    registered_from,
)
from values.actors import Actor
from values.refusals import Missing

# Schemes of identifiers, by the codes of org-id.guide.
SCHEMES: Final = {"GB-COH": "Companies House"}


@dataclass(frozen=True, slots=True)
class SupplierFilter:
    """Which suppliers a list shows; empty words leave all.

    Attributes:
        words: part of a name, or a company number.
        sort: a key of SORTS.
    """

    words: str = ""
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier, as lists show it."""

    id: UUID
    name: str
    public_body: bool
    numbers: Sequence[str]
    name_count: int


@dataclass(frozen=True, slots=True)
class SeenName:
    """A name as published, and the body in whose payments it was seen first."""

    name: str
    body_code: str
    body_name: str | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number in a register, and the body in whose payments it was seen first."""

    scheme: str
    number: str
    body_code: str
    body_name: str | None


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """All that is known of who a supplier is."""

    id: UUID
    name: str
    public_body: bool
    created_at: datetime
    identifiers: Sequence[Identifier]
    names: Sequence[SeenName]


# Correlated, so that they are counted for the lines of one page only.
_NAME_COUNT = (
    select(func.count())
    .where(SupplierName.supplier_id == Supplier.id, ~SupplierName.individual)
    .scalar_subquery()
)
_NUMBERS = (
    select(func.array_agg(aggregate_order_by(SupplierIdentifier.identifier, SupplierIdentifier.identifier)))
    .where(SupplierIdentifier.supplier_id == Supplier.id)
    .scalar_subquery()
)
SORTS: Final = {"name": func.lower(Supplier.name), "added": Supplier.created_at}
_WORDS = bindparam("words", type_=Text)
_NUMBER = bindparam("number", type_=Text)


def _matching(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    named = select(SupplierName.supplier_id).where(
        SupplierName.name.ilike(_WORDS, escape="!"), ~SupplierName.individual
    )
    numbered = select(SupplierIdentifier.supplier_id).where(SupplierIdentifier.identifier == _NUMBER)
    return query.where(
        ~Supplier.individual,
        or_(_WORDS == "", Supplier.id.in_(named), Supplier.id.in_(numbered)),
    )


_LIST: Final = _matching(
    select(Supplier.id, Supplier.name, Supplier.public_body, func.coalesce(_NUMBERS, []), _NAME_COUNT)
)
_COUNT: Final = _matching(select(func.count()).select_from(Supplier))
_SUPPLIER: Final = select(Supplier.id, Supplier.name, Supplier.public_body, Supplier.created_at).where(
    Supplier.id == bindparam("supplier"), ~Supplier.individual
)
_NAMES: Final = (
    select(SupplierName.name, SupplierName.seen_in, Organisation.short_name)
    .outerjoin(Organisation, Organisation.code == SupplierName.seen_in)
    .where(SupplierName.supplier_id == bindparam("supplier"), ~SupplierName.individual)
    .order_by(func.lower(SupplierName.name), SupplierName.id)
)
_IDENTIFIERS: Final = (
    select(
        SupplierIdentifier.scheme,
        SupplierIdentifier.identifier,
        SupplierIdentifier.seen_in,
        Organisation.short_name,
    )
    .outerjoin(Organisation, Organisation.code == SupplierIdentifier.seen_in)
    .where(SupplierIdentifier.supplier_id == bindparam("supplier"))
    .order_by(SupplierIdentifier.scheme, SupplierIdentifier.identifier)
)


async def suppliers(
    db: AsyncSession, wanted: SupplierFilter, *, offset: int, limit: int
) -> tuple[int, list[SupplierRow]]:
    """Return how many suppliers a filter lets through, and one page of them."""
    values = _values(wanted)
    order = SORTS[wanted.sort].desc() if wanted.descending else SORTS[wanted.sort].asc()
    total = await db.scalar(_COUNT, values)
    rows = await db.execute(_LIST.order_by(order, Supplier.id).offset(offset).limit(limit), values)
    return total or 0, [SupplierRow(*row) for row in rows]


async def supplier_page(db: AsyncSession, supplier_id: UUID) -> SupplierPage:
    """Return who a supplier is.

    Raises:
        Missing: there is none, or it is a private individual.
    """
    row = (await db.execute(_SUPPLIER, {"supplier": supplier_id})).first()
    if row is None:
        raise Missing("supplier")
    seen = await db.execute(_NAMES, {"supplier": supplier_id})
    numbers = await db.execute(_IDENTIFIERS, {"supplier": supplier_id})
    return SupplierPage(
        row.id,
        row.name,
        row.public_body,
        row.created_at,
        [Identifier(*each) for each in numbers],
        [SeenName(*each) for each in seen],
    )


def _values(wanted: SupplierFilter) -> dict[str, str]:
    literal = wanted.words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return {
        "words": f"%{literal}%" if wanted.words else "",
        "number": names.company_number(wanted.words) or "" if wanted.words else "",
    }


@dataclass(frozen=True, slots=True)
class AssuranceRow:
    """What a firm says of one part of its assurance."""

    code: str
    answer: str
    evidence: str

    @property
    def name(self) -> str:
        """What was asked."""
        return ASKED.get(self.code, self.code)

    @property
    def words(self) -> str:
        """The answer in words."""
        return ANSWER_WORDS[Answer(self.answer)]

    @property
    def told(self) -> str:
        """What was asked, with the answer."""
        return f"{self.name}: {self.words.lower()}"


async def own_assurance(db: AsyncSession, actor: Actor) -> dict[str, AssuranceRow]:
    """Return what the actor's firm has said of its assurance, by code, in the order of the questions."""
    rows = await db.execute(
        select(Assurance.code, Assurance.answer, Assurance.evidence).where(
            Assurance.organisation_id == actor.organisation_id
        )
    )
    found = {row[0]: AssuranceRow(*row) for row in rows}
    return {code: found[code] for code in ASKED if code in found}


@dataclass(frozen=True, slots=True)
class SizeRow:
    """What a firm has declared of its size and kind: by whom and when, where it has."""

    declared: Declared
    declared_by: str = ""
    declared_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Tell whether it is time to look whether it still holds: a size is that of a financial year."""
        return self.declared_at is not None and now - self.declared_at > timedelta(days=365)


_SIZES: Final = select(
    FirmSize.organisation_id,
    FirmSize.size,
    FirmSize.voluntary,
    FirmSize.supported,
    FirmSize.mutual,
    FirmSize.declared_by,
    FirmSize.declared_at,
)
_SAID: Final = Words(
    dict.fromkeys(("firm.size_declared", "firm.numbers_declared"), "Declared: {words}"), "Declared"
)


async def own_size(db: AsyncSession, actor: Actor) -> SizeRow:
    """Return what the actor's firm has declared of its size and kind."""
    row = (await db.execute(_SIZES.where(FirmSize.organisation_id == actor.organisation_id))).first()
    if row is None:
        return SizeRow(NOTHING_DECLARED)
    return SizeRow(_declared(row), row.declared_by, row.declared_at)


def _declared(row: Any) -> Declared:
    return declared_from(row.size, row.voluntary, row.supported, row.mutual)


async def firm_history(db: AsyncSession, actor: Actor, *, limit: int = 20) -> Sequence[EntryRow]:
    """Return what the actor's firm has declared over time, the newest first."""
    if actor.organisation_id is None:
        return []
    only = [AuditEntry.action.in_(("firm.size_declared", "firm.numbers_declared"))]
    own = ("organisation", actor.organisation_id, _SAID)
    return (await trail.entries(db, *own, offset=0, limit=limit, only=only))[1]


async def declared_sizes(db: AsyncSession, firms: Collection[UUID]) -> Mapping[UUID, Declared]:
    """Return what each of these firms has declared of size and kind, as far as the reader may know."""
    rows = await db.execute(_SIZES.where(FirmSize.organisation_id.in_(firms)))
    found = {row.organisation_id: _declared(row) for row in rows}
    return {firm: found.get(firm, NOTHING_DECLARED) for firm in firms}


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """Under which numbers registers know a firm, by whose word and when, where it said so."""

    registered: Registered
    declared_by: str = ""
    declared_at: datetime | None = None


_NUMBERS_OF_FIRMS: Final = select(
    FirmRegistration.company_number,
    FirmRegistration.charity_number,
    FirmRegistration.ppon,
    FirmRegistration.none_because,
    FirmRegistration.organisation_id,
    FirmRegistration.declared_by,
    FirmRegistration.declared_at,
)


async def own_numbers(db: AsyncSession, actor: Actor) -> RegistrationRow:
    """Return under which numbers the actor's firm says that registers know it."""
    own = FirmRegistration.organisation_id == actor.organisation_id
    row = (await db.execute(_NUMBERS_OF_FIRMS.where(own))).first()
    if row is None:
        return RegistrationRow(NOTHING_REGISTERED)
    return RegistrationRow(registered_from(*row[:4]), row.declared_by, row.declared_at)


async def numbers(db: AsyncSession, firms: Collection[UUID]) -> Mapping[UUID, Registered]:
    """Return under which numbers registers know each of these firms, as far as the reader may know."""
    rows = await db.execute(_NUMBERS_OF_FIRMS.where(FirmRegistration.organisation_id.in_(firms)))
    found = {row.organisation_id: registered_from(*row[:4]) for row in rows}
    return {firm: found.get(firm, NOTHING_REGISTERED) for firm in firms}


async def paid_as(db: AsyncSession, company_number: str) -> tuple[UUID, str] | None:
    """Return the supplier in payments under this very company number: its id and name."""
    query = select(Supplier.id, Supplier.name).join(
        SupplierIdentifier, SupplierIdentifier.supplier_id == Supplier.id
    )
    row = (
        await db.execute(
            query.where(
                SupplierIdentifier.scheme == COMPANIES_HOUSE,
                SupplierIdentifier.identifier == company_number,
                ~Supplier.individual,
            )
        )
    ).first()
    return (row[0], row[1]) if row else None
