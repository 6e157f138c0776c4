"""A panel: its people and how far each is, its questions, its candidates as far as names are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from sourcing.models import Candidate, CandidateName, Panel, PanelMember, ScoredQuestion
from sourcing.rules.panels import Lacks, PanelState, Standing
from values.actors import Actor
from values.refusals import Missing, NotAllowed

_PROGRESS: Final = text(
    "select person_id, due, written, locked, undeclared, waiting from app.panel_progress(:subject)"
)


_LACKS: Final = text("select undeclared, due, unscored, unsettled from app.panel_lacks(:subject)")


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel as the people of the buyers read it."""

    subject_id: UUID
    chair_id: UUID
    state: PanelState
    state_reason: str
    state_changed_at: datetime
    names_lifted_at: datetime | None
    names_lifted_by_name: str
    names_lifted_reason: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody on a panel, with numbers that tell how far they are and nothing of what they gave.

    Attributes:
        due, written, locked: scores.
        undeclared, waiting: candidates.
    """

    person_id: UUID
    person_name: str
    organisation_id: UUID
    assesses: bool
    released_at: datetime | None
    released_reason: str
    due: int = 0
    written: int = 0
    locked: int = 0
    undeclared: int = 0
    waiting: int = 0

    @property
    def behind(self) -> bool:
        """Whether the panel waits for them; a conflict that waits for a decision is not theirs."""
        return self.released_at is None and (self.undeclared > 0 or self.locked < self.due)


@dataclass(frozen=True, slots=True)
class QuestionScored:
    """A question that is scored from 0 to `highest`."""

    id: UUID
    code: str
    title: str
    highest: int
    least: int | None


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate: a number, and a name once the chair lifted the names."""

    id: UUID
    number: int
    out_at: datetime | None
    out_reason: str
    name: str | None
    organisation_id: UUID | None
    reference: UUID | None

    @property
    def label(self) -> str:
        """What the candidate is called on pages."""
        return f"Bidder {self.number}" + (f" ({self.name})" if self.name else "")


async def panel(db: AsyncSession, subject_id: UUID, *, locking: bool = False) -> PanelRow:
    """Return the panel of a subject.

    Args:
        db: the transaction.
        subject_id: of which.
        locking: nobody else changes it meanwhile; only for those who may change it themselves.

    Raises:
        Missing: there is none, or the reader does not act for the subject.
    """
    query = select(Panel).where(Panel.subject_id == subject_id)
    found = await db.scalar(query.with_for_update() if locking else query)
    if found is None:
        raise Missing("panel")
    return PanelRow(
        found.subject_id,
        found.chair_id,
        PanelState(found.state),
        found.state_reason,
        found.state_changed_at,
        found.names_lifted_at,
        found.names_lifted_by_name,
        found.names_lifted_reason,
    )


async def chaired(db: AsyncSession, actor: Actor, subject_id: UUID) -> PanelRow:
    """Return a panel that the actor chairs, for a change.

    Raises:
        Missing: there is none for the actor.
        NotAllowed: somebody else chairs it.
    """
    if (await panel(db, subject_id)).chair_id != actor.person_id:
        raise NotAllowed("Only the chair of the panel can do this.")
    return await panel(db, subject_id, locking=True)


async def members(db: AsyncSession, subject_id: UUID) -> Sequence[MemberRow]:
    """Return everybody who is or was on a panel, by name, with how far they are."""
    counts = {row.person_id: row for row in await db.execute(_PROGRESS, {"subject": subject_id})}
    query = select(
        PanelMember.person_id,
        PanelMember.person_name,
        PanelMember.organisation_id,
        PanelMember.assesses,
        PanelMember.released_at,
        PanelMember.released_reason,
    ).where(PanelMember.subject_id == subject_id)
    rows = await db.execute(query.order_by(PanelMember.person_name, PanelMember.person_id))
    return [
        MemberRow(*row, *(tuple(counts[row.person_id])[1:] if row.person_id in counts else ()))
        for row in rows.all()
    ]


async def member(db: AsyncSession, subject_id: UUID, person_id: UUID | None) -> MemberRow:
    """Return somebody who is on a panel now.

    Raises:
        NotAllowed: they are not.
    """
    for each in await members(db, subject_id):
        if each.person_id == person_id and each.released_at is None:
            return each
    raise NotAllowed("Only people on the panel can do this.")


async def lacks(db: AsyncSession, subject_id: UUID) -> Lacks:
    """Return what a panel still lacks, in numbers."""
    row = (await db.execute(_LACKS, {"subject": subject_id})).first()
    return Lacks(*row) if row else Lacks()


async def scored_questions(db: AsyncSession, subject_id: UUID) -> Sequence[QuestionScored]:
    """Return the questions of a subject in their order."""
    query = select(
        ScoredQuestion.id,
        ScoredQuestion.code,
        ScoredQuestion.title,
        ScoredQuestion.highest,
        ScoredQuestion.least,
    ).where(ScoredQuestion.subject_id == subject_id)
    return [QuestionScored(*row) for row in await db.execute(query.order_by(ScoredQuestion.position))]


async def candidates(db: AsyncSession, subject_id: UUID) -> Sequence[CandidateRow]:
    """Return the candidates of a subject by their numbers."""
    query = (
        select(
            Candidate.id,
            Candidate.number,
            Candidate.out_at,
            Candidate.out_reason,
            CandidateName.name,
            CandidateName.organisation_id,
            CandidateName.reference,
        )
        .outerjoin(CandidateName, CandidateName.candidate_id == Candidate.id)
        .where(Candidate.subject_id == subject_id)
    )
    return [CandidateRow(*row) for row in await db.execute(query.order_by(Candidate.number))]


async def candidate(db: AsyncSession, subject_id: UUID, candidate_id: UUID) -> CandidateRow:
    """Return one candidate.

    Raises:
        Missing: there is none, or the reader does not act for the subject.
    """
    for each in await candidates(db, subject_id):
        if each.id == candidate_id:
            return each
    raise Missing("candidate")


async def scored_question(db: AsyncSession, subject_id: UUID, question_id: UUID) -> QuestionScored:
    """Return one question.

    Raises:
        Missing: there is none, or the reader does not act for the subject.
    """
    for each in await scored_questions(db, subject_id):
        if each.id == question_id:
            return each
    raise Missing("question")


async def kept(db: AsyncSession, subject_id: UUID) -> frozenset[UUID]:
    """Return the candidates of whom the reader may read nothing, because they declared a conflict.

    It waits for a decision, or they were barred. It holds in every role, until all is decided.
    """
    return frozenset(
        await db.scalars(
            select(Candidate.id).where(
                Candidate.subject_id == subject_id, Candidate.id == func.any(func.app.kept_candidates())
            )
        )
    )


async def is_decided(db: AsyncSession, subject_id: UUID) -> bool:
    """Tell whether what the panel agreed on was acted on, so that it stands."""
    return bool(await db.scalar(select(func.app.panel_is_decided(subject_id))))


async def standing(db: AsyncSession, candidate_id: UUID, person_id: UUID | None) -> Standing:
    """Return whether somebody may deal with a candidate."""
    return Standing(await db.scalar(select(func.app.standing(candidate_id, person_id))))


async def standings(db: AsyncSession, subject_id: UUID, person_id: UUID | None) -> dict[UUID, Standing]:
    """Return for each candidate whether somebody may deal with it."""
    rows = await db.execute(
        select(Candidate.id, func.app.standing(Candidate.id, person_id)).where(
            Candidate.subject_id == subject_id
        )
    )
    return {candidate_id: Standing(found) for candidate_id, found in rows}


async def colleagues(db: AsyncSession) -> Sequence[tuple[str, str]]:
    """Return the people of the reader's own council, id and name: whom it can name for a panel."""
    query = select(Person.id, Person.name).where(Person.id == func.any(func.app.colleagues()))
    return [(str(row[0]), row[1]) for row in await db.execute(query.order_by(Person.name, Person.id))]
