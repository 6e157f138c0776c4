"""Assessors score alone and lock; then the chair writes down on what the panel agrees."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions.subjects import one_at_a_time
from sourcing.models import Consensus, Score
from sourcing.queries import panels, subjects
from sourcing.queries import scores as queries
from sourcing.rules import scores as rules
from sourcing.rules.panels import CLEARED, Standing
from store import audit
from values.actors import Actor


async def write_score(
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    candidate_id: UUID,
    question_id: UUID,
    *,
    points: int,
    reason: str,
) -> None:
    """Score an answer, or score it anew before it is locked; nobody else reads it yet.

    Raises:
        Missing: there is no such candidate or question for the actor.
        NotAllowed: the actor is no assessor of it.
        Refused: a declaration comes first, points or reason do not do, or it is locked or the wrong time.
    """
    found = await subjects.subject(db, subject_id)
    panel = await panels.panel(db, subject_id)
    on = await panels.member(db, subject_id, actor.person_id)
    candidate = await panels.candidate(db, subject_id, candidate_id)
    question = await panels.scored_question(db, subject_id, question_id)
    before = (await queries.own_scores(db, actor, subject_id)).get((candidate_id, question_id))
    rules.check_score(
        panel.state,
        await panels.standing(db, candidate_id, actor.person_id),
        assesses=on.assesses,
        out=candidate.out_at is not None,
        locked=before is not None and before.locked_at is not None,
    )
    rules.check_points(points, question.highest, reason)
    values = {"points": points, "reason": reason.strip()}
    await db.execute(
        upsert(Score)
        .values(
            candidate_id=candidate_id,
            question_id=question_id,
            person_id=actor.person_id,
            subject_id=subject_id,
            **values,
        )
        .on_conflict_do_update(
            index_elements=["candidate_id", "question_id", "person_id"],
            set_={**values, "written_at": func.statement_timestamp()},
        )
    )
    await audit.record(
        db, actor, "score.written", found.kind, subject_id, number=candidate.number, code=question.code
    )


async def lock_scores(
    db: AsyncSession, actor: Actor, subject_id: UUID, candidate_id: UUID | None = None
) -> int:
    """Lock one's own scores for good, of one candidate or of all; return how many were locked.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no assessor.
        Refused: some are missing, there is nothing to lock, or it is the wrong time.
    """
    found = await subjects.subject(db, subject_id)
    panel = await panels.panel(db, subject_id)
    on = await panels.member(db, subject_id, actor.person_id)
    inside = [
        each
        for each in await panels.candidates(db, subject_id)
        if each.out_at is None and candidate_id in (None, each.id)
    ]
    standings = await panels.standings(db, subject_id, actor.person_id)
    given = await queries.own_scores(db, actor, subject_id)
    due = [
        (each.id, question.id)
        for each in inside
        if standings[each.id] is not Standing.BARRED
        for question in await panels.scored_questions(db, subject_id)
    ]
    open_ones = [key for key in due if key in given and given[key].locked_at is None]
    rules.check_lock(sum(key not in given for key in due), len(open_ones))
    for each in {key[0] for key in open_ones}:
        rules.check_score(panel.state, standings[each], assesses=on.assesses, out=False, locked=False)
    cleared = [each.id for each in inside if standings[each.id] in CLEARED]
    await db.execute(
        update(Score)
        .where(
            Score.subject_id == subject_id,
            Score.person_id == actor.person_id,
            Score.candidate_id.in_(cleared),
            Score.locked_at.is_(None),
        )
        .values(locked_at=func.statement_timestamp())
    )
    await audit.record(db, actor, "score.locked", found.kind, subject_id, count=len(open_ones))
    return len(open_ones)


async def agree(
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    candidate_id: UUID,
    question_id: UUID,
    *,
    points: int,
    reason: str,
) -> None:
    """Write down on what the panel agrees for an answer; an earlier consensus is kept, and counts no longer.

    Raises:
        Missing: there is no such candidate or question for the actor.
        NotAllowed: somebody else chairs the panel, or the chair may not deal with the candidate.
        Refused: it is the wrong time, declarations come first, or points or reason do not do.
    """
    found = await subjects.subject(db, subject_id)
    panel = await panels.chaired(db, actor, subject_id)
    candidate = await panels.candidate(db, subject_id, candidate_id)
    question = await panels.scored_question(db, subject_id, question_id)
    rules.check_agree(
        panel.state,
        await panels.standing(db, candidate_id, actor.person_id),
        declared=bool(await db.scalar(select(func.app.all_declared(candidate_id)))),
        out=candidate.out_at is not None,
    )
    rules.check_points(points, question.highest, reason)
    await one_at_a_time(db, subject_id)
    before = (await queries.agreed(db, subject_id)).get((candidate_id, question_id))
    version = before.version + 1 if before else 1
    await db.execute(
        insert(Consensus)
        .values(
            candidate_id=candidate_id,
            question_id=question_id,
            version=version,
            subject_id=subject_id,
            points=points,
            reason=reason.strip(),
            chair_id=actor.person_id,
            chair_name=actor.name,
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        "score.agreed",
        found.kind,
        subject_id,
        number=candidate.number,
        code=question.code,
        version=version,
    )
