"""Tables of notices, of how people want to hear of them, and of addresses of calendars."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7


class Notice(Table):
    """One person is told of one entry of the audit trail, in words as they were then.

    It is about a pool, a need of their council, a tender or a challenge; `title` is that one's.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "reason in ('mentioned','to_sign','to_approve','matched','suggested','searched','buys',"
            "'sponsors','follows','follows_tender','follows_challenge','bids','responds','judges')",
            name="reason",
        ),
        CheckConstraint("num_nonnulls(pool_id, need_id, tender_id, challenge_id) = 1", name="about"),
        UniqueConstraint(
            "person_id",
            "entry_id",
            "need_id",
            "tender_id",
            "challenge_id",
            name="uq_notice_about",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_notice_person_id", "person_id", "at"),
        Index("ix_notice_unread", "person_id", postgresql_where=sql("read_at is null")),
        Index(
            "ix_notice_unmailed",
            "person_id",
            postgresql_where=sql("mailed_at is null and read_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"))
    pool_id: Mapped[UUID | None]
    need_id: Mapped[UUID | None]
    tender_id: Mapped[UUID | None]
    challenge_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    href: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class NoticeSetting(Table):
    """How somebody wants to hear of notices, and the day of the last summary by mail."""

    __tablename__ = "notice_setting"
    __table_args__ = (CheckConstraint("mail in ('each','daily','none')", name="mail"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    mail: Mapped[str] = mapped_column(Text, server_default="daily")
    summary_on: Mapped[date | None]


class NoticeBookmark(Table):
    """One row: up to which link of the audit trail's chain people were told."""

    __tablename__ = "notice_bookmark"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]


class CalendarFeed(Table):
    """The secret address of a person's calendar for one council; only its SHA-256 is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", name="uq_calendar_feed_person_id_organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(server_default=sql("statement_timestamp()"))
