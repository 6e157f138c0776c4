"""Which responses were chosen for a pilot, and by which firms."""

from __future__ import annotations

from collections.abc import Sequence
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


async def named(db: AsyncSession, challenge_id: UUID) -> Sequence[str]:
    """Return the names of chosen firms that said that they may be named: for everybody."""
    query = select(ChallengeConsent.firm).where(ChallengeConsent.challenge_id == challenge_id)
    return list(await db.scalars(query.order_by(ChallengeConsent.firm)))
