"""Tables of matches: vectors, pairs, what people said of them, and what was learnt from that."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7

NOW = text("statement_timestamp()")


class MatchModel(Table):
    """A fitted model of texts, kept in the lake under its hash; the one fitted last counts."""

    __tablename__ = "match_model"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    dimensions: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fitted_at: Mapped[datetime] = mapped_column(server_default=NOW)


class NeedVector(Table):
    """A need as the search for matches knows it, and for which version matches were worked out.

    `vector` holds float16; `wants` and `refuses` a byte a topic. Pages read the version and the time alone.
    """

    __tablename__ = "need_vector"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("match_model.id"))
    version: Mapped[int]
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    wants: Mapped[bytes] = mapped_column(LargeBinary)
    refuses: Mapped[bytes] = mapped_column(LargeBinary)
    least_log_odds: Mapped[float | None] = mapped_column(REAL)
    was_open: Mapped[bool]
    matched_at: Mapped[datetime | None]


class NeedMatch(Table):
    """A need that goes with a need, and how alike their texts are. A pair may stand in both directions."""

    __tablename__ = "need_match"
    __table_args__ = (Index("ix_need_match_other_id", "other_id"),)

    need_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_id: Mapped[UUID] = mapped_column(primary_key=True)
    cosine: Mapped[float] = mapped_column(REAL)


class NeedFinding(Table):
    """A need was found for another: a close match, or a fellow in a suggested pool. A pair is told of once.

    `batch_id`: with what it was told last, named by an entry of the audit trail; for pools it is the run.
    """

    __tablename__ = "need_finding"
    __table_args__ = (
        CheckConstraint("kind in ('match','suggested')", name="kind"),
        Index("ix_need_finding_batch_id", "batch_id"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    batch_id: Mapped[UUID]


class MatchLabel(Table):
    """A council said that two needs are not alike; `features` are those of that moment."""

    __tablename__ = "match_label"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_match_label_second_id", "second_id"),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    features: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    person_name: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(server_default=NOW)


class MatchWeights(Table):
    """Weights of the ranking as labels made them; the last ones count, without any the stated prior."""

    __tablename__ = "match_weights"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    weights: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    label_count: Mapped[int]
    learnt_at: Mapped[datetime] = mapped_column(server_default=NOW)
