"""Tables of a contract: its facts as it was signed, its notices, documents, breaches, payments, ends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NO, NOW
from values.ids import uuid7


class TenderContract(Table):
    """A contract that a council signed for a lot, as it was on that day; it is never rewritten.

    What it came to by changes is in `contract_change`. Public once its details notice is.
    """

    __tablename__ = "tender_contract"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "lot_id"],
            ["tender_award.tender_id", "tender_award.lot_id"],
            name="fk_tender_contract_tender_award",
        ),
        ForeignKeyConstraint(
            ["tender_id", "body_code"],
            ["tender_buyer.tender_id", "tender_buyer.body_code"],
            name="fk_tender_contract_tender_buyer",
        ),
        CheckConstraint("btrim(reference) <> ''", name="reference"),
        CheckConstraint("value_gross_pence >= 0", name="value_gross_pence"),
        CheckConstraint("ends_on >= starts_on and extended_until >= ends_on", name="span"),
        UniqueConstraint("id", name="uq_tender_contract_id"),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date]
    details_due_on: Mapped[date | None]
    kpis: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    id: Mapped[UUID] = mapped_column(default=uuid7)
    value_gross_pence: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    extended_until: Mapped[date | None]
    options: Mapped[str] = mapped_column(Text, server_default="")


class ContractNotice(Table):
    """A notice of a contract as it was prepared, and what the central platform said of it.

    `about_id` is what it is about: the contract, an assessment, a breach, a change, an end. `facts` is what
    it tells as values (`tenders.rules.contracts.telling`).
    """

    __tablename__ = "contract_notice"
    __table_args__ = (
        CheckConstraint("code in ('UK7','UK9','UK10','UK11')", name="code"),
        CheckConstraint("state in ('prepared','confirmed','discarded')", name="state"),
        CheckConstraint(
            "(state = 'confirmed') = (reference <> '' and published_at is not null)", name="confirmed"
        ),
        Index("ix_contract_notice_contract_id", "contract_id"),
        Index(
            "uq_contract_notice_prepared",
            "contract_id",
            "code",
            "about_id",
            unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    code: Mapped[str] = mapped_column(Text)
    about_id: Mapped[UUID]
    fields: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    state: Mapped[str] = mapped_column(Text, server_default="prepared")
    prepared_by: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime] = mapped_column(server_default=NOW)
    reference: Mapped[str] = mapped_column(Text, server_default="")
    published_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(Text, server_default="")
    confirmed_at: Mapped[datetime | None]


class ContractDocument(Table):
    """A file of a contract: its text or that of a change, to be published, or evidence, which stays inside.

    `withheld` says what was left out of the copy, and on which ground of section 94.
    """

    __tablename__ = "contract_document"
    __table_args__ = (
        CheckConstraint("kind in ('contract','change','evidence')", name="kind"),
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("(published_on is null) = (reference = '')", name="published"),
        CheckConstraint("kind <> 'evidence' or published_on is null", name="inside"),
        Index("ix_contract_document_contract_id", "contract_id"),
        Index("ix_contract_document_sha256", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    kind: Mapped[str] = mapped_column(Text)
    about_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("stored_file.sha256"))
    name: Mapped[str] = mapped_column(Text)
    file_kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    withheld: Mapped[str] = mapped_column(Text, server_default="")
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
    reference: Mapped[str] = mapped_column(Text, server_default="")
    published_on: Mapped[date | None]


class ContractBreach(Table):
    """A breach with a consequence, or a failure after a proper chance to improve (section 71(3) and (4))."""

    __tablename__ = "contract_breach"
    __table_args__ = (
        CheckConstraint(
            "consequence in ('terminated','partly-terminated','damages','settlement','not-improved')",
            name="consequence",
        ),
        CheckConstraint("btrim(words) <> ''", name="words"),
        Index("ix_contract_breach_contract_id", "contract_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    applies_on: Mapped[date]
    consequence: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ContractEnding(Table):
    """That a contract ended, in whole once, or in part; expiry included (section 80)."""

    __tablename__ = "contract_ending"
    __table_args__ = (
        CheckConstraint(
            "kind in ('expired','performed','agreed','breach','implied','other-term','set-aside')",
            name="kind",
        ),
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("whole or kind not in ('expired','performed')", name="part"),
        Index("ix_contract_ending_contract_id", "contract_id"),
        Index("uq_contract_ending_whole", "contract_id", unique=True, postgresql_where=text("whole")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    whole: Mapped[bool]
    kind: Mapped[str] = mapped_column(Text)
    ended_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ContractManager(Table):
    """Who of the council looks after a contract: took it on, until somebody else does."""

    __tablename__ = "contract_manager"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"), primary_key=True)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    taken_on_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ContractPayment(Table):
    """An invoice under a contract, and when it was paid; it is settled once."""

    __tablename__ = "contract_payment"
    __table_args__ = (
        CheckConstraint("btrim(invoice) <> ''", name="invoice"),
        CheckConstraint("sum_pence > 0", name="sum_pence"),
        UniqueConstraint("contract_id", "invoice", name="uq_contract_payment_invoice"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    invoice: Mapped[str] = mapped_column(Text)
    sum_pence: Mapped[int]
    received_on: Mapped[date]
    falls_due_on: Mapped[date | None]
    disputed: Mapped[bool] = mapped_column(server_default=NO)
    paid_on: Mapped[date | None]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PaymentInformation(Table):
    """Payments under a contract of which information was published (section 70); for everybody from then on.

    `payments` keeps of each its id, sum and day, as they were published.
    """

    __tablename__ = "payment_information"
    __table_args__ = (
        CheckConstraint("btrim(reference) <> ''", name="reference"),
        CheckConstraint("jsonb_array_length(payments) > 0", name="payments"),
        Index("ix_payment_information_contract_id", "contract_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    reference: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date]
    payments: Mapped[list[Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
