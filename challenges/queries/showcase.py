"""When entrants of a phase show what they have, and a judge's own notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import ChallengeEntrant, ChallengeIdentity, ChallengeNote, ChallengeSlot
from challenges.models import ChallengeSubmission as Submission
from values.actors import Actor


@dataclass(frozen=True, slots=True)
class SlotRow:
    """The time of one entrant; `firm` is empty while names are hidden."""

    phase_id: UUID
    response_id: UUID
    code: str
    firm: str
    starts_at: datetime
    minutes: int
    place: str
    drawn_at: datetime


async def slots(db: AsyncSession, challenge_id: UUID) -> Sequence[SlotRow]:
    """Return the times in their order: all for people of sponsors, its own for a firm."""
    rows = await db.execute(
        select(
            ChallengeSlot.phase_id,
            ChallengeSlot.response_id,
            Submission.code,
            func.coalesce(ChallengeIdentity.firm, ""),
            ChallengeSlot.starts_at,
            ChallengeSlot.minutes,
            ChallengeSlot.place,
            ChallengeSlot.drawn_at,
        )
        .join(
            ChallengeEntrant,
            (ChallengeEntrant.phase_id == ChallengeSlot.phase_id)
            & (ChallengeEntrant.response_id == ChallengeSlot.response_id),
        )
        .join(Submission, Submission.id == ChallengeEntrant.submission_id)
        .outerjoin(ChallengeIdentity, ChallengeIdentity.submission_id == Submission.id)
        .where(ChallengeSlot.challenge_id == challenge_id)
        .order_by(ChallengeSlot.starts_at, Submission.code)
    )
    return [SlotRow(*row) for row in rows]


async def notes(db: AsyncSession, actor: Actor, phase_id: UUID) -> Mapping[UUID, str]:
    """Return what the actor noted in a phase, by response."""
    rows = await db.execute(
        select(ChallengeNote.response_id, ChallengeNote.words).where(
            ChallengeNote.phase_id == phase_id, ChallengeNote.person_id == actor.person_id
        )
    )
    return {row[0]: row[1] for row in rows}
