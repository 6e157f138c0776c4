"""Whether somebody follows a subject."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Follower
from values.actors import Actor


async def follows(db: AsyncSession, actor: Actor, subject_id: UUID) -> bool:
    """Tell whether the actor follows a subject."""
    query = select(Follower.subject_id).where(
        Follower.subject_id == subject_id, Follower.person_id == actor.person_id
    )
    return actor.person_id is not None and await db.scalar(query) is not None
