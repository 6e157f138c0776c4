"""Tables of how a contract is performed and changed: readings of its indicators, assessments, changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from tenders.models.tenders import NOW
from values.ids import uuid7


class KpiReading(Table):
    """What was measured of an indicator over a period; a later one of the same period stands in its place."""

    __tablename__ = "kpi_reading"
    __table_args__ = (
        CheckConstraint("btrim(value) <> ''", name="value"),
        CheckConstraint("rating in ('good','approaching','improvement','inadequate','other')", name="rating"),
        CheckConstraint("btrim(evidence) <> ''", name="evidence"),
        CheckConstraint("until_on >= from_on", name="period"),
        Index("ix_kpi_reading_contract_id", "contract_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    kpi_number: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    value: Mapped[str] = mapped_column(Text)
    rating: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ContractAssessment(Table):
    """That performance was assessed over a period by the readings of it (section 71(2))."""

    __tablename__ = "contract_assessment"
    __table_args__ = (
        UniqueConstraint("contract_id", "until_on", name="uq_contract_assessment_until"),
        CheckConstraint("until_on >= from_on", name="period"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    last: Mapped[bool]
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ContractChange(Table):
    """A change of a contract: what was proposed, on which way it is lawful, who decided, when it was made.

    `made_with` are numbers of earlier changes that could reasonably have been made with it; `verdict` is what
    the rules said of each way on that day; `commits_pence` is what an approver's limit is held against.
    """

    __tablename__ = "contract_change"
    __table_args__ = (
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("way in ('light-touch','ground','minor','small','part-6')", name="way"),
        CheckConstraint("commits_pence >= 0", name="commits_pence"),
        CheckConstraint("state in ('proposed','approved','refused','withdrawn','made')", name="state"),
        UniqueConstraint("contract_id", "number", name="uq_contract_change_number"),
        CheckConstraint(
            "(state in ('proposed','withdrawn')) or (decided_by_id is not null and decided_at is not null)",
            name="decided",
        ),
        CheckConstraint("(state = 'made') = (made_on is not null)", name="made"),
        Index(
            "uq_contract_change_waiting",
            "contract_id",
            unique=True,
            postgresql_where=text("state in ('proposed','approved')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("tender_contract.id"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    value_pence: Mapped[int]
    term_months: Mapped[int]
    widens_scope: Mapped[bool]
    favours_supplier: Mapped[bool]
    alters_nature: Mapped[bool]
    new_supplier: Mapped[str] = mapped_column(Text, server_default="")
    ground: Mapped[str] = mapped_column(Text, server_default="")
    made_with: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'::bigint[]"))
    way: Mapped[str] = mapped_column(Text)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSONB)
    needs_notice: Mapped[bool]
    text_is_published: Mapped[bool]
    commits_pence: Mapped[int]
    state: Mapped[str] = mapped_column(Text, server_default="proposed")
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    decided_by_id: Mapped[UUID | None]
    decided_by: Mapped[str] = mapped_column(Text, server_default="")
    decided_at: Mapped[datetime | None]
    decided_reason: Mapped[str] = mapped_column(Text, server_default="")
    made_on: Mapped[date | None]
    made_by: Mapped[str] = mapped_column(Text, server_default="")
