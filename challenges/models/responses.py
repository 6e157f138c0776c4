"""Tables of responses: a firm's draft, what it handed in with receipts, and who handed it in.

Who responded stands in a table of its own, because row-level security hides rows and not columns. Nothing is
handed in but through a function of the database, which looks at its own clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from challenges.models.statements import EMPTY, NO
from store.db import Table
from values.ids import uuid7


class ChallengeResponse(Table):
    """A firm’s draft of a response, for its own people alone; `code` is its name without a name."""

    __tablename__ = "challenge_response"
    __table_args__ = (
        CheckConstraint("readiness between 1 and 9", name="readiness"),
        CheckConstraint("price_low_pence >= 0 and price_high_pence >= price_low_pence", name="price"),
        UniqueConstraint("challenge_id", "organisation_id", name="uq_challenge_response_own"),
        Index("ix_challenge_response_organisation_id", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(Text, unique=True)
    product: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    price_low_pence: Mapped[int | None]
    price_high_pence: Mapped[int | None]
    price_words: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    readiness: Mapped[int | None]
    team: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    begun_by: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(server_default=NOW)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeAnswer(Table):
    """What a draft says in one section; `version` counts, so that no colleague's words are written over."""

    __tablename__ = "challenge_answer"

    response_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_response.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeSubmission(Table):
    """A receipt: handed in, replaced, withdrawn or too late; of each response at most one counts."""

    __tablename__ = "challenge_submission"
    __table_args__ = (
        CheckConstraint("kind in ('submitted','replaced','withdrawn','late')", name="kind"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint(
            "(content is null) = (kind in ('withdrawn','late')) and (content is null) = (sha256 is null) "
            "and (not counts or content is not null)",
            name="content",
        ),
        Index("ix_challenge_submission_response_id", "response_id", "at"),
        Index("uq_challenge_submission_counts", "response_id", unique=True, postgresql_where=text("counts")),
        Index("ix_challenge_submission_challenge_id", "challenge_id", postgresql_where=text("counts")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_response.id"))
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[Any | None] = mapped_column(JSONB)
    counts: Mapped[bool] = mapped_column(server_default=NO)


class ChallengeIdentity(Table):
    """Who handed something in, for the firm and, where the first read is not anonymous, for the sponsors."""

    __tablename__ = "challenge_identity"
    __table_args__ = (Index("ix_challenge_identity_challenge_id", "challenge_id"),)

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_submission.id"), primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    organisation_id: Mapped[UUID]
    firm: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(Text)
