"""Table of what named officers set in place of the law's tables."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table
from values.ids import uuid7


class LawOverride(Table):
    """A day for a step, or a number of days for a row of the tables, for one subject.

    It is withdrawn once and changed in nothing else; what another value replaces stays too.
    """

    __tablename__ = "law_override"
    __table_args__ = (
        CheckConstraint("num_nonnulls(on_day, days) = 1", name="value"),
        CheckConstraint("days >= 0", name="days"),
        CheckConstraint("btrim(reason) <> '' and btrim(officer_name) <> ''", name="reason"),
        CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by_id is null) "
            "and (withdrawn_at is null) = (withdrawn_by_name = '') "
            "and (withdrawn_at is null) = (btrim(withdrawn_reason) = '')",
            name="withdrawn",
        ),
        Index(
            "uq_law_override_live",
            "subject_id",
            "code",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
        Index("ix_law_override_subject_id", "subject_id", "set_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    code: Mapped[str] = mapped_column(Text)
    on_day: Mapped[date | None]
    days: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[UUID]
    officer_name: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID]
    set_at: Mapped[datetime] = mapped_column(server_default=NOW)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None]
    withdrawn_by_name: Mapped[str] = mapped_column(Text, server_default="")
    withdrawn_reason: Mapped[str] = mapped_column(Text, server_default="")
