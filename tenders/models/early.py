"""The table of notices that come before the tender notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NO, NOW
from values.ids import uuid7


class EarlyNotice(Table):
    """A notice of market engagement or of a planned procurement, as it was prepared from a draft.

    It says all that everybody may read of the draft once it is confirmed, and nothing else: not even who
    prepared it. `fields` is what it says, `facts` the same as values; `words` to `region_codes` are what a
    search reads. `number` counts its versions: a newer one that is confirmed sets `replaced_at` of the
    earlier, the end of a tender that never was published `ended_at`; the database does both.
    """

    __tablename__ = "early_notice"
    __table_args__ = (
        CheckConstraint("code in ('UK2','UK3')", name="code"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("state in ('prepared','confirmed','discarded')", name="state"),
        CheckConstraint(
            "(state = 'confirmed') = (reference <> '' and published_at is not null "
            "and confirmed_at is not null)",
            name="confirmed",
        ),
        CheckConstraint("state = 'confirmed' or num_nonnulls(replaced_at, ended_at) = 0", name="over"),
        UniqueConstraint("tender_id", "code", "number", name="uq_early_notice_number"),
        Index(
            "uq_early_notice_prepared",
            "tender_id",
            "code",
            unique=True,
            postgresql_where=text("state = 'prepared'"),
        ),
        Index(
            "uq_early_notice_current",
            "tender_id",
            "code",
            unique=True,
            postgresql_where=text("state = 'confirmed' and replaced_at is null"),
        ),
        Index("ix_early_notice_confirmed_at", "confirmed_at", postgresql_where=text("state = 'confirmed'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    code: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    lead_code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    gross_pence: Mapped[int | None]
    suits_small_firms: Mapped[bool] = mapped_column(server_default=NO)
    region_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    words: Mapped[str | None] = mapped_column(TSVECTOR)
    fields: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    demonstration: Mapped[bool] = mapped_column(server_default=NO)
    state: Mapped[str] = mapped_column(Text, server_default="prepared")
    prepared_at: Mapped[datetime] = mapped_column(server_default=NOW)
    reference: Mapped[str] = mapped_column(Text, server_default="")
    published_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
