"""Tables of the parts of a tender: lots, requirements, criteria, indicators, documents with versions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NO, NOW
from values.ids import uuid7


class TenderLot(Table):
    """A lot: its value, the take-up at which prices are compared, and the tiers of its price schedule.

    `tier_starts`: after so many units another price applies; the first is 0.
    """

    __tablename__ = "tender_lot"
    __table_args__ = (
        UniqueConstraint("tender_id", "id", name="uq_tender_lot_id"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("net_pence >= 0 and options_pence >= 0 and gross_pence >= 0", name="values"),
        CheckConstraint("low_units >= 0 and expected_units >= 0 and full_units >= 0", name="units"),
        CheckConstraint("low_weight >= 0 and expected_weight >= 0 and full_weight >= 0", name="weights"),
        CheckConstraint("counting in ('all units','units in tier')", name="counting"),
        CheckConstraint("array_to_string(areas, ' ') ~ '^(UK[C-N]([0-9][0-9A-Z]?)?( |$))*$'", name="areas"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    cpv: Mapped[str] = mapped_column(Text, server_default="")
    net_pence: Mapped[int | None]
    options_pence: Mapped[int | None]
    options: Mapped[str] = mapped_column(Text, server_default="")
    gross_pence: Mapped[int | None]
    unit: Mapped[str] = mapped_column(Text, server_default="")
    low_units: Mapped[int | None]
    expected_units: Mapped[int | None]
    full_units: Mapped[int | None]
    low_weight: Mapped[int] = mapped_column(server_default="1")
    expected_weight: Mapped[int] = mapped_column(server_default="1")
    full_weight: Mapped[int] = mapped_column(server_default="1")
    tier_starts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{0}'::bigint[]"))
    counting: Mapped[str] = mapped_column(Text, server_default="units in tier")
    small_firms: Mapped[bool] = mapped_column(server_default=NO)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))


class TenderRequirement(Table):
    """A line of what is to be delivered: in all lots, or in one; must or nice to have; perhaps an option."""

    __tablename__ = "tender_requirement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "lot_id"],
            ["tender_lot.tender_id", "tender_lot.id"],
            name="fk_tender_requirement_tender_lot",
        ),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("kind in ('must','nice','option')", name="kind"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class TenderCriterion(Table):
    """A condition of participation, an award criterion, or a part of one (`parent_id`)."""

    __tablename__ = "tender_criterion"
    __table_args__ = (
        UniqueConstraint("tender_id", "id", name="uq_tender_criterion_id"),
        ForeignKeyConstraint(
            ["tender_id", "parent_id"],
            ["tender_criterion.tender_id", "tender_criterion.id"],
            name="fk_tender_criterion_parent",
            ondelete="CASCADE",
        ),
        CheckConstraint("kind in ('condition','award')", name="kind"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("weight between 0 and 100", name="weight"),
        CheckConstraint("highest >= 1 and least >= 0", name="marks"),
        CheckConstraint("parent_id is null or kind = 'award'", name="parent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    kind: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[UUID | None]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    weight: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    highest: Mapped[int | None]
    least: Mapped[int | None]
    passes_or_fails: Mapped[bool] = mapped_column(server_default=NO)
    standard: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(Text, server_default="")


class TenderKpi(Table):
    """A key performance indicator of the contracts that come of a tender."""

    __tablename__ = "tender_kpi"
    __table_args__ = (CheckConstraint("title <> ''", name="title"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, server_default="")
    target: Mapped[str] = mapped_column(Text, server_default="")


class TenderDocument(Table):
    """A document of a tender; what is read is its last version. One that was removed stays on record."""

    __tablename__ = "tender_document"
    __table_args__ = (
        UniqueConstraint("tender_id", "id", name="uq_tender_document_id"),
        CheckConstraint("title <> ''", name="title"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime | None]


class TenderDocumentVersion(Table):
    """A version of a document: which file, by its SHA-256, and who added it."""

    __tablename__ = "tender_document_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "document_id"],
            ["tender_document.tender_id", "tender_document.id"],
            name="fk_tender_document_version_tender_document",
        ),
        Index("ix_tender_document_version_sha256", "sha256"),
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tender_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("stored_file.sha256"))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    person_name: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
