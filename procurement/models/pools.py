"""Tables of pools: who is in, on which terms, what was agreed and signed.

What councils tell each other and what each keeps to itself stand in tables of their own, because row-level
security hides rows and not columns: `pool_stake` is for the members of the pool, `pool_terms` and
`pool_commitment` are for one council alone.
"""

from __future__ import annotations

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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.models.needs import NOW
from store.db import Table
from values.ids import uuid7

NO_TEXTS = text("'{}'::text[]")
NOTHING = text("'{}'::jsonb")
NONE = text("'[]'::jsonb")
STATES = "('forming','agreeing','committed','handed_over','closed','dissolved')"


class Pool(Table):
    """Councils that may buy one thing together. What stands here every council may read."""

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("vote_rule in ('council','volume')", name="vote_rule"),
        CheckConstraint("quorum >= 2 and largest >= quorum", name="quorum"),
        CheckConstraint("cap_pence > 0", name="cap_pence"),
        CheckConstraint("first_start_on <= last_start_on", name="window"),
        CheckConstraint("joins_until < signs_until", name="dates"),
        Index("ix_pool_state", "state", "category"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    title: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    lead_code: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str | None] = mapped_column(Text)
    vote_rule: Mapped[str] = mapped_column(Text)
    quorum: Mapped[int]
    largest: Mapped[int] = mapped_column(server_default="12")
    cap_pence: Mapped[int]
    first_start_on: Mapped[date]
    last_start_on: Mapped[date]
    joins_until: Mapped[datetime]
    signs_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, server_default="forming")
    state_reason: Mapped[str] = mapped_column(Text, server_default="")
    state_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    lead_since: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolLeadOffer(Table):
    """The lead of a pool is offered to another of its councils, which has not answered yet."""

    __tablename__ = "pool_lead_offer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "body_code"],
            ["pool_member.pool_id", "pool_member.body_code"],
            name="fk_pool_lead_offer_pool_member",
        ),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text)
    person_name: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolMember(Table):
    """A council in a pool, and how far it has gone. `standing` is what solving all terms together gave."""

    __tablename__ = "pool_member"
    __table_args__ = (
        CheckConstraint("stage in ('interested','conditional','bound','withdrawn')", name="stage"),
        CheckConstraint("standing in ('in','waiting')", name="standing"),
        Index("ix_pool_member_body_code", "body_code"),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    stage: Mapped[str] = mapped_column(Text, server_default="interested")
    standing: Mapped[str | None] = mapped_column(Text)
    left_reason: Mapped[str] = mapped_column(Text, server_default="")
    joined_at: Mapped[datetime] = mapped_column(server_default=NOW)
    stage_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolStake(Table):
    """What a member brings: a need, its estimated value and volume, as the members tell each other."""

    __tablename__ = "pool_stake"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "body_code"],
            ["pool_member.pool_id", "pool_member.body_code"],
            name="fk_pool_stake_pool_member",
        ),
        CheckConstraint("value_pence > 0", name="value_pence"),
        CheckConstraint("volume > 0", name="volume"),
        # A need is in one pool at a time.
        Index("uq_pool_stake_need_id", "need_id", unique=True, postgresql_where=text("active")),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text)
    value_pence: Mapped[int]
    volume: Mapped[int | None]
    unit: Mapped[str] = mapped_column(Text, server_default="")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolTerms(Table):
    """On what terms one council is in, for that council alone; `lacking` is what it still waits for.

    `conditions` are its own words; it says itself when they are met.
    """

    __tablename__ = "pool_terms"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "body_code"],
            ["pool_member.pool_id", "pool_member.body_code"],
            name="fk_pool_terms_pool_member",
        ),
        CheckConstraint("cap_pence > 0", name="cap_pence"),
        CheckConstraint("least_partners >= 0", name="least_partners"),
        CheckConstraint("least_joint_pence >= 0", name="least_joint_pence"),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    cap_pence: Mapped[int | None]
    least_partners: Mapped[int] = mapped_column(server_default="0")
    partners: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_TEXTS)
    least_joint_pence: Mapped[int] = mapped_column(server_default="0")
    conditions: Mapped[str] = mapped_column(Text, server_default="")
    conditions_met: Mapped[bool] = mapped_column(server_default=text("false"))
    lacking: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolPulse(Table):
    """How often a pool was changed, and up to which change its terms were solved.

    Whoever changes a pool locks this row first, so that changes of one pool come one after the other.
    """

    __tablename__ = "pool_pulse"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    changed: Mapped[int] = mapped_column(server_default="1")
    settled: Mapped[int] = mapped_column(server_default="0")


class PoolOutlook(Table):
    """Who is in if who is in, as last solved; for the members. No sum stands here."""

    __tablename__ = "pool_outlook"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    settled: Mapped[int]
    settled_at: Mapped[datetime] = mapped_column(server_default=NOW)
    holds: Mapped[bool]
    quorum_lacking: Mapped[int]
    inside: Mapped[list[str]] = mapped_column(ARRAY(Text))
    waiting: Mapped[list[Any]] = mapped_column(JSONB, server_default=NONE)


class PoolAgreement(Table):
    """A version of the agreement between the members; never changed. What counts is the last."""

    __tablename__ = "pool_agreement"
    __table_args__ = (CheckConstraint("octet_length(sha256) = 32", name="sha256"),)

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    reason: Mapped[str] = mapped_column(Text, server_default="")
    person_name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolSignature(Table):
    """A council's signature under one version: who, when, and the hash of the text that was before them.

    It ends once and is never changed else; a council that signs the same version again takes another `turn`.
    """

    __tablename__ = "pool_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "version"],
            ["pool_agreement.pool_id", "pool_agreement.version"],
            name="fk_pool_signature_pool_agreement",
        ),
        ForeignKeyConstraint(
            ["pool_id", "body_code"],
            ["pool_member.pool_id", "pool_member.body_code"],
            name="fk_pool_signature_pool_member",
        ),
        Index(
            "uq_pool_signature_live",
            "pool_id",
            "version",
            "body_code",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="1")
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, server_default="")


class PoolCommitment(Table):
    """Up to which sum and until when a council is bound; for that council alone."""

    __tablename__ = "pool_commitment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "version", "body_code", "turn"],
            [f"pool_signature.{name}" for name in ("pool_id", "version", "body_code", "turn")],
            name="fk_pool_commitment_pool_signature",
        ),
        CheckConstraint("sum_pence > 0", name="sum_pence"),
    )

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="1")
    sum_pence: Mapped[int]
    until_on: Mapped[date]


class ApproverAuthority(Table):
    """Up to which sum an approver may commit their council, and who said so."""

    __tablename__ = "approver_authority"
    __table_args__ = (CheckConstraint("limit_pence >= 0", name="limit_pence"),)

    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    limit_pence: Mapped[int]
    set_by_id: Mapped[UUID | None]
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PoolPerson(Table):
    """Somebody who acts for a member in a pool: who can be addressed there, and who hears of it."""

    __tablename__ = "pool_person"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_name: Mapped[str] = mapped_column(Text)
    body_code: Mapped[str] = mapped_column(Text)
    follows: Mapped[bool] = mapped_column(server_default=text("true"))
    since: Mapped[datetime] = mapped_column(server_default=NOW)
