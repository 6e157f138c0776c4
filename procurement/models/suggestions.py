"""Tables of suggested pools: runs of the search, what they propose, what people wish of the next run.

A suggestion binds nobody. What a run kept for the next (`suggestion_kept`) is read by jobs alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from procurement.models.needs import NOW
from store.db import Table
from values.ids import uuid7


class SuggestionRun(Table):
    """One run over all open needs: what its pools save, what no pools could exceed, who was left out and why.

    Sums are in pence, from steps of £10,000 in which the search counts.
    """

    __tablename__ = "suggestion_run"
    __table_args__ = (Index("ix_suggestion_run_made_at", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    seconds: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    need_count: Mapped[int]
    pooled_count: Mapped[int]
    pool_count: Mapped[int]
    left_out: Mapped[dict[str, int]] = mapped_column(JSONB)
    objective_pence: Mapped[int]
    bound_pence: Mapped[int]
    gap_share: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    greedy_pence: Mapped[int]
    part_count: Mapped[int]
    settled_count: Mapped[int]
    searched_count: Mapped[int]
    wish_count: Mapped[int]
    model: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SuggestionKept(Table):
    """What a run leaves for the next one, so that only what changed is searched again."""

    __tablename__ = "suggestion_kept"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("suggestion_run.id", ondelete="CASCADE"), primary_key=True
    )
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SuggestedPool(Table):
    """A pool that a run proposes; `region_code` is None where the category is bought across regions."""

    __tablename__ = "suggested_pool"
    __table_args__ = (Index("ix_suggested_pool_run_id", "run_id", "category"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("suggestion_run.id", ondelete="CASCADE"))
    category: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str | None] = mapped_column(Text)
    first_start_on: Mapped[date]
    last_start_on: Mapped[date]
    need_count: Mapped[int]
    council_count: Mapped[int]
    joint_value_pence: Mapped[int]
    saving_pence: Mapped[int]
    saving_low_pence: Mapped[int]
    saving_high_pence: Mapped[int]
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))


class SuggestedNeed(Table):
    """A need in a suggested pool, as the run read it, and what the pool is worth to its council."""

    __tablename__ = "suggested_need"
    __table_args__ = (
        Index("ix_suggested_need_need_id", "need_id"),
        Index("ix_suggested_need_body_code", "body_code"),
    )

    pool_id: Mapped[UUID] = mapped_column(
        ForeignKey("suggested_pool.id", ondelete="CASCADE"), primary_key=True
    )
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text)
    value_pence: Mapped[int]
    first_start_on: Mapped[date]
    last_start_on: Mapped[date]
    fair_pence: Mapped[int]
    proportional_pence: Mapped[int]


class SuggestionWish(Table):
    """What a council wishes of suggestions; read by every council whose need it names, until one ends it.

    `together`: these share a pool; `inside`: this is in some pool; `apart`: these two never share one; `out`:
    this is in none. `set_aside` says why the last run could not keep it, and is empty where it could.
    """

    __tablename__ = "suggestion_wish"
    __table_args__ = (
        CheckConstraint("kind in ('together','inside','apart','out')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("cardinality(need_ids) between 1 and 12", name="need_ids"),
        Index(
            "ix_suggestion_wish_body_codes",
            "body_codes",
            postgresql_using="gin",
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(Text)
    need_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    body_code: Mapped[str] = mapped_column(Text)
    body_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    set_aside: Mapped[str] = mapped_column(Text, server_default="")
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str] = mapped_column(Text, server_default="")
