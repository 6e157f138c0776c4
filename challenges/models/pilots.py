"""Tables of pilots: the agreement, where it runs, money, measures, readings, and who took it on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import NOW
from challenges.models.statements import EMPTY, NO
from store.db import Table
from values.ids import uuid7

STATES = "('draft','agreed','running','ended','decided','published','dropped')"
METHODS = "('means','pairs','ranks','shares','counts','comparison','differences','series')"
_DECISION = (
    "decision in ('','scale','change','stop') and (state not in ('decided','published') or decision <> '') "
    "and (decision = '') = (decision_reason = '')"
)


class Pilot(Table):
    """A response that is tried out by one sponsor, `runs_code`, with its firm.

    `fingerprint` is the hash of what its approver agreed to, `frozen_sha256` that of the measures when it
    started; `publish_by_on` the day by which its result is published, however it went.
    """

    __tablename__ = "pilot"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint"),
        CheckConstraint("octet_length(frozen_sha256) = 32", name="frozen_sha256"),
        CheckConstraint("ends_on > starts_on", name="days"),
        CheckConstraint("staff_hours >= 0 and use_gross_pence >= 0", name="sums"),
        CheckConstraint(_DECISION, name="decision"),
        CheckConstraint("(published_at is not null) = (state = 'published')", name="published"),
        UniqueConstraint("response_id", name="uq_pilot_response_id"),
        Index("ix_pilot_challenge_id", "challenge_id"),
        Index("ix_pilot_organisation_id", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("challenge.id"))
    response_id: Mapped[UUID] = mapped_column(ForeignKey("challenge_response.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    firm: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text)
    runs_code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    tries: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text, server_default=text("'draft'"))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    approved_by: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    approved_at: Mapped[datetime | None]
    frozen_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    publish_by_on: Mapped[date | None]
    harms: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    equality: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    staff_hours: Mapped[int | None]
    use_gross_pence: Mapped[int | None]
    carries: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    learnt: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    ask_whom: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    decision: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    decision_reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    decided_by: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(server_default=NO)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PilotSite(Table):
    """A place of a council where it is tried, or one that is read for comparison."""

    __tablename__ = "pilot_site"
    __table_args__ = (
        CheckConstraint("btrim(place) <> ''", name="place"),
        UniqueConstraint("pilot_id", "place", name="uq_pilot_site_place"),
    )

    pilot_id: Mapped[UUID] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_code: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    compares: Mapped[bool] = mapped_column(server_default=NO)


class PilotMilestone(Table):
    """What is paid when something is reached, and by what that was shown."""

    __tablename__ = "pilot_milestone"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("gross_pence >= 0", name="gross_pence"),
        CheckConstraint("(paid_on is null) = (evidence = '')", name="paid"),
    )

    pilot_id: Mapped[UUID] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    gross_pence: Mapped[int]
    paid_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text, server_default=EMPTY)


class PilotMeasure(Table):
    """What is measured, from which baseline to which target, and by which method: fixed beforehand.

    Of kind “share” baseline and target are in per cent, of kind “count” events for each case.
    """

    __tablename__ = "pilot_measure"
    __table_args__ = (
        CheckConstraint("btrim(title) <> ''", name="title"),
        CheckConstraint("btrim(unit) <> ''", name="unit"),
        CheckConstraint("kind in ('mean','share','count')", name="kind"),
        CheckConstraint("btrim(baseline_source) <> ''", name="source"),
        CheckConstraint(f"method in {METHODS}", name="method"),
        CheckConstraint("season between 0 and 400", name="season"),
        CheckConstraint("btrim(measured_by) <> ''", name="measured_by"),
        CheckConstraint("target <> baseline", name="target"),
    )

    pilot_id: Mapped[UUID] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    baseline: Mapped[float] = mapped_column(Float(53))
    baseline_source: Mapped[str] = mapped_column(Text)
    target: Mapped[float] = mapped_column(Float(53))
    method: Mapped[str] = mapped_column(Text)
    season: Mapped[int] = mapped_column(server_default=text("0"))
    measured_by: Mapped[str] = mapped_column(Text)


class PilotEffect(Table):
    """What a measure of a published pilot showed by the method that was fixed, as computed at publication.

    Without an estimate it was not computed: the page of the result says why.
    """

    __tablename__ = "pilot_effect"
    __table_args__ = (
        CheckConstraint("readings >= 0", name="readings"),
        ForeignKeyConstraint(
            ["pilot_id", "position"],
            ["pilot_measure.pilot_id", "pilot_measure.position"],
            name="fk_pilot_effect_measure",
        ),
    )

    pilot_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    estimate: Mapped[float | None] = mapped_column(Float(53))
    low: Mapped[float | None] = mapped_column(Float(53))
    high: Mapped[float | None] = mapped_column(Float(53))
    readings: Mapped[int]


class PilotMeasureChange(Table):
    """Another target or method than was fixed, with the reason; it stands beside the original."""

    __tablename__ = "pilot_measure_change"
    __table_args__ = (
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        ForeignKeyConstraint(
            ["pilot_id", "position"],
            ["pilot_measure.pilot_id", "pilot_measure.position"],
            name="fk_pilot_measure_change_measure",
        ),
        Index("ix_pilot_measure_change_pilot_id", "pilot_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pilot_id: Mapped[UUID]
    position: Mapped[int]
    target: Mapped[float] = mapped_column(Float(53))
    method: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PilotReading(Table):
    """A value that was read at a site on a day; what corrects another says why, and the other stays.

    `cases` is how many (or how much) the value is of, for shares and counts.
    """

    __tablename__ = "pilot_reading"
    __table_args__ = (
        CheckConstraint("btrim(evidence) <> ''", name="evidence"),
        CheckConstraint("(corrects is null) = (reason = '')", name="corrects"),
        ForeignKeyConstraint(
            ["pilot_id", "position"],
            ["pilot_measure.pilot_id", "pilot_measure.position"],
            name="fk_pilot_reading_measure",
        ),
        ForeignKeyConstraint(
            ["pilot_id", "site"],
            ["pilot_site.pilot_id", "pilot_site.position"],
            name="fk_pilot_reading_site",
        ),
        UniqueConstraint("corrects", name="uq_pilot_reading_corrects"),
        Index("ix_pilot_reading_pilot_id", "pilot_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pilot_id: Mapped[UUID]
    position: Mapped[int]
    site: Mapped[int]
    read_on: Mapped[date]
    value: Mapped[float] = mapped_column(Float(53))
    cases: Mapped[float | None] = mapped_column(Float(53))
    evidence: Mapped[str] = mapped_column(Text)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("pilot_reading.id"))
    reason: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    read_by: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PilotEvidence(Table):
    """A file that shows readings of a measure; its content is kept under its SHA-256 (`store.files`).

    `for_public`: everybody opens it once the result is published, because `checked_by` opened it and found
    no personal data in it; else the parties of the pilot alone.
    """

    __tablename__ = "pilot_evidence"
    __table_args__ = (
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("for_public = (checked_by <> '')", name="checked"),
        ForeignKeyConstraint(
            ["pilot_id", "position"],
            ["pilot_measure.pilot_id", "pilot_measure.position"],
            name="fk_pilot_evidence_measure",
        ),
        Index("ix_pilot_evidence_pilot_id", "pilot_id", "position"),
        Index("ix_pilot_evidence_sha256", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pilot_id: Mapped[UUID]
    position: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("stored_file.sha256"))
    name: Mapped[str] = mapped_column(Text)
    file_kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    for_public: Mapped[bool] = mapped_column(server_default=NO)
    checked_by: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PilotReadingEvidence(Table):
    """That a file shows a reading; one that was corrected keeps it, and so does what corrects it."""

    __tablename__ = "pilot_reading_evidence"
    __table_args__ = (Index("ix_pilot_reading_evidence_evidence_id", "evidence_id"),)

    reading_id: Mapped[UUID] = mapped_column(ForeignKey("pilot_reading.id"), primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("pilot_evidence.id"), primary_key=True)


class PilotAdoption(Table):
    """A council that took on what a pilot tried, by which lawful way, and whether it is still in use."""

    __tablename__ = "pilot_adoption"
    __table_args__ = (
        CheckConstraint("way in ('pool','award','own')", name="way"),
        CheckConstraint("btrim(words) <> ''", name="words"),
        CheckConstraint("yearly_gross_pence >= 0", name="sum"),
        CheckConstraint("still in ('','yes','no')", name="still"),
        CheckConstraint("pool_id is null or way = 'pool'", name="pool"),
        UniqueConstraint("pilot_id", "body_code", name="uq_pilot_adoption_body_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pilot_id: Mapped[UUID] = mapped_column(ForeignKey("pilot.id"))
    body_code: Mapped[str] = mapped_column(Text)
    way: Mapped[str] = mapped_column(Text)
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"))
    words: Mapped[str] = mapped_column(Text)
    yearly_gross_pence: Mapped[int]
    from_on: Mapped[date]
    adopted_by: Mapped[str] = mapped_column(Text)
    adopted_at: Mapped[datetime] = mapped_column(server_default=NOW)
    still: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    still_words: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    still_at: Mapped[datetime | None]
