"""Tables of what assessors declare, how they score alone, and on what the panel agrees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table
from values.ids import uuid7


class Declaration(Table):
    """What one person says of conflicts with one candidate; never changed. `named`: names were lifted."""

    __tablename__ = "declaration"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject_id", "person_id"],
            ["panel_member.subject_id", "panel_member.person_id"],
            name="fk_declaration_panel_member",
        ),
        CheckConstraint("conflict = (btrim(nature) <> '')", name="nature"),
        Index("ix_declaration_candidate_id", "candidate_id", "person_id", "declared_at"),
        Index("ix_declaration_person_id", "person_id", postgresql_where=text("conflict")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_id: Mapped[UUID]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    person_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    named: Mapped[bool]
    conflict: Mapped[bool]
    nature: Mapped[str] = mapped_column(Text, server_default="")
    declared_at: Mapped[datetime] = mapped_column(server_default=NOW)


class DeclarationDecision(Table):
    """What was decided about a declared conflict, by whom and why; never changed."""

    __tablename__ = "declaration_decision"
    __table_args__ = (
        CheckConstraint("decision in ('may','may-not','mitigated')", name="decision"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    declaration_id: Mapped[UUID] = mapped_column(
        ForeignKey("declaration.id", name="fk_declaration_decision_declaration_id"), primary_key=True
    )
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[UUID]
    decided_by_name: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Score(Table):
    """What one assessor gives one answer, and why. Nobody else reads it until all that are due are locked."""

    __tablename__ = "score"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject_id", "person_id"],
            ["panel_member.subject_id", "panel_member.person_id"],
            name="fk_score_panel_member",
        ),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("ix_score_subject_id", "subject_id"),
    )

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("scored_question.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)
    locked_at: Mapped[datetime | None]


class Consensus(Table):
    """On what a panel agreed for one answer, and why: by versions, of which the last counts."""

    __tablename__ = "consensus"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("ix_consensus_subject_id", "subject_id"),
    )

    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("scored_question.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("panel.subject_id"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    chair_id: Mapped[UUID]
    chair_name: Mapped[str] = mapped_column(Text)
    agreed_at: Mapped[datetime] = mapped_column(server_default=NOW)
