"""Tables of contracts and needs.

`need` and `need_line` hold what other councils may read once it is open; all else of a need stands in
tables that only its own council may read, so that a forgotten condition in a query gives nothing away.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7

NOW = text("statement_timestamp()")


class Contract(Table):
    """A line of a council's contract register. `source_key` makes reading the same line again harmless."""

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("body_code", "source_key", name="uq_contract_body_code_source_key"),
        Index("ix_contract_body_code", "body_code", "end_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    body_code: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    supplier_name: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    company_number: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    notice_on: Mapped[date | None]
    extension_options: Mapped[str] = mapped_column(Text)
    extension_months: Mapped[int | None]
    value_pence: Mapped[int | None]
    annual_value_pence: Mapped[int | None]
    notes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source_file: Mapped[str] = mapped_column(Text)
    source_line: Mapped[int]
    source_key: Mapped[str] = mapped_column(Text)
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    imported_at: Mapped[datetime] = mapped_column(server_default=NOW)
    from_code: Mapped[str | None] = mapped_column(Text)


class ContractSetAside(Table):
    """A line of a register that is no contract of a known council, kept with its place and the reason."""

    __tablename__ = "contract_set_aside"

    file_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_code: Mapped[str | None] = mapped_column(Text)
    source_file: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)


class Need(Table):
    """What a council needs, as far as other councils may read it once it is open."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("state in ('draft','open','archived')", name="state"),
        CheckConstraint("earliest_start_on <= latest_start_on", name="window"),
        CheckConstraint("value_pence > 0", name="value_pence"),
        CheckConstraint("data_held in ('none','personal','special category')", name="data_held"),
        UniqueConstraint("body_code", "source_key", name="uq_need_body_code_source_key"),
        Index("ix_need_body_code", "body_code", "state"),
        Index(
            "ix_need_open",
            "category",
            "earliest_start_on",
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    body_code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    outcomes: Mapped[str] = mapped_column(Text)
    volume: Mapped[int | None]
    unit: Mapped[str] = mapped_column(Text)
    earliest_start_on: Mapped[date | None]
    latest_start_on: Mapped[date | None]
    value_pence: Mapped[int | None]
    standards: Mapped[str] = mapped_column(Text)
    interfaces: Mapped[str] = mapped_column(Text)
    data_held: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    source_key: Mapped[str | None] = mapped_column(Text)
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    from_code: Mapped[str | None] = mapped_column(Text)


class NeedDetail(Table):
    """What only the council itself may read of its need: budget, contract, who looks after it."""

    __tablename__ = "need_detail"
    __table_args__ = (CheckConstraint("budget_low_pence <= budget_high_pence", name="budget"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    owner_id: Mapped[UUID | None]
    owner_name: Mapped[str] = mapped_column(Text)
    budget_low_pence: Mapped[int | None]
    budget_high_pence: Mapped[int | None]
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"))


class NeedLine(Table):
    """One requirement: a must, or nice to have; read by whoever may read the need."""

    __tablename__ = "need_line"
    __table_args__ = (CheckConstraint("kind in ('must','nice')", name="kind"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class NeedVersion(Table):
    """A need as it was saved once; never changed."""

    __tablename__ = "need_version"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_name: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)
