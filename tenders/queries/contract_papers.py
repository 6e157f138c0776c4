"""Notices, documents and payments of contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenders.models import (
    ContractDocument,
    ContractNotice,
    ContractPayment,
    PaymentInformation,
    TenderAward,
    TenderContract,
)
from tenders.rules.contracts.notices import NAMES
from tenders.rules.contracts.paying import Payment
from tenders.rules.notices import NOTICE_WORDS, Field, NoticeState
from values.refusals import Missing

KIND_WORDS: Final = {"contract": "Copy of the contract", "change": "Text of a change", "evidence": "Evidence"}


@dataclass(frozen=True, slots=True)
class ContractNoticeRow:
    """A notice of a contract as it was prepared, and what the central platform said of it."""

    id: UUID
    contract_id: UUID
    code: str
    about_id: UUID
    fields: list[dict[str, Any]]
    state: str
    prepared_by: str
    prepared_at: datetime
    reference: str
    published_at: datetime | None
    confirmed_by: str
    confirmed_at: datetime | None

    @property
    def name(self) -> str:
        """What it is called."""
        return NAMES[self.code]

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return NOTICE_WORDS[NoticeState(self.state)]

    @property
    def said(self) -> list[Field]:
        """Its fields."""
        return [Field(**each) for each in self.fields]


@dataclass(frozen=True, slots=True)
class ContractDocumentRow:
    """A file of a contract; `withheld`: what was left out of the copy, and why."""

    id: UUID
    kind: str
    about_id: UUID
    title: str
    sha256: bytes
    name: str
    size: int
    withheld: str
    added_by: str
    added_at: datetime
    reference: str
    published_on: date | None

    @property
    def kind_words(self) -> str:
        """What it is."""
        return KIND_WORDS[self.kind]


async def notices(db: AsyncSession, contract_id: UUID) -> Sequence[ContractNoticeRow]:
    """Return the notices of a contract that the reader may see, the newest first."""
    columns = (
        ContractNotice.id,
        ContractNotice.contract_id,
        ContractNotice.code,
        ContractNotice.about_id,
        ContractNotice.fields,
        ContractNotice.state,
        ContractNotice.prepared_by,
        ContractNotice.prepared_at,
        ContractNotice.reference,
        ContractNotice.published_at,
        ContractNotice.confirmed_by,
        ContractNotice.confirmed_at,
    )
    query = select(*columns).where(ContractNotice.contract_id == contract_id)
    rows = await db.execute(query.order_by(ContractNotice.prepared_at.desc(), ContractNotice.id.desc()))
    return [ContractNoticeRow(*row) for row in rows]


async def notice(db: AsyncSession, contract_id: UUID, notice_id: UUID) -> ContractNoticeRow:
    """Return one notice.

    Raises:
        Missing: the contract has none of this id, or it is not the reader's to see.
    """
    found = next((each for each in await notices(db, contract_id) if each.id == notice_id), None)
    if found is None:
        raise Missing("notice")
    return found


async def documents(db: AsyncSession, contract_id: UUID) -> Sequence[ContractDocumentRow]:
    """Return the files of a contract that the reader may see, the newest first."""
    columns = (
        ContractDocument.id,
        ContractDocument.kind,
        ContractDocument.about_id,
        ContractDocument.title,
        ContractDocument.sha256,
        ContractDocument.name,
        ContractDocument.size,
        ContractDocument.withheld,
        ContractDocument.added_by,
        ContractDocument.added_at,
        ContractDocument.reference,
        ContractDocument.published_on,
    )
    query = select(*columns).where(ContractDocument.contract_id == contract_id)
    return [
        ContractDocumentRow(*row)
        for row in await db.execute(query.order_by(ContractDocument.added_at.desc()))
    ]


async def document(db: AsyncSession, contract_id: UUID, document_id: UUID) -> ContractDocumentRow:
    """Return one file.

    Raises:
        Missing: the contract has none of this id, or it is not the reader's to see.
    """
    found = next((each for each in await documents(db, contract_id) if each.id == document_id), None)
    if found is None:
        raise Missing("document")
    return found


def _payments() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ContractPayment.id,
            ContractPayment.contract_id,
            TenderContract.reference,
            TenderAward.supplier_name.label("supplier"),
            ContractPayment.invoice,
            ContractPayment.sum_pence,
            ContractPayment.received_on,
            ContractPayment.falls_due_on,
            ContractPayment.disputed,
            ContractPayment.paid_on,
        )
        .join(TenderContract, TenderContract.id == ContractPayment.contract_id)
        .join(
            TenderAward,
            (TenderAward.tender_id == TenderContract.tender_id)
            & (TenderAward.lot_id == TenderContract.lot_id),
        )
        .order_by(ContractPayment.received_on, ContractPayment.id)
    )


async def payments(db: AsyncSession, contract_id: UUID) -> Sequence[Payment]:
    """Return the invoices under a contract by the day on which they came."""
    rows = await db.execute(_payments().where(ContractPayment.contract_id == contract_id))
    return [Payment(**row) for row in rows.mappings()]


async def payments_of(db: AsyncSession, body_code: str) -> Sequence[Payment]:
    """Return the invoices under all contracts of a council."""
    rows = await db.execute(_payments().where(TenderContract.body_code == body_code))
    return [Payment(**row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class InformationRow:
    """What was published of payments under a contract: where, when, and each payment as it was published."""

    reference: str
    published_on: date
    payments: Sequence[dict[str, Any]]


async def payment_information(db: AsyncSession, contract_id: UUID) -> Sequence[InformationRow]:
    """Return what was published of payments under a contract, the first first."""
    columns = (PaymentInformation.reference, PaymentInformation.published_on, PaymentInformation.payments)
    query = select(*columns).where(PaymentInformation.contract_id == contract_id)
    return [InformationRow(*row) for row in await db.execute(query.order_by(PaymentInformation.recorded_at))]
