"""Tables of what pools are worth: what was expected, what came of it, what the market is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.models.needs import NOW
from store.db import Table


class PoolBaseline(Table):
    """What a pool was expected to save when it committed, by member; savings are measured against the last.

    Never changed. A pool that commits anew, with other members, gets another.
    """

    __tablename__ = "pool_baseline"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    saving_pence: Mapped[int]
    low_pence: Mapped[int]
    high_pence: Mapped[int]
    model: Mapped[dict[str, Any]] = mapped_column(JSONB)
    members: Mapped[list[Any]] = mapped_column(JSONB)


class PoolOutcome(Table):
    """What a member paid a unit before the pool and pays in it; told by that member, read by all members."""

    __tablename__ = "pool_outcome"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "body_code"],
            ["pool_member.pool_id", "pool_member.body_code"],
            name="fk_pool_outcome_pool_member",
        ),
        CheckConstraint("before_pence > 0", name="before_pence"),
        CheckConstraint("after_pence > 0", name="after_pence"),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    before_pence: Mapped[int]
    after_pence: Mapped[int]
    person_name: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolTotal(Table):
    """What the market is told of a pool: how many councils, how much together. Everybody may read it."""

    __tablename__ = "pool_total"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    council_count: Mapped[int]
    value_pence: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolTotalBasis(Table):
    """Whose estimates made up a total that was told; only the job that tells totals reads it.

    A contributor is a need with the estimate that it then had, so that a changed estimate is another.
    """

    __tablename__ = "pool_total_basis"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "number"],
            ["pool_total.pool_id", "pool_total.number"],
            name="fk_pool_total_basis_pool_total",
        ),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contributors: Mapped[list[str]] = mapped_column(ARRAY(Text))
