"""Scores as their reader may see them: one's own while scoring, all in moderation, and on what was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Candidate, Consensus, PanelMember, Score
from sourcing.queries import panels
from sourcing.rules.panels import PanelState, Standing
from sourcing.rules.scores import Spread, spread
from values.actors import Actor
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score with its reason.

    Attributes:
        counts: its assessor is still on the panel and may deal with the candidate.
    """

    candidate_id: UUID
    question_id: UUID
    person_id: UUID
    person_name: str
    points: int
    reason: str
    locked_at: datetime | None
    counts: bool


@dataclass(frozen=True, slots=True)
class ConsensusRow:
    """On what the panel agreed for one answer, and why; `version` says how often it was agreed."""

    candidate_id: UUID
    question_id: UUID
    version: int
    points: int
    reason: str
    chair_name: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class Moderated:
    """One answer in moderation: the scores, how far they lie apart, and what was agreed."""

    candidate: panels.CandidateRow
    question: panels.QuestionScored
    scores: Sequence[ScoreRow]
    spread: Spread | None
    consensus: ConsensusRow | None


async def scores(db: AsyncSession, subject_id: UUID) -> Sequence[ScoreRow]:
    """Return the scores that the reader may see: their own until moderation, then all."""
    counts = PanelMember.released_at.is_(None) & PanelMember.assesses
    query = (
        select(
            Score.candidate_id,
            Score.question_id,
            Score.person_id,
            PanelMember.person_name,
            Score.points,
            Score.reason,
            Score.locked_at,
            counts & (func.app.standing(Score.candidate_id, Score.person_id) != Standing.BARRED),
        )
        .join(
            PanelMember,
            (PanelMember.subject_id == Score.subject_id) & (PanelMember.person_id == Score.person_id),
        )
        .where(Score.subject_id == subject_id)
        .order_by(PanelMember.person_name, Score.person_id)
    )
    return [ScoreRow(*row) for row in await db.execute(query)]


async def own_scores(
    db: AsyncSession, actor: Actor, subject_id: UUID
) -> Mapping[tuple[UUID, UUID], ScoreRow]:
    """Return what the actor gave, by candidate and question."""
    return {
        (row.candidate_id, row.question_id): row
        for row in await scores(db, subject_id)
        if row.person_id == actor.person_id
    }


async def agreed(db: AsyncSession, subject_id: UUID) -> Mapping[tuple[UUID, UUID], ConsensusRow]:
    """Return the last consensus of each answer, by candidate and question."""
    query = (
        select(
            Consensus.candidate_id,
            Consensus.question_id,
            Consensus.version,
            Consensus.points,
            Consensus.reason,
            Consensus.chair_name,
            Consensus.agreed_at,
        )
        .where(Consensus.subject_id == subject_id)
        .ext(distinct_on(Consensus.candidate_id, Consensus.question_id))
        .order_by(Consensus.candidate_id, Consensus.question_id, Consensus.version.desc())
    )
    found = [ConsensusRow(*row) for row in await db.execute(query)]
    return {(row.candidate_id, row.question_id): row for row in found}


async def moderation(db: AsyncSession, subject_id: UUID) -> Sequence[Moderated]:
    """Return every answer of the candidates that are in, by number and question, for those who moderate.

    Candidates whom the reader is kept from are left out.

    Raises:
        Missing: there is no panel for the reader.
        Refused: scores are not all locked yet.
    """
    panel = await panels.panel(db, subject_id)
    if panel.state not in (PanelState.MODERATING, PanelState.SETTLED):
        raise Refused("Scores can be compared once all are locked and the chair opened moderation.")
    given: dict[tuple[UUID, UUID], list[ScoreRow]] = {}
    for row in await scores(db, subject_id):
        given.setdefault((row.candidate_id, row.question_id), []).append(row)
    consensus = await agreed(db, subject_id)
    questions = await panels.scored_questions(db, subject_id)
    kept = await panels.kept(db, subject_id)
    return [
        Moderated(
            candidate,
            question,
            rows := given.get((candidate.id, question.id), []),
            spread({row.person_id: row.points for row in rows if row.counts}),
            consensus.get((candidate.id, question.id)),
        )
        for candidate in await panels.candidates(db, subject_id)
        if candidate.out_at is None and candidate.id not in kept
        for question in questions
    ]


async def marks(db: AsyncSession, subject_id: UUID) -> Mapping[UUID, Mapping[str, Decimal]]:
    """Return the marks that were agreed on, candidate → code of a question → mark, as a `Tender` takes them.

    Raises:
        Missing: there is no panel for the reader.
        Refused: the panel has not settled.
    """
    if (await panels.panel(db, subject_id)).state is not PanelState.SETTLED:
        raise Refused("The panel has not settled.")
    codes = {question.id: question.code for question in await panels.scored_questions(db, subject_id)}
    inside = await db.scalars(
        select(Candidate.id).where(Candidate.subject_id == subject_id, Candidate.out_at.is_(None))
    )
    found: dict[UUID, dict[str, Decimal]] = {each: {} for each in inside}
    for (candidate_id, question_id), row in (await agreed(db, subject_id)).items():
        if candidate_id in found:
            found[candidate_id][codes[question_id]] = Decimal(row.points)
    return found
