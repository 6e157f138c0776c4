"""A panel is formed, begins to score alone, moderates and settles; its chair moves it, and lifts names.

Audit entries hold no score, no nature of a conflict and no name of a candidate: colleagues of whoever wrote
them read them earlier than those.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from sourcing.actions.subjects import one_at_a_time
from sourcing.models import Candidate, CandidateName, Panel, PanelMember, ScoredQuestion
from sourcing.queries import panels as queries
from sourcing.queries.subjects import acted_for, subject
from sourcing.rules import panels as rules
from sourcing.rules.panels import PanelState
from sourcing.rules.scores import WantedQuestion, check_questions
from store import audit
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who is to be assessed; `reference` is the id of their bid in the slice that keeps it."""

    name: str
    organisation_id: UUID | None = None
    reference: UUID | None = None


async def form_panel(
    db: AsyncSession, actor: Actor, subject_id: UUID, *, chair_id: UUID, assesses: bool
) -> None:
    """Form the panel of a subject under a chair of the lead, who may be an assessor too.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is no officer of its lead.
        Refused: the chair is nobody of the actor's council.
    """
    found = await acted_for(db, actor, subject_id, leading=True)
    name = await _colleague(db, chair_id)
    await db.execute(insert(Panel).values(subject_id=subject_id, chair_id=chair_id).inline())
    await _add(db, actor, subject_id, chair_id, name, assesses=assesses)
    await audit.record(db, actor, "panel.formed", found.kind, subject_id, chair=name, person_id=str(chair_id))


async def name_member(
    db: AsyncSession, actor: Actor, subject_id: UUID, person_id: UUID, *, assesses: bool = True
) -> None:
    """Name somebody of one's own council for the panel.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no officer of a buyer.
        Refused: it is nobody of the actor's council, they are named already, or scores or names may be seen.
    """
    found = await acted_for(db, actor, subject_id)
    await one_at_a_time(db, subject_id)
    panel = await queries.panel(db, subject_id)
    if panel.state not in (PanelState.FORMING, PanelState.SCORING) or panel.names_lifted_at:
        raise Refused("Nobody joins a panel once scores or names can be seen.")
    if any(each.person_id == person_id for each in await queries.members(db, subject_id)):
        raise Refused("This person is, or was, on the panel.", "person")
    name = await _colleague(db, person_id)
    await _add(db, actor, subject_id, person_id, name, assesses=assesses)
    await audit.record(
        db,
        actor,
        "panel.named",
        found.kind,
        subject_id,
        person=name,
        person_id=str(person_id),
        assesses=assesses,
    )


async def release_member(
    db: AsyncSession, actor: Actor, subject_id: UUID, person_id: UUID, *, reason: str
) -> None:
    """Release somebody from a panel: their scores no longer count, and the panel no longer waits for them.

    Raises:
        Missing: there is no panel for the actor, or nobody like this on it.
        NotAllowed: the actor is neither the chair nor an officer of the person's council.
        Refused: there is no reason, it is the chair, or what the panel agreed on was acted on.
    """
    found = await subject(db, subject_id)
    panel = await queries.panel(db, subject_id)
    on = [each for each in await queries.members(db, subject_id) if each.person_id == person_id]
    if not on or on[0].released_at:
        raise Missing("member")
    own = on[0].organisation_id == actor.organisation_id and actor.has(Role.OFFICER)
    if panel.chair_id != actor.person_id and not own:
        raise NotAllowed("The chair releases, or an officer of the person's council.")
    if person_id == panel.chair_id:
        raise Refused("Hand the chair over first.")
    if await queries.is_decided(db, subject_id):
        raise Refused("What the panel agreed on was acted on: nobody’s scores fall away any more.")
    if not reason.strip():
        raise Refused("Say why they are released.", "reason")
    await one_at_a_time(db, subject_id)
    await db.execute(
        update(PanelMember)
        .where(
            PanelMember.subject_id == subject_id,
            PanelMember.person_id == person_id,
            PanelMember.released_at.is_(None),
        )
        .values(released_at=func.statement_timestamp(), released_reason=reason.strip())
    )
    await audit.record(
        db,
        actor,
        "panel.released",
        found.kind,
        subject_id,
        person=on[0].person_name,
        person_id=str(person_id),
        reason=reason.strip(),
    )


async def hand_chair(db: AsyncSession, actor: Actor, subject_id: UUID, person_id: UUID) -> None:
    """Let another of the panel chair it.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no officer of the lead, or the other is not on the panel.
        Refused: the panel has settled.
    """
    found = await acted_for(db, actor, subject_id, leading=True)
    if (await queries.panel(db, subject_id, locking=True)).state is PanelState.SETTLED:
        raise Refused("This panel has settled.")
    chair = await queries.member(db, subject_id, person_id)
    await db.execute(update(Panel).where(Panel.subject_id == subject_id).values(chair_id=person_id))
    await audit.record(
        db,
        actor,
        "panel.chair",
        found.kind,
        subject_id,
        chair=chair.person_name,
        person_id=str(person_id),
    )


async def give_questions(
    db: AsyncSession, actor: Actor, subject_id: UUID, wanted: Sequence[WantedQuestion]
) -> None:
    """Give the questions that are scored, in place of all earlier ones, as the subject published them.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no officer of the lead.
        Refused: they do not fit together, or the panel has begun.
    """
    found = await acted_for(db, actor, subject_id, leading=True)
    await _forming(db, subject_id)
    check_questions(tuple(wanted))
    await db.execute(delete(ScoredQuestion).where(ScoredQuestion.subject_id == subject_id))
    rows = [
        {
            "id": uuid7(),
            "subject_id": subject_id,
            "position": position,
            "code": each.code.strip(),
            "title": each.title.strip(),
            "highest": each.highest,
            "least": each.least,
        }
        for position, each in enumerate(wanted, 1)
    ]
    await db.execute(insert(ScoredQuestion), rows)
    codes = [row["code"] for row in rows]
    await audit.record(db, actor, "panel.questions", found.kind, subject_id, codes=codes)


async def enter_candidates(
    db: AsyncSession, actor: Actor, subject_id: UUID, bidders: Sequence[Bidder]
) -> Sequence[UUID]:
    """Give each bidder a number by lot and hide the names; return the candidates' ids in the order given.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: the actor is no officer of the lead.
        Refused: there are some already, none are given, or the panel has begun.
    """
    found = await acted_for(db, actor, subject_id, leading=True)
    await _forming(db, subject_id)
    if not bidders or not all(each.name.strip() for each in bidders):
        raise Refused("Enter who is assessed.")
    if await queries.candidates(db, subject_id):
        raise Refused("Who is assessed was entered already.")
    # By lot, and written in that order too: neither number nor place tells who came first.
    drawn = list(range(len(bidders)))
    secrets.SystemRandom().shuffle(drawn)
    ids = [uuid4() for _ in bidders]
    await db.execute(
        insert(Candidate).inline(),
        [
            {"id": ids[index], "subject_id": subject_id, "number": number}
            for number, index in enumerate(drawn, 1)
        ],
    )
    await db.execute(
        insert(CandidateName).inline(),
        [
            {
                "candidate_id": ids[index],
                "subject_id": subject_id,
                "name": bidders[index].name.strip(),
                "organisation_id": bidders[index].organisation_id,
                "reference": bidders[index].reference,
            }
            for index in drawn
        ],
    )
    await audit.record(db, actor, "panel.candidates", found.kind, subject_id, count=len(ids))
    return ids


async def take_out(
    db: AsyncSession, actor: Actor, subject_id: UUID, candidate_id: UUID, *, reason: str
) -> None:
    """Assess a candidate no longer: excluded, withdrawn, or failed. It keeps its number.

    Raises:
        Missing: there is no such candidate for the actor.
        NotAllowed: the actor is neither the chair nor an officer of the lead, or has a conflict with it.
        Refused: there is no reason, it is out already, or the panel has settled.
    """
    found = await subject(db, subject_id)
    panel = await queries.panel(db, subject_id)
    row = await queries.candidate(db, subject_id, candidate_id)
    if panel.chair_id != actor.person_id:
        await acted_for(db, actor, subject_id, leading=True)
    if candidate_id in await queries.kept(db, subject_id):
        raise NotAllowed("You declared a conflict with this candidate: somebody else takes it out.")
    if row.out_at or panel.state is PanelState.SETTLED:
        raise Refused("This candidate is out already, or the panel has settled.")
    if not reason.strip():
        raise Refused("Say why it is no longer assessed.", "reason")
    await db.execute(
        update(Candidate)
        .where(Candidate.id == candidate_id, Candidate.out_at.is_(None))
        .values(out_at=func.statement_timestamp(), out_reason=reason.strip())
    )
    await audit.record(
        db, actor, "panel.candidate-out", found.kind, subject_id, number=row.number, reason=reason.strip()
    )


async def move(db: AsyncSession, actor: Actor, subject_id: UUID, to: PanelState, *, reason: str = "") -> None:
    """Begin to score, open moderation, settle, or open what was settled again; the chair does.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: somebody else chairs it.
        Refused: something is lacking, or it cannot follow.
    """
    found = await subject(db, subject_id)
    await one_at_a_time(db, subject_id)
    panel = await queries.chaired(db, actor, subject_id)
    if panel.state is PanelState.SETTLED and await queries.is_decided(db, subject_id):
        raise Refused("What the panel agreed on was acted on: it stands.")
    rules.check_move(panel.state, to, await queries.lacks(db, subject_id), reason=reason)
    if to is PanelState.SCORING:
        people = await queries.members(db, subject_id)
        rules.check_begin(
            questions=len(await queries.scored_questions(db, subject_id)),
            candidates=sum(each.out_at is None for each in await queries.candidates(db, subject_id)),
            assessors=sum(each.assesses and each.released_at is None for each in people),
        )
    await db.execute(
        update(Panel).where(Panel.subject_id == subject_id).values(state=to, state_reason=reason.strip())
    )
    await audit.record(
        db, actor, "panel.moved", found.kind, subject_id, before=panel.state, to=to, reason=reason.strip()
    )


async def lift_names(db: AsyncSession, actor: Actor, subject_id: UUID, *, reason: str) -> None:
    """Show the buyers' people whom the numbers stand for; everybody on the panel declares anew.

    Raises:
        Missing: there is no panel for the actor.
        NotAllowed: somebody else chairs it.
        Refused: not everybody declared, there is no reason, or names are shown already.
    """
    found = await subject(db, subject_id)
    await one_at_a_time(db, subject_id)
    panel = await queries.chaired(db, actor, subject_id)
    lifted = panel.names_lifted_at is not None
    rules.check_lift(panel.state, await queries.lacks(db, subject_id), lifted=lifted, reason=reason)
    await db.execute(
        update(Panel)
        .where(Panel.subject_id == subject_id)
        .values(
            names_lifted_at=func.statement_timestamp(),
            names_lifted_by_name=actor.name,
            names_lifted_reason=reason.strip(),
        )
    )
    await audit.record(db, actor, "panel.names-lifted", found.kind, subject_id, reason=reason.strip())


async def _forming(db: AsyncSession, subject_id: UUID) -> None:
    if (await queries.panel(db, subject_id)).state is not PanelState.FORMING:
        raise Refused("The panel has begun: what it assesses stays as it is.")


async def _colleague(db: AsyncSession, person_id: UUID) -> str:
    """Return the name of a person of the actor's own council, the only ones whom row-level security shows."""
    name = await db.scalar(
        select(Person.name).where(Person.id == person_id, Person.id == func.any(func.app.colleagues()))
    )
    if name is None:
        raise Refused("Choose somebody of your own council.", "person")
    return name


async def _add(
    db: AsyncSession, actor: Actor, subject_id: UUID, person_id: UUID, name: str, *, assesses: bool
) -> None:
    row = {
        "subject_id": subject_id,
        "person_id": person_id,
        "person_name": name,
        "organisation_id": actor.organisation_id,
        "assesses": assesses,
    }
    await db.execute(insert(PanelMember).values(row).inline())
