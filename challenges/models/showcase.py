"""Tables of a showcase: when each entrant shows what it has, and what a judge writes down for themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table


class ChallengeSlot(Table):
    """The time of one entrant, drawn by lot; all have as many minutes."""

    __tablename__ = "challenge_slot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "response_id"],
            ["challenge_entrant.phase_id", "challenge_entrant.response_id"],
            name="fk_challenge_slot_challenge_entrant",
        ),
        CheckConstraint("minutes between 5 and 240", name="minutes"),
        Index("ix_challenge_slot_challenge_id", "challenge_id"),
    )

    phase_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeNote(Table):
    """A judge’s own words on a response; nobody else ever reads them."""

    __tablename__ = "challenge_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "response_id"],
            ["challenge_entrant.phase_id", "challenge_entrant.response_id"],
            name="fk_challenge_note_challenge_entrant",
        ),
        CheckConstraint("length(words) <= 4000", name="words"),
    )

    phase_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)
