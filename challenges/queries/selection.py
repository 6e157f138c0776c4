"""Which responses were chosen for a pilot, and by which firms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import (
    ChallengeConsent,
    ChallengeEntrant,
    ChallengeIdentity,
    ChallengeMark,
    ChallengeOutcome,
    ChallengePhase,
    ChallengeSubmission,
)
from challenges.rules.phases import PhaseKind


@dataclass(frozen=True, slots=True)
class SelectedRow:
    """A response that was chosen for a pilot.

    Attributes:
        organisation_id, firm, product: of who responded; None and empty while names are hidden.
        content: what it said, as it was handed in.
        named: its firm said that it may be named in public.
    """

    response_id: UUID
    code: str
    organisation_id: UUID | None
    firm: str
    product: str
    rank: int
    total: Decimal
    content: dict[str, Any]
    named: bool
    decided_at: datetime


async def selected(db: AsyncSession, challenge_id: UUID) -> Sequence[SelectedRow]:
    """Return the responses that were chosen for a pilot, the best first.

    People of sponsors read all, a firm its own; nobody else reads any.
    """
    rows = await db.execute(
        select(
            ChallengeOutcome.response_id,
            ChallengeSubmission.code,
            ChallengeIdentity.organisation_id,
            func.coalesce(ChallengeIdentity.firm, ""),
            func.coalesce(ChallengeIdentity.product, ""),
            ChallengeOutcome.rank,
            ChallengeOutcome.total,
            ChallengeSubmission.content,
            ChallengeConsent.response_id.is_not(None),
            ChallengeOutcome.decided_at,
        )
        .join(ChallengePhase, ChallengePhase.id == ChallengeOutcome.phase_id)
        .join(
            ChallengeEntrant,
            (ChallengeEntrant.phase_id == ChallengeOutcome.phase_id)
            & (ChallengeEntrant.response_id == ChallengeOutcome.response_id),
        )
        .join(ChallengeSubmission, ChallengeSubmission.id == ChallengeEntrant.submission_id)
        .outerjoin(ChallengeIdentity, ChallengeIdentity.submission_id == ChallengeSubmission.id)
        .outerjoin(ChallengeConsent, ChallengeConsent.response_id == ChallengeOutcome.response_id)
        .where(
            ChallengeOutcome.challenge_id == challenge_id,
            ChallengePhase.kind == PhaseKind.PILOT,
            ChallengeOutcome.goes_on,
        )
        .order_by(ChallengeOutcome.rank, ChallengeSubmission.code)
    )
    return [SelectedRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What came of a phase for the reader's own response.

    Attributes:
        places, entered, went_on: of the phase.
    """

    phase_id: UUID
    response_id: UUID
    kind: PhaseKind
    rank: int | None
    total: Decimal | None
    goes_on: bool
    departure: str
    reason: str
    decided_at: datetime
    places: int
    entered: int
    went_on: int


@dataclass(frozen=True, slots=True)
class MarkRow:
    """On what the panel agreed for one criterion, and why."""

    title: str
    weight: int
    points: int
    highest: int
    reason: str


async def told(db: AsyncSession, response_id: UUID) -> Sequence[ToldRow]:
    """Return what came of each phase for a response, in their order, as its firm reads it."""
    course = func.app.challenge_course().table_valued("phase_id", "places", "entered", "went_on")
    rows = await db.execute(
        select(
            ChallengeOutcome.phase_id,
            ChallengeOutcome.response_id,
            ChallengePhase.kind,
            ChallengeOutcome.rank,
            ChallengeOutcome.total,
            ChallengeOutcome.goes_on,
            ChallengeOutcome.departure,
            ChallengeOutcome.reason,
            ChallengeOutcome.decided_at,
            course.c.places,
            course.c.entered,
            course.c.went_on,
        )
        .join(ChallengePhase, ChallengePhase.id == ChallengeOutcome.phase_id)
        .join(course, course.c.phase_id == ChallengePhase.id)
        .where(ChallengeOutcome.response_id == response_id)
        .order_by(ChallengePhase.position)
    )
    return [ToldRow(row[0], row[1], PhaseKind(row[2]), *row[3:]) for row in rows]


async def marks(db: AsyncSession, response_id: UUID) -> Mapping[UUID, list[MarkRow]]:
    """Return what each criterion got for a response, by phase, as its firm reads it."""
    rows = await db.execute(
        select(
            ChallengeMark.phase_id,
            ChallengeMark.title,
            ChallengeMark.weight,
            ChallengeMark.points,
            ChallengeMark.highest,
            ChallengeMark.reason,
        )
        .where(ChallengeMark.response_id == response_id)
        .order_by(ChallengeMark.phase_id, ChallengeMark.position)
    )
    found: dict[UUID, list[MarkRow]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(MarkRow(*row[1:]))
    return found


async def consents(db: AsyncSession, response_id: UUID) -> bool:
    """Tell whether the firm of a response said that it may be named."""
    query = select(ChallengeConsent.response_id).where(ChallengeConsent.response_id == response_id)
    return await db.scalar(query) is not None


async def named(db: AsyncSession, challenge_id: UUID) -> Sequence[str]:
    """Return the names of chosen firms that said that they may be named: for everybody."""
    query = select(ChallengeConsent.firm).where(ChallengeConsent.challenge_id == challenge_id)
    return list(await db.scalars(query.order_by(ChallengeConsent.firm)))
