"""People follow a procurement before there is a tender; who follows it then hears of the tender as well."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Follower
from tenders.queries import early_notices as queries
from values.actors import Actor
from values.refusals import NotAllowed


async def follow(db: AsyncSession, actor: Actor, tender_id: UUID) -> None:
    """Let the actor hear of a planned procurement; nothing is recorded, as of every subject.

    Raises:
        Missing: the central platform has published nothing of it.
        NotAllowed: nobody is signed in.
    """
    await queries.confirmed(db, tender_id)
    if actor.person_id is None:
        raise NotAllowed("Sign in to follow this.")
    row = {"subject_id": tender_id, "person_id": actor.person_id}
    await db.execute(insert(Follower).values(row).on_conflict_do_nothing().inline())
