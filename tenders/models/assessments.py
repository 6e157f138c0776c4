"""Tables between opened bids and an award: checks of bids, and the assessment as it was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW
from values.ids import uuid7


class BidCheck(Table):
    """One step about one bid: of a condition, or of a ground to disregard it. Never changed."""

    __tablename__ = "bid_check"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "criterion_id"],
            ["tender_criterion.tender_id", "tender_criterion.id"],
            name="fk_bid_check_tender_criterion",
        ),
        CheckConstraint("kind in ('condition','excluded','excludable','low-price','breach')", name="kind"),
        CheckConstraint("step in ('passes','fails','asked','answered','kept','disregarded')", name="step"),
        CheckConstraint("(kind = 'condition') = (criterion_id is not null)", name="criterion"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("ix_bid_check_tender_id", "tender_id", "opened_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    opened_id: Mapped[UUID] = mapped_column(ForeignKey("opened_bid.id"))
    kind: Mapped[str] = mapped_column(Text)
    criterion_id: Mapped[UUID | None]
    step: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class TenderAssessment(Table):
    """What an assessment rested on and what came of it; computed, and never changed."""

    __tablename__ = "tender_assessment"
    __table_args__ = (CheckConstraint("octet_length(sha256) = 32", name="sha256"),)

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    person_name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
