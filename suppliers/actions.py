"""Changes to suppliers: which names and numbers are which supplier; what firms say of themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, any_, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from store.db import take_turns
from suppliers import rules
from suppliers.models import (
    Assurance,
    FirmRegistration,
    FirmSize,
    Supplier,
    SupplierIdentifier,
    SupplierName,
)
from suppliers.rules import COMPANIES_HOUSE, Answer, Declared, Registered
from values.actors import Actor
from values.ids import uuid7


@dataclass(frozen=True, slots=True)
class Payee:
    """A name as published, with what is known about it.

    Attributes:
        key: the cleaned name (`analytics.names`): equal keys are the same name.
        company_number: eight characters of Companies House, or None.
        name: as published, for show.
        individual: a private individual, whose name no page shows.
        public_body: a council, the NHS, the police and the like.
    """

    key: str
    company_number: str | None
    name: str
    individual: bool
    public_body: bool


@dataclass(slots=True)
class _Known:
    by_number: dict[str, UUID]
    by_key: dict[str, UUID]
    names: set[tuple[str, str]]


async def resolve(
    db: AsyncSession, actor: Actor, payees: Sequence[Payee], *, seen_in: str
) -> dict[tuple[str, str | None], UUID]:
    """Find or make the supplier of each payee.

    A company number decides; without one, the cleaned exact name does. A number that is seen for the first
    time with a known name is added to that name's supplier unless the supplier has another number already:
    then it is another company of the same name.

    Returns:
        (key, company number or None) → supplier id, for every payee given.
    """
    # Two imports that meet the same new name must not make two suppliers of it.
    await take_turns(db, "suppliers.resolve")
    known = await _known(db, payees)
    numbered = set((await db.scalars(_numbered(set(known.by_key.values())))).all())
    new = _New(seen_in)
    # Names with a number first: a later line without one then finds its company by name.
    for payee in sorted(
        payees, key=lambda p: (p.company_number is None, p.company_number or "", p.key, p.name)
    ):
        supplier_id = _match(payee, known, numbered) or new.supplier(payee)
        if payee.company_number and payee.company_number not in known.by_number:
            known.by_number[payee.company_number] = supplier_id
            numbered.add(supplier_id)
            new.number(supplier_id, payee.company_number)
        known.by_key.setdefault(payee.key, supplier_id)
        if (payee.key, payee.name) not in known.names:
            known.names.add((payee.key, payee.name))
            new.name(supplier_id, payee)
    await new.store(db)
    if new.suppliers:
        await audit.record(
            db, actor, "suppliers.found", "body", seen_in, suppliers=len(new.suppliers), names=len(new.names)
        )
    return {
        (payee.key, payee.company_number): known.by_number[payee.company_number]
        if payee.company_number
        else known.by_key[payee.key]
        for payee in payees
    }


def _match(payee: Payee, known: _Known, numbered: set[UUID]) -> UUID | None:
    if payee.company_number in known.by_number:
        return known.by_number[payee.company_number]
    by_key = known.by_key.get(payee.key)
    if by_key is not None and payee.company_number and by_key in numbered:
        return None  # the same name under another number: another company until a person says otherwise
    return by_key


class _New:
    """Rows to be added at the end, in three statements."""

    def __init__(self, seen_in: str) -> None:
        self._seen_in = seen_in
        self.suppliers: list[dict[str, object]] = []
        self.names: list[dict[str, object]] = []
        self._numbers: list[dict[str, object]] = []

    def supplier(self, payee: Payee) -> UUID:
        supplier_id = uuid7()
        self.suppliers.append(
            {
                "id": supplier_id,
                "name": payee.name,
                "individual": payee.individual,
                "public_body": payee.public_body,
            }
        )
        return supplier_id

    def number(self, supplier_id: UUID, number: str) -> None:
        self._numbers.append(
            {
                "id": uuid7(),
                "supplier_id": supplier_id,
                "scheme": COMPANIES_HOUSE,
                "identifier": number,
                "seen_in": self._seen_in,
            }
        )

    def name(self, supplier_id: UUID, payee: Payee) -> None:
        self.names.append(
            {
                "id": uuid7(),
                "supplier_id": supplier_id,
                "key": payee.key,
                "name": payee.name,
                "individual": payee.individual,
                "seen_in": self._seen_in,
            }
        )

    async def store(self, db: AsyncSession) -> None:
        for table, rows in (
            (Supplier, self.suppliers),
            (SupplierIdentifier, self._numbers),
            (SupplierName, self.names),
        ):
            if rows:
                await db.execute(insert(table), rows)


async def _known(db: AsyncSession, payees: Iterable[Payee]) -> _Known:
    listed = list(payees)
    numbers = list({payee.company_number for payee in listed if payee.company_number})
    keys = list({payee.key for payee in listed})
    identifiers = await db.execute(
        select(SupplierIdentifier.identifier, SupplierIdentifier.supplier_id).where(
            SupplierIdentifier.scheme == COMPANIES_HOUSE,
            SupplierIdentifier.identifier == any_(bindparam("numbers", numbers, ARRAY(Text))),
        )
    )
    names = (
        await db.execute(
            select(SupplierName.key, SupplierName.name, SupplierName.supplier_id)
            .where(SupplierName.key == any_(bindparam("keys", keys, ARRAY(Text))))
            .order_by(SupplierName.id)
        )
    ).all()
    by_key: dict[str, UUID] = {}
    for row in names:
        by_key.setdefault(row.key, row.supplier_id)
    return _Known(
        {row.identifier: row.supplier_id for row in identifiers}, by_key, {(r.key, r.name) for r in names}
    )


def _numbered(suppliers: set[UUID]) -> Select[UUID]:
    return select(SupplierIdentifier.supplier_id).where(
        SupplierIdentifier.scheme == COMPANIES_HOUSE,
        SupplierIdentifier.supplier_id == any_(bindparam("ids", list(suppliers), ARRAY(Uuid))),
    )


async def save_assurance(db: AsyncSession, actor: Actor, said: Mapping[str, tuple[Answer, str]]) -> None:
    """Keep what the actor's firm says of its assurance, by code: the answer, and what shows it.

    The entry names the firm and not its answers: operators read the trail.

    Raises:
        NotAllowed: the actor does not act for a firm.
        Refused: something else is answered than what is asked, or the evidence is too long.
    """
    organisation_id = rules.check_firm(actor)
    for code, (answer, evidence) in said.items():
        rules.check_assurance(code, evidence)
        told = {"answer": answer.value, "evidence": evidence, "saved_by": actor.name}
        await db.execute(
            upsert(Assurance)
            .values(organisation_id=organisation_id, code=code, **told)
            .on_conflict_do_update(
                index_elements=["organisation_id", "code"],
                set_={**told, "saved_at": func.statement_timestamp()},
            )
            .inline()
        )
    await audit.record(db, actor, "assurance.saved", "organisation", organisation_id)


async def declare_size(db: AsyncSession, actor: Actor, declared: Declared) -> None:
    """Keep what the actor's firm says of its size and kind; what it said before stays in the audit trail.

    Raises:
        NotAllowed: the actor does not act for a firm.
        Refused: no size was chosen.
    """
    organisation_id = rules.check_firm(actor)
    rules.check_declared(declared)
    said = dataclasses.asdict(declared)
    told = {**said, "declared_by": actor.name}
    await db.execute(
        upsert(FirmSize)
        .values(organisation_id=organisation_id, **told)
        .on_conflict_do_update(
            index_elements=["organisation_id"], set_={**told, "declared_at": func.statement_timestamp()}
        )
        .inline()
    )
    await audit.record(
        db, actor, "firm.size_declared", "organisation", organisation_id, **said, words=declared.words
    )


async def declare_numbers(db: AsyncSession, actor: Actor, typed: Registered) -> None:
    """Keep under which numbers registers know the actor's firm; what it said before stays in the trail.

    A number that another firm holds violates a constraint of `firm_registration`, whoever that is.

    Raises:
        NotAllowed: the actor does not act for a firm.
        Refused: a number is none of its register, or nothing was said.
    """
    organisation_id = rules.check_firm(actor)
    found = rules.registered(typed)
    told = {**_kept(found), "declared_by": actor.name}
    await db.execute(
        upsert(FirmRegistration)
        .values(organisation_id=organisation_id, **told)
        .on_conflict_do_update(
            index_elements=["organisation_id"], set_={**told, "declared_at": func.statement_timestamp()}
        )
        .inline()
    )
    await audit.record(db, actor, "firm.numbers_declared", "organisation", organisation_id, words=found.words)


def _kept(found: Registered) -> dict[str, str | None]:
    return {name: number or None for name, number in dataclasses.asdict(found).items()}


async def enter_invented_numbers(db: AsyncSession, said: Mapping[UUID, Registered], by: str) -> None:
    """Write down numbers of invented firms. Needs the rights of the jobs role; safe to repeat."""
    rows = [{"organisation_id": firm, "declared_by": by, **_kept(found)} for firm, found in said.items()]
    await db.execute(upsert(FirmRegistration).values(rows).on_conflict_do_nothing())


async def enter_invented_sizes(db: AsyncSession, said: Mapping[UUID, Declared], by: str) -> None:
    """Write down what invented firms say of their size. Needs the rights of the jobs role; safe to repeat."""
    rows = [
        {"organisation_id": firm, "declared_by": by, **dataclasses.asdict(declared)}
        for firm, declared in said.items()
    ]
    await db.execute(upsert(FirmSize).values(rows).on_conflict_do_nothing())
