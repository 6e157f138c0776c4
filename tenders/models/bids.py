"""Tables of sealed bids: keys, drafts, files, receipts, submissions. All content in them is ciphertext.

Whose envelope it is stands here, and only the bidder's own people read it, until the bids are opened. The
worker reads none of it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW
from values.ids import uuid7

RANDOM = text("gen_random_uuid()")


class TenderKey(Table):
    """The key to which the bids of a tender are sealed. `locked`, its private part, is read only to open."""

    __tablename__ = "tender_key"
    __table_args__ = (CheckConstraint("octet_length(public) = 32", name="public"),)

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    voucher: Mapped[bytes] = mapped_column(LargeBinary)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Bid(Table):
    """What a supplier has for a tender, from the first draft on; the key of its drafts, and its number."""

    __tablename__ = "bid"
    __table_args__ = (
        CheckConstraint("octet_length(public) = 32", name="public"),
        UniqueConstraint("code", name="uq_bid_code"),
        UniqueConstraint("tender_id", "organisation_id", name="uq_bid_tender_id"),
        Index("ix_bid_organisation_id", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(Text)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    begun_by: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(server_default=NOW)


class BidPart(Table):
    """A part of a draft, sealed to the key of the bid; `version` counts how often it was saved."""

    __tablename__ = "bid_part"
    __table_args__ = (
        CheckConstraint("part in ('team','lots','conditions','answers','prices')", name="part"),
    )

    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(server_default="1")
    header: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class BidFile(Table):
    """A file of a bid: `about`, sealed, has its name, kind and hash; `header` opens its chunks.

    One that was submitted stays when it is taken out of the draft (`removed_at`).
    """

    __tablename__ = "bid_file"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        Index("ix_bid_file_bid_id", "bid_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    about_header: Mapped[bytes] = mapped_column(LargeBinary)
    about: Mapped[bytes] = mapped_column(LargeBinary)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
    removed_at: Mapped[datetime | None]


class BidChunk(Table):
    """A sealed piece of a file. In a table of its own: that there is one tells nobody else anything."""

    __tablename__ = "bid_chunk"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("bid_file.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class BidReceipt(Table):
    """What a bidder was given for handing in: what was done, when, and the hash of what was handed in.

    Written by the database alone, and never changed. `due_at`: the deadline as it was at that time.
    """

    __tablename__ = "bid_receipt"
    __table_args__ = (
        CheckConstraint("kind in ('submitted','withdrawn','late')", name="kind"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint("kind <> 'submitted' or sha256 is not null", name="hashed"),
        UniqueConstraint("bid_id", "position", name="uq_bid_receipt_position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=RANDOM)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    person_name: Mapped[str] = mapped_column(Text)


class BidSubmission(Table):
    """What was handed in, sealed to the key of the tender, and once more to the bid's own for the bidder."""

    __tablename__ = "bid_submission"

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("bid_receipt.id"), primary_key=True)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    header: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    own_header: Mapped[bytes] = mapped_column(LargeBinary)
    own_content: Mapped[bytes] = mapped_column(LargeBinary)


class BidSubmissionFile(Table):
    """A file of a submission: the header that opens its chunks with the key of the tender."""

    __tablename__ = "bid_submission_file"
    __table_args__ = (Index("ix_bid_submission_file_file_id", "file_id"),)

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("bid_submission.receipt_id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("bid_file.id"), primary_key=True)
    header: Mapped[bytes] = mapped_column(LargeBinary)
