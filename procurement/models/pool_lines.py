"""Tables of the requirements of a pool: lines, what each council says to them, votes, what suppliers said.

All of it is for the members of the pool and for sector leads. What is said stays: a change of a line is a row
of `pool_line_change`, and what a supplier said is never changed, only followed by what it said later.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.models.needs import NOW
from procurement.models.pools import NOTHING
from store.db import Table
from values.ids import uuid7

OUTCOMES = "('common','lot','option','dropped')"


def _of_line(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["pool_id", "line_id"], ["pool_line.pool_id", "pool_line.id"], name=f"fk_{table}_pool_line"
    )


def _of_member(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["pool_id", "body_code"],
        ["pool_member.pool_id", "pool_member.body_code"],
        name=f"fk_{table}_pool_member",
    )


class PoolLine(Table):
    """A requirement of a pool. Whether it is a must follows from what the councils say to it.

    `body_code` is the council that brought it, `need_id` the need that it comes from.
    """

    __tablename__ = "pool_line"
    __table_args__ = (
        UniqueConstraint("pool_id", "position", name="uq_pool_line_position"),
        UniqueConstraint("pool_id", "id", name="uq_pool_line_id"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint("(outcome is not distinct from 'lot') = (lot <> '')", name="lot"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    body_code: Mapped[str] = mapped_column(Text)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"))
    outcome: Mapped[str | None] = mapped_column(Text)
    lot: Mapped[str] = mapped_column(Text, server_default="")
    reworded_at: Mapped[datetime | None]
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolStance(Table):
    """What one council says to a line: must, nice to have, accepts it, or cannot live with it."""

    __tablename__ = "pool_stance"
    __table_args__ = (
        _of_line("pool_stance"),
        _of_member("pool_stance"),
        CheckConstraint("stance in ('must','nice','accept','cannot')", name="stance"),
        Index("ix_pool_stance_pool_id", "pool_id"),
    )

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    pool_id: Mapped[UUID]
    stance: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, server_default="")
    person_name: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolVote(Table):
    """A vote on a line. `weights` are what each council's ballot counts, fixed when the vote was opened."""

    __tablename__ = "pool_vote"
    __table_args__ = (
        _of_line("pool_vote"),
        UniqueConstraint("pool_id", "id", name="uq_pool_vote_id"),
        CheckConstraint(
            "cardinality(choices) >= 2 and choices <@ array['common','lot','option','dropped']",
            name="choices",
        ),
        CheckConstraint("weighed_by in ('council','volume','value')", name="weighed_by"),
        CheckConstraint("outcome = any (choices)", name="outcome"),
        Index("uq_pool_vote_open", "line_id", unique=True, postgresql_where=text("closed_at is null")),
        Index("ix_pool_vote_closes_at", "closes_at", postgresql_where=text("closed_at is null")),
        Index("ix_pool_vote_pool_id", "pool_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID]
    line_id: Mapped[UUID]
    question: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lot: Mapped[str] = mapped_column(Text, server_default="")
    weighed_by: Mapped[str] = mapped_column(Text)
    weights: Mapped[dict[str, int]] = mapped_column(JSONB)
    opened_by: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(server_default=NOW)
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(Text, server_default="")
    outcome: Mapped[str | None] = mapped_column(Text)
    ending: Mapped[str] = mapped_column(Text, server_default="")
    tally: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)


class PoolBallot(Table):
    """What one council chose in a vote; may be changed until the vote closes."""

    __tablename__ = "pool_ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "vote_id"], ["pool_vote.pool_id", "pool_vote.id"], name="fk_pool_ballot_pool_vote"
        ),
        _of_member("pool_ballot"),
    )

    vote_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    pool_id: Mapped[UUID]
    choice: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    cast_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolSounding(Table):
    """What a supplier said in preliminary market engagement: whether it can meet a line. The last counts."""

    __tablename__ = "pool_sounding"
    __table_args__ = (
        _of_line("pool_sounding"),
        CheckConstraint("supplier_name <> ''", name="supplier_name"),
        Index("ix_pool_sounding_pool_id", "pool_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID]
    line_id: Mapped[UUID]
    supplier_name: Mapped[str] = mapped_column(Text)
    can_meet: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, server_default="")
    body_code: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolLineChange(Table):
    """A change of a line: who, for which council, when, from what to what, why. Never changed itself.

    Without a council and a person it was the clock.
    """

    __tablename__ = "pool_line_change"
    __table_args__ = (
        _of_line("pool_line_change"),
        CheckConstraint(
            "what in ('added','reworded','stance','outcome','vote opened','vote closed')", name="what"
        ),
        Index("ix_pool_line_change_line_id", "line_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID]
    line_id: Mapped[UUID]
    body_code: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[UUID | None]
    person_name: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text, server_default="")
    after: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(Text, server_default="")
    at: Mapped[datetime] = mapped_column(server_default=NOW)
