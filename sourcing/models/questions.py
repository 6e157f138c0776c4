"""Tables of questions of suppliers and the answers of buyers.

Who asked stands in a table of its own, because row-level security hides rows and not columns: no buyer and no
operator reads it, and neither does the worker.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table


class Question(Table):
    """What a supplier asked, in its own words; for the buyers and the asker's organisation.

    Its id is random and only its day is kept here, so that neither tells when exactly somebody asked.
    `sensitive` is why the asker thinks that the answer should not go to all, if it does.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("length(btrim(words)) between 1 and 4000", name="words"),
        Index("ix_question_subject_id", "subject_id", "asked_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    words: Mapped[str] = mapped_column(Text)
    sensitive: Mapped[str] = mapped_column(Text, server_default="")
    asked_on: Mapped[date]
    withdrawn_on: Mapped[date | None]


class QuestionAsker(Table):
    """Who asked, and when: for the asker's organisation alone."""

    __tablename__ = "question_asker"
    __table_args__ = (Index("ix_question_asker_organisation_id", "organisation_id"),)

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(server_default=NOW)


class QuestionAnswer(Table):
    """An answer, with the question as all may read it: a draft of the buyers until it is published.

    `ground` and `basis` are given where it goes to the asker alone.
    """

    __tablename__ = "question_answer"
    __table_args__ = (
        CheckConstraint("ground in ('','commercial','national-security')", name="ground"),
        CheckConstraint("(ground = '') = (btrim(basis) = '')", name="basis"),
        CheckConstraint("btrim(words) <> '' and btrim(answer) <> ''", name="words"),
        CheckConstraint("(published_at is null) = (number is null)", name="number"),
        Index("uq_question_answer_number", "subject_id", "number", unique=True),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    words: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(Text, server_default="")
    basis: Mapped[str] = mapped_column(Text, server_default="")
    number: Mapped[int | None]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class QuestionWithheld(Table):
    """That an answer went to its asker alone, and on what ground: for everybody."""

    __tablename__ = "question_withheld"

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_answer.question_id", name="fk_question_withheld_question_id"), primary_key=True
    )
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    number: Mapped[int]
    ground: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    withheld_at: Mapped[datetime] = mapped_column(server_default=NOW)
