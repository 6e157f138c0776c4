"""Tables of what follows the deadline: longer deadlines, openings by two people, and what was opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.bids import RANDOM
from tenders.models.tenders import NOW


class TenderExtension(Table):
    """A deadline that was moved to later for all, and why. Written by the database alone."""

    __tablename__ = "tender_extension"
    __table_args__ = (
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("due_at > due_before", name="later"),
        Index("ix_tender_extension_tender_id", "tender_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    due_before: Mapped[datetime]
    due_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    extended_at: Mapped[datetime] = mapped_column(server_default=NOW)


class TenderOpening(Table):
    """An opening that one person proposed and another confirmed. Written by the database alone."""

    __tablename__ = "tender_opening"
    __table_args__ = (
        CheckConstraint("confirmed_by <> proposed_by", name="two"),
        CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null)"
            " and (confirmed_at is null) = (confirmed_name = '')"
            " and (confirmed_at is null) = (confirmed_body = '')",
            name="confirmed",
        ),
        Index("ix_tender_opening_tender_id", "tender_id"),
        Index(
            "uq_tender_opening_confirmed",
            "tender_id",
            unique=True,
            postgresql_where=text("confirmed_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    proposed_by: Mapped[UUID]
    proposed_name: Mapped[str] = mapped_column(Text)
    proposed_body: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None]
    confirmed_name: Mapped[str] = mapped_column(Text, server_default="")
    confirmed_body: Mapped[str] = mapped_column(Text, server_default="")
    confirmed_at: Mapped[datetime | None]


class OpenedBid(Table):
    """A bid as the buyers know it: a number by lot, and whether it is what was handed in.

    Its id is that of the candidate that the panel assesses.
    """

    __tablename__ = "opened_bid"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("whole = (damage = '')", name="damage"),
        UniqueConstraint("tender_id", "number", name="uq_opened_bid_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    number: Mapped[int]
    whole: Mapped[bool]
    damage: Mapped[str] = mapped_column(Text, server_default="")


class OpenedContent(Table):
    """What a bid says, for whoever is cleared for it."""

    __tablename__ = "opened_content"

    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"), primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class OpenedFile(Table):
    """A file of an opened bid, with the key that opens its chunks and no other; for whoever is cleared."""

    __tablename__ = "opened_file"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        Index("ix_opened_file_opened_id", "opened_id"),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("bid_file.id"), primary_key=True)
    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"))
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    context: Mapped[bytes] = mapped_column(LargeBinary)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class OpenedName(Table):
    """Whom a number stands for, for the buyers once the chair lifted the names."""

    __tablename__ = "opened_name"
    __table_args__ = (UniqueConstraint("bid_id", name="uq_opened_name_bid_id"),)

    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"), primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    organisation_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("bid_receipt.id"))
