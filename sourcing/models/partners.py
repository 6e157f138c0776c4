"""Tables of suppliers that look for partners.

Words and whose they are stand apart, because row-level security hides rows and not columns: no buyer reads
any of it, an operator reported words alone, the worker nothing. Functions of the database write all of it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table

RANDOM = text("gen_random_uuid()")


class PartnerAdvert(Table):
    """What a supplier brings to a subject and what it seeks, without its name; for suppliers alone.

    Its id is random and no day of posting is kept here, so that neither tells who posted it.
    """

    __tablename__ = "partner_advert"
    __table_args__ = (
        CheckConstraint("length(btrim(brings)) between 1 and 2000", name="brings"),
        CheckConstraint("length(btrim(seeks)) between 1 and 2000", name="seeks"),
        CheckConstraint("(taken_down_on is null) = (btrim(taken_down_reason) = '')", name="taken_down"),
        Index("ix_partner_advert_subject_id", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    brings: Mapped[str] = mapped_column(Text)
    seeks: Mapped[str] = mapped_column(Text)
    open_until: Mapped[datetime]
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    withdrawn_on: Mapped[date | None]
    taken_down_on: Mapped[date | None]
    taken_down_reason: Mapped[str] = mapped_column(Text, server_default="")


class PartnerPoster(Table):
    """Whose advert it is and how they are reached: for their own people, and who both agreed with."""

    __tablename__ = "partner_poster"
    __table_args__ = (Index("ix_partner_poster_organisation_id", "organisation_id"),)

    advert_id: Mapped[UUID] = mapped_column(ForeignKey("partner_advert.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PartnerAnswer(Table):
    """What another supplier answered, without its name; its sender agrees to be known by sending it."""

    __tablename__ = "partner_answer"
    __table_args__ = (
        CheckConstraint("length(btrim(words)) between 1 and 2000", name="words"),
        CheckConstraint("state in ('sent','agreed','declined','withdrawn')", name="state"),
        Index("ix_partner_answer_advert_id", "advert_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    advert_id: Mapped[UUID] = mapped_column(ForeignKey("partner_advert.id"))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="sent")
    answered_on: Mapped[date]


class PartnerAnswerer(Table):
    """Whose answer it is and how they are reached: for their own people, and for the poster who agreed."""

    __tablename__ = "partner_answerer"
    __table_args__ = (Index("ix_partner_answerer_organisation_id", "organisation_id"),)

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("partner_answer.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PartnerReport(Table):
    """That somebody reported an advert, and what an operator decided; who it was is not kept."""

    __tablename__ = "partner_report"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) between 1 and 2000", name="reason"),
        CheckConstraint("decision in ('','left','taken down')", name="decision"),
        Index("uq_partner_report_open", "advert_id", unique=True, postgresql_where=text("decision = ''")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    advert_id: Mapped[UUID] = mapped_column(ForeignKey("partner_advert.id"))
    reason: Mapped[str] = mapped_column(Text)
    reported_on: Mapped[date]
    decision: Mapped[str] = mapped_column(Text, server_default="")
