"""Tables of judging: the phases of a challenge, which response is in which, and what came of it for each.

The panel of a phase is a panel of `sourcing`, kept under the phase's id. Nothing here is ever changed.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from challenges.models.statements import EMPTY
from store.db import Table
from values.ids import uuid7


class ChallengePhase(Table):
    """A step of judging, with how many may go on from it. The last, for a pilot, is never left out."""

    __tablename__ = "challenge_phase"
    __table_args__ = (
        CheckConstraint("kind in ('shortlist','showcase','pilot')", name="kind"),
        CheckConstraint("places between 1 and 100", name="places"),
        CheckConstraint(
            "position = case kind when 'shortlist' then 1 when 'showcase' then 2 else 3 end", name="position"
        ),
        UniqueConstraint("challenge_id", "kind", name="uq_challenge_phase_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    kind: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    places: Mapped[int]
    fixed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeEntrant(Table):
    """A response in a phase, with the number under which the panel judges it."""

    __tablename__ = "challenge_entrant"
    __table_args__ = (
        UniqueConstraint("candidate_id", name="uq_challenge_entrant_candidate_id"),
        Index("ix_challenge_entrant_challenge_id", "challenge_id"),
    )

    phase_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_phase.id"), primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_response.id"), primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_submission.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"))
    entered_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeOutcome(Table):
    """What came of a phase for a response: whether it goes on, and the reason that its firm reads.

    `rank` and `total`, of 100, follow from what the panel agreed on; one that was taken out has neither.
    `departure` says why it goes on or not against its rank.
    """

    __tablename__ = "challenge_outcome"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "response_id"],
            ["challenge_entrant.phase_id", "challenge_entrant.response_id"],
            name="fk_challenge_outcome_challenge_entrant",
        ),
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("total between 0 and 100", name="total"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint(
            "(rank is null) = (total is null) and (rank is not null or not goes_on)", name="judged"
        ),
        Index("ix_challenge_outcome_challenge_id", "challenge_id"),
    )

    phase_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    rank: Mapped[int | None]
    total: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    goes_on: Mapped[bool]
    departure: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeMark(Table):
    """On what the panel agreed for one criterion of a response, and why, as its firm reads it."""

    __tablename__ = "challenge_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["phase_id", "response_id"],
            ["challenge_outcome.phase_id", "challenge_outcome.response_id"],
            name="fk_challenge_mark_challenge_outcome",
        ),
        CheckConstraint("points between 0 and highest", name="points"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    phase_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    weight: Mapped[int]
    points: Mapped[int]
    highest: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)


class ChallengeConsent(Table):
    """That a firm chosen for a pilot may be named; everybody reads it, and the firm can take it back."""

    __tablename__ = "challenge_consent"
    __table_args__ = (Index("ix_challenge_consent_challenge_id", "challenge_id"),)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_response.id"), primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    firm: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(server_default=NOW)
