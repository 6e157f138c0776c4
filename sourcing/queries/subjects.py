"""A subject, and which bodies act for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.models import Subject, SubjectBuyer
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject as everybody reads it who may know of it."""

    id: UUID
    kind: str
    questions_until: datetime | None


@dataclass(frozen=True, slots=True)
class BuyerRow:
    """A body that acts for a subject."""

    organisation_id: UUID
    name: str
    leads: bool


async def subject(db: AsyncSession, subject_id: UUID) -> SubjectRow:
    """Return a subject.

    Raises:
        Missing: there is none, or the actor may not know of it.
    """
    query = select(Subject.id, Subject.kind, Subject.questions_until).where(Subject.id == subject_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("subject")
    return SubjectRow(*row)


async def questions_until(db: AsyncSession, subject_id: UUID) -> datetime | None:
    """Return the last time for questions; None: none was given, or the reader may not know of it."""
    return await db.scalar(select(Subject.questions_until).where(Subject.id == subject_id))


async def buyers(db: AsyncSession, subject_id: UUID) -> Sequence[BuyerRow]:
    """Return the bodies that act for a subject, the lead first; none for whoever does not act for it."""
    rows = await db.execute(
        select(SubjectBuyer.organisation_id, Organisation.short_name, SubjectBuyer.leads)
        .join(Organisation, Organisation.id == SubjectBuyer.organisation_id)
        .where(SubjectBuyer.subject_id == subject_id)
        .order_by(SubjectBuyer.leads.desc(), Organisation.short_name)
    )
    return [BuyerRow(*row) for row in rows]


async def acted_for(
    db: AsyncSession, actor: Actor, subject_id: UUID, *roles: Role, leading: bool = False
) -> SubjectRow:
    """Return a subject that the actor's body acts for.

    Args:
        db: the transaction.
        actor: who asks.
        subject_id: which.
        roles: one of which is needed; an officer where none is named.
        leading: the body must be the lead.

    Raises:
        Missing: there is none, or the actor may not know of it.
        NotAllowed: the actor's body does not act for it, or has another part, or the actor another role.
    """
    found = await subject(db, subject_id)
    own = [buyer for buyer in await buyers(db, subject_id) if buyer.organisation_id == actor.organisation_id]
    if not own or not actor.has(*(roles or (Role.OFFICER,))):
        raise NotAllowed("Only people of the buying councils can do this.")
    if leading and not own[0].leads:
        raise NotAllowed("Only people of the lead council can do this.")
    return found


async def now(db: AsyncSession) -> datetime:
    """Return the time of the database's clock, by which closing times count."""
    return (await db.execute(select(func.statement_timestamp()))).scalar_one()
