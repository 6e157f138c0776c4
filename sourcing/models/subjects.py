"""Tables of subjects: what questions, overrides and scores are about, and which councils act for it.

A slice above keeps the thing itself, such as a tender, and registers it here under its own id.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table


class Subject(Table):
    """A tender, a challenge, or a lot of one that is assessed by itself.

    `kind` is as the audit trail says it. Suppliers may read it, and ask about it, once
    `questions_until` is given.
    """

    __tablename__ = "subject"
    __table_args__ = (CheckConstraint("kind ~ '^[a-z][a-z-]*$'", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    questions_until: Mapped[datetime | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=NOW)


class QuestionTime(Table):
    """A last time for questions, and when it was given: the last one given counts. Kept by the database."""

    __tablename__ = "question_time"

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    given_at: Mapped[datetime] = mapped_column(server_default=text("transaction_timestamp()"))


class SubjectBuyer(Table):
    """A body that acts for a subject; exactly one leads."""

    __tablename__ = "subject_buyer"
    __table_args__ = (
        Index("ix_subject_buyer_organisation_id", "organisation_id"),
        Index("uq_subject_buyer_lead", "subject_id", unique=True, postgresql_where=text("leads")),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    leads: Mapped[bool] = mapped_column(server_default=text("false"))
    since: Mapped[datetime] = mapped_column(server_default=NOW)
