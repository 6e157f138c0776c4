"""Tables of suppliers around a published tender, before they bid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW


class TenderFit(Table):
    """What a supplier says of itself about one point of a tender; no role but its own people reads it.

    `key` names the point, as `tenders.rules.fitting` makes it of the published content.
    """

    __tablename__ = "tender_fit"
    __table_args__ = (
        CheckConstraint("key ~ '^[a-z]+(_[0-9]+)?$'", name="key"),
        CheckConstraint("answer in ('','yes','not_yet','cannot')", name="answer"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text, server_default="")
    note: Mapped[str] = mapped_column(Text, server_default="")
    person_name: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
