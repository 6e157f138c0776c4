"""Subjects are registered by the slice that keeps the thing itself; it says which bodies act for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Subject, SubjectBuyer
from sourcing.queries import subjects as queries
from store import audit
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


async def register(
    db: AsyncSession, actor: Actor, subject_id: UUID, kind: str, *, buyers: Iterable[UUID] = ()
) -> None:
    """Register a thing under its own id; the actor's body leads, and these bodies act for it too.

    Raises:
        NotAllowed: the actor is no officer of a body.
    """
    lead = {"subject_id": subject_id, "organisation_id": _officer_of(actor), "leads": True}
    await db.execute(insert(Subject).values(id=subject_id, kind=kind).inline())
    await db.execute(insert(SubjectBuyer).values(lead).inline())
    await audit.record(db, actor, "subject.registered", kind, subject_id)
    for organisation_id in buyers:
        await add_buyer(db, actor, subject_id, organisation_id)


async def add_buyer(db: AsyncSession, actor: Actor, subject_id: UUID, organisation_id: UUID) -> None:
    """Let another body act for a subject; that it does already is no error.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is no officer of its lead.
    """
    found = await queries.acted_for(db, actor, subject_id, leading=True)
    row = {"subject_id": subject_id, "organisation_id": organisation_id}
    added = await db.execute(
        upsert(SubjectBuyer)
        .values(row)
        .on_conflict_do_nothing(index_elements=["subject_id", "organisation_id"])
        .returning(SubjectBuyer.organisation_id)
    )
    if added.first():
        await audit.record(
            db, actor, "subject.buyer-added", found.kind, subject_id, organisation=str(organisation_id)
        )


async def end_buyer(db: AsyncSession, actor: Actor, subject_id: UUID, organisation_id: UUID) -> None:
    """Let a body no longer act for a subject.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is no officer of its lead.
        Refused: the body is the lead, or does not act for it.
    """
    found = await queries.acted_for(db, actor, subject_id, leading=True)
    ended = await db.execute(
        delete(SubjectBuyer)
        .where(
            SubjectBuyer.subject_id == subject_id,
            SubjectBuyer.organisation_id == organisation_id,
            SubjectBuyer.leads.is_(False),
        )
        .returning(SubjectBuyer.organisation_id)
    )
    if not ended.first():
        raise Refused("Only a body that acts here and does not lead can be taken off.")
    await audit.record(
        db, actor, "subject.buyer-ended", found.kind, subject_id, organisation=str(organisation_id)
    )


async def join(db: AsyncSession, actor: Actor, subject_id: UUID, kind: str) -> None:
    """Let the actor's own body act for a subject from now on.

    The slice that keeps the thing has said before that it may: a policy of the database looks there.

    Raises:
        NotAllowed: the actor is no officer of a body.
    """
    organisation_id = _officer_of(actor)
    row = {"subject_id": subject_id, "organisation_id": organisation_id, "leads": False}
    await db.execute(insert(SubjectBuyer).values(row).inline())
    await audit.record(db, actor, "subject.buyer-added", kind, subject_id, organisation=str(organisation_id))


async def leave(db: AsyncSession, actor: Actor, subject_id: UUID, kind: str) -> None:
    """Let the actor's own body act for a subject no longer, once the slice that keeps it has let it go.

    Raises:
        NotAllowed: the actor is no officer of a body.
    """
    organisation_id = _officer_of(actor)
    await db.execute(
        delete(SubjectBuyer).where(
            SubjectBuyer.subject_id == subject_id, SubjectBuyer.organisation_id == organisation_id
        )
    )
    await audit.record(db, actor, "subject.buyer-ended", kind, subject_id, organisation=str(organisation_id))


def _officer_of(actor: Actor) -> UUID:
    if actor.organisation_id is None or not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a council can do this.")
    return actor.organisation_id


async def take_questions_until(db: AsyncSession, actor: Actor, subject_id: UUID, until: datetime) -> None:
    """Let suppliers ask about a subject until a time; from now on everybody may know of it.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor does not act for its lead.
        Refused: the time is past, or earlier than the one that was said.
    """
    found = await queries.acted_for(db, actor, subject_id, Role.OFFICER, Role.APPROVER, leading=True)
    if until <= await queries.now(db):
        raise Refused("Choose a time that is still to come.", "questions_until")
    if found.questions_until and until < found.questions_until:
        raise Refused("The last time for questions can be moved to later only.", "questions_until")
    await db.execute(update(Subject).where(Subject.id == subject_id).values(questions_until=until))
    await audit.record(
        db,
        actor,
        "subject.questions-until",
        found.kind,
        subject_id,
        until=until.isoformat(),
        moved=found.questions_until is not None,
    )


async def one_at_a_time(db: AsyncSession, subject_id: UUID) -> None:
    """Wait until nobody else changes what is counted in a subject; holds to the end of the transaction."""
    await db.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:subject, 24))"), {"subject": str(subject_id)}
    )
