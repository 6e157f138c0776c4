"""Tables of a tender itself: its row, its buyers, what they considered, approvals, notices.

What everybody may read once a tender is published, and what stays with its buyers, stand in tables of their
own, because row-level security hides rows and not columns: `tender_record`, `tender_share` and
`tender_approval` are for the buyers' people and sector leads for good.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7

NOW = text("statement_timestamp()")
NO = text("false")
STATES = (
    "('draft','in_approval','approved','published','closed','opened','assessed','awarded','standstill',"
    "'contracts','terminated')"
)


class Tender(Table):
    """What a pool is bought by. What stands here everybody reads once it is published.

    `version` counts changes of the content; `fingerprint` is the hash of the content as it stands. `words`,
    `gross_pence`, `suits_small_firms`, `region_codes` are what a search reads, written with the fingerprint.
    """

    __tablename__ = "tender"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("procedure in ('open','competitive-flexible','below-threshold')", name="procedure"),
        CheckConstraint("model in ('one','parallel','framework')", name="model"),
        CheckConstraint("contract_kind in ('goods-or-services','works','concession')", name="contract_kind"),
        CheckConstraint("engagement in ('notice','reason','none')", name="engagement"),
        CheckConstraint(
            "price_formula in ('lowest over price','above lowest','below reference')", name="price_formula"
        ),
        CheckConstraint("price_weight between 0 and 100", name="price_weight"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        CheckConstraint("tie_break in ('','quality','heaviest','lot')", name="tie_break"),
        CheckConstraint(
            "cardinality(languages) >= 1 and languages <@ array['en','cy','ga','gd']", name="languages"
        ),
        CheckConstraint(
            "treaties <@ array['gpa','cptpp','other','none'] "
            "and (treaties = '{none}' or not 'none' = any (treaties))",
            name="treaties",
        ),
        CheckConstraint("most_lots_bid >= 1 and most_lots_won >= 1", name="most_lots"),
        CheckConstraint("lots_order in ('','value','number')", name="lots_order"),
        # A pool has one tender at a time; after a termination it may have another.
        Index("uq_tender_pool_id", "pool_id", unique=True, postgresql_where=text("state <> 'terminated'")),
        Index("ix_tender_state", "state", "category"),
        Index("ix_tender_words", "words", postgresql_using="gin"),
        Index("ix_tender_published_at", "published_at", postgresql_where=text("published_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    lead_code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    category: Mapped[str] = mapped_column(Text)
    procedure: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    contract_kind: Mapped[str] = mapped_column(Text)
    light_touch: Mapped[bool] = mapped_column(server_default=NO)
    preselected: Mapped[bool] = mapped_column(server_default=NO)
    negotiated: Mapped[bool] = mapped_column(server_default=NO)
    urgent: Mapped[bool] = mapped_column(server_default=NO)
    urgency_reason: Mapped[str] = mapped_column(Text, server_default="")
    documents_later: Mapped[bool] = mapped_column(server_default=NO)
    stages: Mapped[str] = mapped_column(Text, server_default="")
    term_reason: Mapped[str] = mapped_column(Text, server_default="")
    several_bids: Mapped[bool] = mapped_column(server_default=NO)
    engagement: Mapped[str | None] = mapped_column(Text)
    engagement_words: Mapped[str] = mapped_column(Text, server_default="")
    no_lots_reason: Mapped[str] = mapped_column(Text, server_default="")
    risks: Mapped[str] = mapped_column(Text, server_default="")
    method: Mapped[str] = mapped_column(Text, server_default="")
    price_weight: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    price_formula: Mapped[str] = mapped_column(Text, server_default="lowest over price")
    reference_pence: Mapped[int | None]
    tie_break: Mapped[str] = mapped_column(Text, server_default="quality")
    no_kpis_reason: Mapped[str] = mapped_column(Text, server_default="")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{en}'::text[]"))
    requests_how: Mapped[str] = mapped_column(Text, server_default="")
    auction: Mapped[bool] = mapped_column(server_default=NO)
    auction_words: Mapped[str] = mapped_column(Text, server_default="")
    treaties: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    treaties_words: Mapped[str] = mapped_column(Text, server_default="")
    recurs: Mapped[bool] = mapped_column(server_default=NO)
    recurs_on: Mapped[date | None]
    recurs_words: Mapped[str] = mapped_column(Text, server_default="")
    repeats: Mapped[str] = mapped_column(Text, server_default="")
    specifications: Mapped[str] = mapped_column(Text, server_default="")
    payment_terms: Mapped[str] = mapped_column(Text, server_default="")
    most_lots_bid: Mapped[int | None]
    most_lots_won: Mapped[int | None]
    lots_order: Mapped[str] = mapped_column(Text, server_default="")
    publish_on: Mapped[date | None]
    planned_notice_on: Mapped[date | None]
    requests_due_on: Mapped[date | None]
    invite_on: Mapped[date | None]
    tenders_due_at: Mapped[datetime | None]
    award_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    extended_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    state_reason: Mapped[str] = mapped_column(Text, server_default="")
    state_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    published_at: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(TSVECTOR)
    gross_pence: Mapped[int | None]
    suits_small_firms: Mapped[bool] = mapped_column(server_default=NO)
    region_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    demonstration: Mapped[bool] = mapped_column(server_default=NO)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class TenderRecord(Table):
    """What the buyers considered and keep on record (sections 12, 13 and 83); for them alone."""

    __tablename__ = "tender_record"

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    small_firms: Mapped[str] = mapped_column(Text, server_default="")
    policy: Mapped[str] = mapped_column(Text, server_default="")
    conflicts_on: Mapped[date | None]
    conflicts: Mapped[str] = mapped_column(Text, server_default="")
    necessity: Mapped[str] = mapped_column(Text, server_default="")


class TenderBuyer(Table):
    """A council in a tender, and how a notice says it is reached."""

    __tablename__ = "tender_buyer"
    __table_args__ = (Index("ix_tender_buyer_body_code", "body_code"),)

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text, server_default="")
    email: Mapped[str] = mapped_column(Text, server_default="")
    identifier: Mapped[str] = mapped_column(Text, server_default="")


class TenderShare(Table):
    """What a buyer expects to spend and take, as it told the pool; for the buyers alone."""

    __tablename__ = "tender_share"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "body_code"],
            ["tender_buyer.tender_id", "tender_buyer.body_code"],
            name="fk_tender_share_tender_buyer",
        ),
        CheckConstraint("value_pence >= 0", name="value_pence"),
    )

    tender_id: Mapped[UUID] = mapped_column(primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    value_pence: Mapped[int]
    volume: Mapped[int | None]
    unit: Mapped[str] = mapped_column(Text, server_default="")


class TenderApproval(Table):
    """A buyer's answer to one content of a tender, by its fingerprint. It ends once, and stays as it was."""

    __tablename__ = "tender_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tender_id", "body_code"],
            ["tender_buyer.tender_id", "tender_buyer.body_code"],
            name="fk_tender_approval_tender_buyer",
        ),
        CheckConstraint("decision in ('approved','refused')", name="decision"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        Index(
            "uq_tender_approval_live",
            "tender_id",
            "body_code",
            unique=True,
            postgresql_where=text("ended_at is null and decision = 'approved'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID]
    body_code: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, server_default="")
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, server_default="")


class TenderNotice(Table):
    """A notice as it was prepared, and what the central platform said of it.

    `facts` is what open data tell of it once it is published, as values.
    """

    __tablename__ = "tender_notice"
    __table_args__ = (
        CheckConstraint("code in ('UK4','UK6','UK12')", name="code"),
        CheckConstraint("state in ('prepared','confirmed','discarded')", name="state"),
        CheckConstraint(
            "(state = 'confirmed') = (reference <> '' and published_at is not null)", name="confirmed"
        ),
        Index("ix_tender_notice_tender_id", "tender_id"),
        Index(
            "uq_tender_notice_prepared",
            "tender_id",
            "code",
            unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    code: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    fields: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    state: Mapped[str] = mapped_column(Text, server_default="prepared")
    prepared_by: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime] = mapped_column(server_default=NOW)
    reference: Mapped[str] = mapped_column(Text, server_default="")
    published_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(Text, server_default="")
    confirmed_at: Mapped[datetime | None]
