"""Tables of suppliers that bid together: members of a bid before the opening, after it, and in an award.

Which organisation was asked into which bid is envelope; what it does and says is ciphertext.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NO, NOW
from values.ids import uuid7


class BidMember(Table):
    """A supplier that was asked into another's bid, and what it answered.

    `content`, sealed to the key of the bid, is what the lead says of its part; `own_content` what the member
    says of itself on accepting. Asked by mail, it has no organisation until somebody takes the invitation up.
    """

    __tablename__ = "bid_member"
    __table_args__ = (
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
        CheckConstraint("state in ('invited','accepted','declined','left','removed')", name="state"),
        CheckConstraint("(own_header is null) = (own_content is null)", name="own"),
        CheckConstraint("state in ('invited','removed') or organisation_id is not null", name="known"),
        CheckConstraint("state <> 'accepted' or own_content is not null", name="accepted"),
        UniqueConstraint("secret_hash", name="uq_bid_member_secret_hash"),
        Index("ix_bid_member_bid_id", "bid_id"),
        Index("ix_bid_member_organisation_id", "organisation_id"),
        Index(
            "uq_bid_member_live",
            "bid_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("state in ('invited','accepted')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text, server_default="invited")
    writes: Mapped[bool] = mapped_column(server_default=NO)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    own_header: Mapped[bytes | None] = mapped_column(LargeBinary)
    own_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    invited_at: Mapped[datetime] = mapped_column(server_default=NOW)
    answered_at: Mapped[datetime | None]


class OpenedMember(Table):
    """Who else is in an opened bid: a member, or a sub-contractor; for buyers once the names are lifted."""

    __tablename__ = "opened_member"
    __table_args__ = (
        CheckConstraint("kind in ('member','subcontractor')", name="kind"),
        CheckConstraint("(kind = 'member') = (organisation_id is not null)", name="known"),
        Index("ix_opened_member_organisation_id", "organisation_id"),
    )

    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    kind: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)


class AwardParty(Table):
    """A supplier to which a lot goes: the lead at position 1, then the members of its bid.

    `size`, `voluntary`, `supported` and `mutual` are what it had declared of itself when the award was
    decided; so are its numbers, which are filled in later where it had none.
    """

    __tablename__ = "award_party"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("size in ('micro','small','medium','large')", name="size"),
        ForeignKeyConstraint(
            ["tender_id", "lot_id"],
            ["tender_award.tender_id", "tender_award.lot_id"],
            name="fk_award_party_tender_award",
        ),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[str | None] = mapped_column(Text)
    voluntary: Mapped[bool | None]
    supported: Mapped[bool | None]
    mutual: Mapped[bool | None]
    company_number: Mapped[str | None] = mapped_column(Text)
    charity_number: Mapped[str | None] = mapped_column(Text)
    ppon: Mapped[str | None] = mapped_column(Text)
    none_because: Mapped[str | None] = mapped_column(Text)
