"""Tables of the store itself: the audit trail, the jobs, and the content of files."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7


class AuditEntry(Table):
    """One thing that somebody did. Written in the change's own transaction, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
    person_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AuditSeal(Table):
    """A link of the chain: the hash over the previous link and one entry."""

    __tablename__ = "audit_seal"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class JobState(enum.StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Table):
    """Long work that somebody asked for, with its progress. The queue itself is PgQueuer's."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('queued','running','done','failed','cancelled')", name="state"),
        CheckConstraint("lane in ('long','quick')", name="lane"),
        Index("ix_job_person_id", "person_id", "created_at"),
        Index("ix_job_under_way", "kind", postgresql_where=text("finished_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(Text, server_default="long")
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    roles: Mapped[str] = mapped_column(Text, server_default="")
    actor_name: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int | None]
    doing: Mapped[str] = mapped_column(Text, server_default="")
    error: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]


class StoredFile(Table):
    """The content of a file, once, under its hash. Who may read it follows from the rows that name it."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint("size >= 0", name="size"),
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(server_default=text("statement_timestamp()"))


class StoredChunk(Table):
    """A part of a file's content; memory does not grow with the file."""

    __tablename__ = "stored_chunk"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("stored_file.sha256"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
