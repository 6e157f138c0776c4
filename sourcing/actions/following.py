"""People follow a subject, and stop. Neither is recorded: what somebody looks at is their own business."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Follower
from sourcing.queries import subjects
from values.actors import Actor
from values.refusals import NotAllowed


async def follow(db: AsyncSession, actor: Actor, subject_id: UUID) -> None:
    """Let the actor hear of a subject; that they do already is no error.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: nobody is signed in.
    """
    await subjects.subject(db, subject_id)
    if actor.person_id is None:
        raise NotAllowed("Sign in to follow this.")
    row = {"subject_id": subject_id, "person_id": actor.person_id}
    await db.execute(insert(Follower).values(row).on_conflict_do_nothing().inline())


async def unfollow(db: AsyncSession, actor: Actor, subject_id: UUID) -> None:
    """Let the actor hear no more of a subject."""
    await db.execute(
        delete(Follower).where(Follower.subject_id == subject_id, Follower.person_id == actor.person_id)
    )
