"""The phases of a challenge: how far each is, who is in it, how they rank, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import (
    ChallengeEntrant,
    ChallengeIdentity,
    ChallengeOutcome,
    ChallengePhase,
    ChallengeSubmission,
)
from challenges.rules.phases import CHOSEN_WORDS, PHASE_MEANS, PHASE_WORDS, PhaseKind, Ranked
from sourcing.models import Candidate, Panel
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase, as far as its reader may know how far it is.

    Attributes:
        panel_state: of its panel; None for those outside, and before there is one.
        entered, went_on: once it was decided, for everybody.
    """

    id: UUID
    challenge_id: UUID
    kind: PhaseKind
    places: int
    panel_state: str | None
    entered: int | None
    went_on: int | None

    @property
    def name(self) -> str:
        """What it is called."""
        return PHASE_WORDS[self.kind]

    @property
    def means(self) -> str:
        """What it goes by."""
        return PHASE_MEANS[self.kind]

    @property
    def chosen_words(self) -> str:
        """What those who go on from it are."""
        return CHOSEN_WORDS[self.kind]

    @property
    def decided(self) -> bool:
        """Whether it was decided who goes on."""
        return self.entered is not None


@dataclass(frozen=True, slots=True)
class EntrantRow:
    """A response in a phase, for those who judge it.

    Attributes:
        code: empty where the reader is kept from the response, for a conflict that they declared.
        firm: empty while names are hidden.
        number: under which its panel judges it.
    """

    response_id: UUID
    submission_id: UUID
    candidate_id: UUID
    code: str
    firm: str
    out_reason: str
    number: int

    @property
    def hidden(self) -> bool:
        """Whether the reader is kept from it."""
        return not self.code

    @property
    def label(self) -> str:
        """What it is called on pages: its code, and its firm once names are shown."""
        if self.hidden:
            return f"Response number {self.number}, hidden from you"
        return f"Response {self.code}" + (f" ({self.firm})" if self.firm else "")


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What came of a phase for one response."""

    phase_id: UUID
    response_id: UUID
    rank: int | None
    total: Decimal | None
    goes_on: bool
    departure: str
    reason: str
    decided_by: str
    decided_at: datetime


async def phases(db: AsyncSession, challenge_id: UUID) -> Sequence[PhaseRow]:
    """Return the phases of a challenge, in their order."""
    course = func.app.challenge_course().table_valued("phase_id", "entered", "went_on")
    rows = await db.execute(
        select(
            ChallengePhase.id,
            ChallengePhase.challenge_id,
            ChallengePhase.kind,
            ChallengePhase.places,
            Panel.state,
            course.c.entered,
            course.c.went_on,
        )
        .outerjoin(Panel, Panel.subject_id == ChallengePhase.id)
        .outerjoin(course, course.c.phase_id == ChallengePhase.id)
        .where(ChallengePhase.challenge_id == challenge_id)
        .order_by(ChallengePhase.position)
    )
    return [PhaseRow(row[0], row[1], PhaseKind(row[2]), *row[3:]) for row in rows]


async def phase(db: AsyncSession, challenge_id: UUID, phase_id: UUID) -> PhaseRow:
    """Return one phase of a challenge.

    Raises:
        Missing: there is none, or the challenge is not the reader's to see.
    """
    for each in await phases(db, challenge_id):
        if each.id == phase_id:
            return each
    raise Missing("phase")


async def entrants(db: AsyncSession, phase_id: UUID) -> Sequence[EntrantRow]:
    """Return the responses in a phase by their codes, for the people of sponsors."""
    rows = await db.execute(
        select(
            ChallengeEntrant.response_id,
            ChallengeEntrant.submission_id,
            ChallengeEntrant.candidate_id,
            func.coalesce(ChallengeSubmission.code, ""),
            func.coalesce(ChallengeIdentity.firm, ""),
            func.coalesce(Candidate.out_reason, ""),
            func.coalesce(Candidate.number, 0),
        )
        .outerjoin(ChallengeSubmission, ChallengeSubmission.id == ChallengeEntrant.submission_id)
        .outerjoin(ChallengeIdentity, ChallengeIdentity.submission_id == ChallengeEntrant.submission_id)
        .outerjoin(Candidate, Candidate.id == ChallengeEntrant.candidate_id)
        .where(ChallengeEntrant.phase_id == phase_id)
        .order_by(ChallengeSubmission.code, Candidate.number)
    )
    return [EntrantRow(*row) for row in rows]


async def hidden(db: AsyncSession, challenge_id: UUID, phase_id: UUID | None = None) -> int:
    """Return how many responses of a challenge, or in one phase, the reader is kept from."""
    query = select(func.count(ChallengeEntrant.response_id.distinct())).where(
        ChallengeEntrant.challenge_id == challenge_id,
        ChallengeEntrant.response_id == func.any(func.app.kept_responses()),
    )
    return await db.scalar(query.where(ChallengeEntrant.phase_id == phase_id) if phase_id else query) or 0


async def ranking(db: AsyncSession, phase_id: UUID) -> Sequence[Ranked]:
    """Return the responses in a phase as its panel judged them, the best first; ranks once it settled.

    Those whom the reader is kept from are left out.
    """
    found = func.app.phase_ranking(phase_id).table_valued("candidate_id", "total", "rank")
    ranks = {row[0]: (row[1], row[2]) for row in await db.execute(select(found))}
    judged = [
        Ranked(
            each.response_id,
            each.candidate_id,
            each.code,
            ranks[each.candidate_id][1] if each.candidate_id in ranks else None,
            ranks[each.candidate_id][0] if each.candidate_id in ranks else None,
            each.out_reason,
        )
        for each in await entrants(db, phase_id)
        if not each.hidden
    ]
    return sorted(judged, key=lambda each: (each.rank is None, each.rank, each.code))


async def outcomes(db: AsyncSession, phase_id: UUID) -> Mapping[UUID, OutcomeRow]:
    """Return what was decided in a phase, by response, as far as the reader may know of it."""
    rows = await db.execute(
        select(
            ChallengeOutcome.phase_id,
            ChallengeOutcome.response_id,
            ChallengeOutcome.rank,
            ChallengeOutcome.total,
            ChallengeOutcome.goes_on,
            ChallengeOutcome.departure,
            ChallengeOutcome.reason,
            ChallengeOutcome.decided_by,
            ChallengeOutcome.decided_at,
        ).where(ChallengeOutcome.phase_id == phase_id)
    )
    return {row[1]: OutcomeRow(*row) for row in rows}


async def names_are_shown(db: AsyncSession, challenge_id: UUID) -> bool:
    """Tell whether people of sponsors read whose responses they are."""
    return bool(await db.scalar(select(func.app.names_are_shown(challenge_id))))
