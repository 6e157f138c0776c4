"""Tables of saved searches and what they found, and of who follows a subject."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table


class SavedSearch(Table):
    """A search that somebody keeps, for that person alone.

    `kind` is what is looked for, as the address says it: "tenders". `query` is in one form, and `description`
    says the same in words. `mail` is how they hear of what is new; `mailed_at` when they last did. Of the
    secret that stops the mail its SHA-256 is kept.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("kind ~ '^[a-z][a-z-]*$'", name="kind"),
        CheckConstraint("length(btrim(name)) between 1 and 100", name="name"),
        CheckConstraint("mail in ('at_once','daily','weekly','none')", name="mail"),
        CheckConstraint("octet_length(stop_hash) = 32", name="stop_hash"),
        UniqueConstraint("person_id", "kind", "query", name="uq_saved_search_query"),
        Index("ix_saved_search_kind", "kind", "query"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    mail: Mapped[str] = mapped_column(Text)
    stop_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    mailed_at: Mapped[datetime | None]
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class SearchFinding(Table):
    """Something new that a saved search found, with its title as it was; told once."""

    __tablename__ = "search_finding"
    __table_args__ = (
        Index("ix_search_finding_batch_id", "batch_id"),
        Index("ix_search_finding_unmailed", "search_id", postgresql_where=text("mailed_at is null")),
    )

    search_id: Mapped[UUID] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    href: Mapped[str] = mapped_column(Text)
    batch_id: Mapped[UUID]
    found_at: Mapped[datetime] = mapped_column(server_default=NOW)
    mailed_at: Mapped[datetime | None]


class SearchLooked(Table):
    """A thing that the saved searches of its kind were held against."""

    __tablename__ = "search_looked"

    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Follower(Table):
    """Somebody who wants to hear of a subject. Without a time, which could tell who asked a question."""

    __tablename__ = "follower"
    __table_args__ = (Index("ix_follower_person_id", "person_id"),)

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
