"""Tables of published payments: the register of files, what was set aside, mappings, markings.

The lines themselves are columnar files in the lake, written once by the import and never edited.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7

# Where marked lines stand in the lake: marked/<body>/<fingerprint>.parquet
MARKED = "marked"


class FileState(enum.StrEnum):
    """Whether a version of a published file counts."""

    CURRENT = "current"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class PublishedFile(Table):
    """One version of a file that a body published, as it was read."""

    __tablename__ = "published_file"
    __table_args__ = (
        CheckConstraint("state in ('current','replaced','withdrawn')", name="state"),
        CheckConstraint("read + set_aside = lines", name="reconciles"),
        UniqueConstraint("id", "body_code", name="uq_published_file_id_body_code"),
        Index("ix_published_file_body_code", "body_code", "state", "name"),
        Index("ix_published_file_imported_at", text("imported_at desc nulls last"), "id"),
        Index(
            "ix_published_file_state_body_code",
            "state",
            "body_code",
            postgresql_include=["lines", "read", "set_aside", "amount_read_pence"],
        ),
        Index(
            "uq_published_file_current",
            "body_code",
            "sha256",
            unique=True,
            postgresql_where=text("state = 'current'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    body_code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    lines_name: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int]
    state: Mapped[str] = mapped_column(Text, server_default="current")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("published_file.id"))
    lines: Mapped[int]
    read: Mapped[int]
    set_aside: Mapped[int]
    amount_read_pence: Mapped[int]
    amount_basis: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    decisions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    difference: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    imported_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
    imported_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class PublishedFileTotal(Table):
    """What the files of a body in one state come to; triggers keep it as files come and change."""

    __tablename__ = "published_file_total"

    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text, primary_key=True)
    files: Mapped[int]
    lines: Mapped[int]
    read: Mapped[int]
    set_aside: Mapped[int]
    amount_read_pence: Mapped[int]


class SetAsideLine(Table):
    """A line that could not be read, with its place and the reason; its body decides who sees it."""

    __tablename__ = "set_aside_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["file_id", "body_code"],
            ["published_file.id", "published_file.body_code"],
            name="fk_set_aside_line_file_id_body_code",
        ),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)


class ColumnMapping(Table):
    """A person's correction of which column is what, remembered for a body's files with the same header."""

    __tablename__ = "column_mapping"
    __table_args__ = (
        UniqueConstraint("body_code", "fingerprint", name="uq_column_mapping_body_code_fingerprint"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    body_code: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))


class Marking(Table):
    """All current lines of one body with the decisions about them joined in: a file of the lake.

    `fingerprint` hashes everything that went in (files, rules, taxonomy), so that an unchanged body is not
    marked again and a release can name exactly what it was made from.
    """

    __tablename__ = "marking"
    __table_args__ = (UniqueConstraint("body_code", "fingerprint", name="uq_marking_body_code_fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    body_code: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    versions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    marked_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
