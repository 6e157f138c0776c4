"""Tables of panels: who assesses a subject, by which questions, and whom under which number.

Names stand in a table of their own, because row-level security hides rows and not columns.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table
from values.ids import uuid7


class Panel(Table):
    """The people who assess one subject, and how far they are. `chair_id` is one of them."""

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint("state in ('forming','scoring','moderating','settled')", name="state"),
        CheckConstraint(
            "(names_lifted_at is null) = (btrim(names_lifted_reason) = '') "
            "and (names_lifted_at is null) = (names_lifted_by_name = '')",
            name="names_lifted",
        ),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    chair_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text, server_default="forming")
    state_reason: Mapped[str] = mapped_column(Text, server_default="")
    state_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    names_lifted_at: Mapped[datetime | None]
    names_lifted_by_name: Mapped[str] = mapped_column(Text, server_default="")
    names_lifted_reason: Mapped[str] = mapped_column(Text, server_default="")


class PanelMember(Table):
    """Somebody of a buyer on a panel: an assessor, or a chair who does not score. Released once."""

    __tablename__ = "panel_member"
    __table_args__ = (
        CheckConstraint("(released_at is null) = (btrim(released_reason) = '')", name="released"),
        Index("ix_panel_member_person_id", "person_id"),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("panel.subject_id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_name: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID]
    assesses: Mapped[bool] = mapped_column(server_default=text("true"))
    named_at: Mapped[datetime] = mapped_column(server_default=NOW)
    released_at: Mapped[datetime | None]
    released_reason: Mapped[str] = mapped_column(Text, server_default="")


class ScoredQuestion(Table):
    """A question that each candidate answers and each assessor scores, from 0 to `highest`.

    `code` is the id of the award criterion; below `least` a candidate fails, where that is published.
    """

    __tablename__ = "scored_question"
    __table_args__ = (
        CheckConstraint("highest >= 1", name="highest"),
        CheckConstraint("least between 0 and highest", name="least"),
        Index("uq_scored_question_code", "subject_id", "code", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("panel.subject_id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    highest: Mapped[int]
    least: Mapped[int | None]


class Candidate(Table):
    """Who is assessed, as a number. `reference` to a bid stands with the name. Out once, with a reason."""

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint("(out_at is null) = (btrim(out_reason) = '')", name="out"),
        CheckConstraint("number >= 1", name="number"),
        Index("uq_candidate_number", "subject_id", "number", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("panel.subject_id"))
    number: Mapped[int]
    out_at: Mapped[datetime | None]
    out_reason: Mapped[str] = mapped_column(Text, server_default="")


class CandidateName(Table):
    """Whom a number stands for: for the buyers, once the chair lifted the names."""

    __tablename__ = "candidate_name"

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("panel.subject_id"))
    name: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID | None]
    reference: Mapped[UUID | None]
