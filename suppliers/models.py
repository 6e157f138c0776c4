"""Tables of suppliers: who is paid, under which identifiers and names; what firms say of themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7


class Supplier(Table):
    """A legal entity that councils pay, as far as identifiers and cleaned exact names tell.

    A private individual has a row, so that payments to one are counted together, but row-level security keeps
    the name from the application.
    """

    __tablename__ = "supplier"
    __table_args__ = (Index("ix_supplier_name", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(Text)
    individual: Mapped[bool] = mapped_column(server_default="false")
    public_body: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))


class SupplierIdentifier(Table):
    """A number in a register: scheme GB-COH (Companies House) and the like."""

    __tablename__ = "supplier_identifier"
    __table_args__ = (
        UniqueConstraint("scheme", "identifier", name="uq_supplier_identifier_scheme_identifier"),
        Index("ix_supplier_identifier_supplier_id", "supplier_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    scheme: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(Text)
    seen_in: Mapped[str] = mapped_column(Text)


class SupplierName(Table):
    """A name as published, and the cleaned key under which it is the same name."""

    __tablename__ = "supplier_name"
    __table_args__ = (
        UniqueConstraint("key", "name", name="uq_supplier_name_key"),
        Index("ix_supplier_name_supplier_id", "supplier_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    individual: Mapped[bool] = mapped_column(server_default="false")
    seen_in: Mapped[str] = mapped_column(Text)


class Assurance(Table):
    """What a firm says of its own assurance, once for all that it answers; for its own people alone."""

    __tablename__ = "assurance"
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z][a-z0-9-]*$'", name="code"),
        CheckConstraint("answer in ('yes','underway','no')", name="answer"),
        CheckConstraint("length(evidence) <= 500", name="evidence"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, server_default="")
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))


class FirmSize(Table):
    """What a firm says of its size and kind, as it said it last; a firm without a row has not declared it.

    Attributes:
        voluntary: a voluntary, community or social enterprise; None where that was not said.
        supported: a supported employment provider; the same.
        mutual: a public service mutual; the same.
    """

    __tablename__ = "firm_size"
    __table_args__ = (CheckConstraint("size in ('micro','small','medium','large')", name="size"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    size: Mapped[str] = mapped_column(Text)
    voluntary: Mapped[bool | None]
    supported: Mapped[bool | None]
    mutual: Mapped[bool | None]
    declared_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))


class FirmRegistration(Table):
    """Numbers under which registers know a firm, as it says, or why it has none; one firm holds a number.

    Attributes:
        company_number: of Companies House, in its eight characters.
        charity_number: its form tells the register (`values.registers`).
        ppon: of the central platform.
    """

    __tablename__ = "firm_registration"
    __table_args__ = (
        CheckConstraint(
            "(none_because is null) = (coalesce(company_number, charity_number, ppon) is not null)",
            name="said",
        ),
        CheckConstraint("btrim(none_because) <> ''", name="none_because"),
        UniqueConstraint("company_number", name="uq_firm_registration_company_number"),
        UniqueConstraint("charity_number", name="uq_firm_registration_charity_number"),
        UniqueConstraint("ppon", name="uq_firm_registration_ppon"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    company_number: Mapped[str | None] = mapped_column(Text)
    charity_number: Mapped[str | None] = mapped_column(Text)
    ppon: Mapped[str | None] = mapped_column(Text)
    none_because: Mapped[str | None] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
