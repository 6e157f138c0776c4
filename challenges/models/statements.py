"""Tables of a challenge itself: its statement, what responses say and are judged by, sponsors, approvals."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from store.db import Table
from values.ids import uuid7

NO = text("false")
EMPTY = text("''")
STATES = "('statement','open','judged','pilot','measured','decision','route','withdrawn','ended')"


class Challenge(Table):
    """A problem that councils publish. Everybody reads what stands here once it is published.

    `people` is who has the problem. `version` counts changes of the statement; `fingerprint` is the hash of
    what it says; `needs_notice` is the notice that must be out first; `words` is what a search reads. The
    last two are written with the fingerprint. `seeks_sponsors` shows it to all councils before that.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("budget_gross_pence >= 0 and later_gross_pence >= 0", name="sums"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        Index("ix_challenge_state", "state", "category"),
        Index("ix_challenge_words", "words", postgresql_using="gin"),
        Index("ix_challenge_published_at", "published_at", postgresql_where=text("published_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    lead_code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    people: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    tried: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    outcomes: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    interfaces: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    constraints: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    after_success: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    category: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    budget_gross_pence: Mapped[int | None]
    later_gross_pence: Mapped[int | None]
    route: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    route_reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    questions_until: Mapped[datetime | None]
    responses_due_at: Mapped[datetime | None]
    showcase_on: Mapped[date | None]
    showcase_where: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    decision_on: Mapped[date | None]
    pilot_from_on: Mapped[date | None]
    pilot_until_on: Mapped[date | None]
    anonymous: Mapped[bool] = mapped_column(server_default=NO)
    seeks_sponsors: Mapped[bool] = mapped_column(server_default=NO)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    needs_notice: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    words: Mapped[str | None] = mapped_column(TSVECTOR)
    state: Mapped[str] = mapped_column(Text, server_default=text("'statement'"))
    state_reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    state_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    published_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(server_default=NO)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeSection(Table):
    """A part of a response: what is asked, and in how many words at most."""

    __tablename__ = "challenge_section"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("most_words between 1 and 1000", name="most_words"),
    )

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    asks: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    most_words: Mapped[int]


class ChallengeCriterion(Table):
    """By what responses are judged."""

    __tablename__ = "challenge_criterion"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("weight between 1 and 100", name="weight"),
    )

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    weight: Mapped[int]


class ChallengeSponsor(Table):
    """A council that has the problem too, with a line on its own need; the lead is one of them.

    `need_id` is a need of that council, which may be in a pool. The public sees a sponsor once it approved.
    """

    __tablename__ = "challenge_sponsor"
    __table_args__ = (
        CheckConstraint("length(line) <= 500", name="line"),
        Index("ix_challenge_sponsor_body_code", "body_code"),
    )

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    body_code: Mapped[str] = mapped_column(Text, primary_key=True)
    line: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"))
    joined_by: Mapped[str] = mapped_column(Text)
    joined_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeApproval(Table):
    """A sponsor's answer to what a statement says, by its fingerprint; another statement needs another."""

    __tablename__ = "challenge_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["challenge_id", "body_code"],
            ["challenge_sponsor.challenge_id", "challenge_sponsor.body_code"],
            name="fk_challenge_approval_challenge_sponsor",
            ondelete="CASCADE",
        ),
        CheckConstraint("decision in ('approved','refused')", name="decision"),
        CheckConstraint("(decision = 'refused') = (btrim(reason) <> '')", name="reason"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        Index("ix_challenge_approval_challenge_id", "challenge_id", "body_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    challenge_id: Mapped[UUID]
    body_code: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ChallengeNotice(Table):
    """That the central platform published a notice, as an officer of the lead recorded it."""

    __tablename__ = "challenge_notice"
    __table_args__ = (
        CheckConstraint("code ~ '^UK[0-9]+$'", name="code"),
        CheckConstraint("btrim(reference) <> ''", name="reference"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
    )

    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    reference: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
