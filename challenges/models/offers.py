"""Tables of proposals: what a firm offers, and which challenges it set aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from challenges.models.statements import NO
from store.db import Table


class FirmOffer(Table):
    """What a firm does, in its own words. `listed`: councils may find it, and read this."""

    __tablename__ = "firm_offer"
    __table_args__ = (CheckConstraint("length(btrim(words)) between 1 and 2000", name="words"),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    firm: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    listed: Mapped[bool] = mapped_column(server_default=NO)
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeDismissal(Table):
    """That a challenge is not for a firm: it stays in every list, and is not proposed."""

    __tablename__ = "challenge_dismissal"

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(server_default=NOW)
