"""Tables of what follows when councils take over from others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.models.needs import NOW
from store.db import Table


class SuccessionChoice(Table):
    """Which of several successors takes over a contract or a need, as an officer of the council decided."""

    __tablename__ = "succession_choice"
    __table_args__ = (CheckConstraint("kind in ('contract','need')", name="kind"),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text)
    successor_code: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    chosen_at: Mapped[datetime] = mapped_column(server_default=NOW)


class SuccessionFollowed(Table):
    """That everything of a council went over to a successor, and how much of what."""

    __tablename__ = "succession_followed"

    predecessor_code: Mapped[str] = mapped_column(Text, primary_key=True)
    successor_code: Mapped[str] = mapped_column(Text, primary_key=True)
    followed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB)
