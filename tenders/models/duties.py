"""Table of what councils recorded of their own duties."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW


class DutyRecord(Table):
    """That a council did what it owed by a day, and where; or why it did not owe it."""

    __tablename__ = "duty_record"
    __table_args__ = (
        CheckConstraint("outcome in ('done','not_owed')", name="outcome"),
        CheckConstraint("btrim(words) <> ''", name="words"),
    )

    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
