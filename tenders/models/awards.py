"""Tables of an award: decisions, approvals, summaries, standstill, challenges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW
from values.ids import uuid7


class TenderAward(Table):
    """To whom a lot goes, by the assessment with this hash; public once its notice is."""

    __tablename__ = "tender_award"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "lot_id"],
            ["tender_lot.tender_id", "tender_lot.id"],
            name="fk_tender_award_tender_lot",
        ),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"))
    organisation_id: Mapped[UUID]
    supplier_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)


class AwardApproval(Table):
    """That a buyer approves the award by the assessment with this hash."""

    __tablename__ = "award_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "body_code"],
            ["tender_buyer.tender_id", "tender_buyer.body_code"],
            name="fk_award_approval_tender_buyer",
        ),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class AssessmentSummary(Table):
    """What one bidder is told of the assessment; it reads it once all are released at one moment."""

    __tablename__ = "assessment_summary"
    __table_args__ = (
        Index("ix_assessment_summary_tender_id", "tender_id"),
        Index("ix_assessment_summary_organisation_id", "organisation_id"),
    )

    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"), primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    organisation_id: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    released_at: Mapped[datetime | None]


class SummaryWithheld(Table):
    """A text that summaries do not tell, what they say in its place, and why (section 94); for the buyers."""

    __tablename__ = "summary_withheld"
    __table_args__ = (
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("btrim(instead) <> ''", name="instead"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("ix_summary_withheld_tender_id", "tender_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    lot: Mapped[str] = mapped_column(Text)
    criterion: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    instead: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    withheld_by: Mapped[str] = mapped_column(Text)
    withheld_at: Mapped[datetime] = mapped_column(server_default=NOW)


class TieDraw(Table):
    """A lot that two people drew between bids that method and rule leave equal.

    The database makes the seed as the second person confirms; with it anybody computes the outcome again.
    """

    __tablename__ = "tie_draw"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "lot_id"],
            ["tender_lot.tender_id", "tender_lot.id"],
            name="fk_tie_draw_tender_lot",
        ),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint("cardinality(candidates) > 1", name="candidates"),
        CheckConstraint("num_nulls(confirmed_by_id, drawn_at, seed, drawn) in (0, 4)", name="drawn"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    candidates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    proposed_by_id: Mapped[UUID]
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_code: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    confirmed_by_id: Mapped[UUID | None]
    confirmed_by: Mapped[str] = mapped_column(Text, server_default="")
    confirmed_code: Mapped[str] = mapped_column(Text, server_default="")
    drawn_at: Mapped[datetime | None]
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    drawn: Mapped[str | None] = mapped_column(Text)


class TenderStandstill(Table):
    """The days between the award notice and the first signature, and which holidays they were counted by."""

    __tablename__ = "tender_standstill"
    __table_args__ = (
        CheckConstraint("working_days >= 8", name="working_days"),
        CheckConstraint("ends_on > published_on", name="ends_on"),
    )

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    published_on: Mapped[date]
    working_days: Mapped[int]
    ends_on: Mapped[date]
    holidays_as_of: Mapped[date]


class TenderChallenge(Table):
    """Proceedings of which the buyers were told in the standstill; nothing is signed until they ended."""

    __tablename__ = "tender_challenge"
    __table_args__ = (
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("(ended_at is null) = (btrim(ended_reason) = '')", name="ended"),
        Index("ix_tender_challenge_tender_id", "tender_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    words: Mapped[str] = mapped_column(Text)
    notified_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, server_default="")
