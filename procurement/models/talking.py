"""Table of what people of a pool's members say to each other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NO_TEXTS, NOW
from store.db import Table
from values.ids import uuid7


class PoolComment(Table):
    """A comment in a pool. Its writer may remove it; then who wrote is left, and what was written is gone.

    `mentions` are the names as they were written after an @, so that a page can mark them. `line_id` is the
    requirement that the comment is about, if it is about one.
    """

    __tablename__ = "pool_comment"
    __table_args__ = (
        CheckConstraint("(removed_at is null) = (text <> '')", name="removed"),
        Index("ix_pool_comment_pool_id", "pool_id", "written_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    line_id: Mapped[UUID | None]
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    body_code: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_TEXTS)
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)
    removed_at: Mapped[datetime | None]
