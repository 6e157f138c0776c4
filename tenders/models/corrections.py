"""Tables of corrections: what a published tender is to say instead, who approved it, its notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW
from values.ids import uuid7


class TenderCorrection(Table):
    """A correction of a published tender. `recorded_at`: when it became public here."""

    __tablename__ = "tender_correction"
    __table_args__ = (
        CheckConstraint(
            "state in ('draft','in_approval','approved','publishing','published','withdrawn')", name="state"
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        CheckConstraint("(state = 'published') = (recorded_at is not null)", name="recorded"),
        Unique("tender_id", "number", name="uq_tender_correction_number"),
        Unique("tender_id", "id", name="uq_tender_correction_id"),
        # One at a time: what it changes is what the tender says now.
        Index(
            "uq_tender_correction_open",
            "tender_id",
            unique=True,
            postgresql_where=text("state not in ('published','withdrawn')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    enough: Mapped[str] = mapped_column(Text, server_default="")
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_reason: Mapped[str] = mapped_column(Text, server_default="")
    fields: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    prepared_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(Text, server_default="")
    published_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]


class TenderCorrectionChange(Table):
    """A value before and after; of a document the file as well."""

    __tablename__ = "tender_correction_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "correction_id"],
            ["tender_correction.tender_id", "tender_correction.id"],
            name="fk_tender_correction_change_tender_correction",
        ),
        CheckConstraint("place in ('tender','lot','requirement','criterion','kpi','document')", name="place"),
        CheckConstraint("(place = 'document') = (sha256 is not null)", name="file"),
        Index("ix_tender_correction_change_sha256", "sha256", postgresql_where=text("sha256 is not null")),
    )

    correction_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    tender_id: Mapped[UUID]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary, ForeignKey("stored_file.sha256"))


class TenderCorrectionApproval(Table):
    """A buyer's answer to one correction, by the fingerprint of what the tender would then say."""

    __tablename__ = "tender_correction_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "correction_id"],
            ["tender_correction.tender_id", "tender_correction.id"],
            name="fk_tender_correction_approval_tender_correction",
        ),
        CheckConstraint("decision in ('approved','refused')", name="decision"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        Index(
            "uq_tender_correction_approval_live",
            "correction_id",
            "body_code",
            unique=True,
            postgresql_where=text("ended_at is null and decision = 'approved'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    correction_id: Mapped[UUID]
    tender_id: Mapped[UUID]
    body_code: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, server_default="")
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
