"""Tables of the market report: releases, the cells they are made of, and the measures that pages read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7


class Release(Table):
    """One complete set of results, with the versions of everything that made it."""

    __tablename__ = "market_release"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    made_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
    fingerprint: Mapped[str] = mapped_column(Text)
    versions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    first_year: Mapped[int | None] = mapped_column(SmallInteger)
    last_year: Mapped[int | None] = mapped_column(SmallInteger)


class ReleasePart(Table):
    """The marking of one body that a release is made from."""

    __tablename__ = "market_release_part"

    release_id: Mapped[UUID] = mapped_column(
        ForeignKey("market_release.id", ondelete="CASCADE"), primary_key=True
    )
    marking_id: Mapped[UUID] = mapped_column(ForeignKey("marking.id"), primary_key=True)


class Cell(Table):
    """What one body paid one supplier in one category and financial year, credit notes netted."""

    __tablename__ = "market_cell"
    __table_args__ = (
        Index("ix_market_cell_category", "category", "year", "marking_id"),
        Index("ix_market_cell_supplier_id", "supplier_id"),
    )

    marking_id: Mapped[UUID] = mapped_column(ForeignKey("marking.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    supplier_id: Mapped[UUID] = mapped_column(primary_key=True)
    pence: Mapped[int]
    lines: Mapped[int] = mapped_column(Integer)


class BodyYear(Table):
    """What one body published in one financial year, and what of it went into markets."""

    __tablename__ = "market_body_year"

    marking_id: Mapped[UUID] = mapped_column(ForeignKey("marking.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    months: Mapped[int] = mapped_column(SmallInteger)
    lines: Mapped[int] = mapped_column(Integer)
    pence: Mapped[int]
    kinds: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Measure(Table):
    """The measures of one market: a category, an area and a financial year."""

    __tablename__ = "market_measure"

    release_id: Mapped[UUID] = mapped_column(
        ForeignKey("market_release.id", ondelete="CASCADE"), primary_key=True
    )
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    measures: Mapped[dict[str, Any]] = mapped_column(JSONB)
