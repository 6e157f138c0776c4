"""Comments in a pool, and whether a person hears of what happens there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import pulse
from procurement.models import PoolComment, PoolPerson
from procurement.queries.pools import pool as pools
from procurement.queries.pools import talking as queries
from procurement.rules.pools import mentions, states
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, NotAllowed


async def write_comment(
    db: AsyncSession, actor: Actor, pool_id: UUID, *, text: str, line_id: UUID | None = None
) -> UUID:
    """Say something to the other members. Whoever it addresses is told.

    Raises:
        NotAllowed: the actor's council is not in the pool.
        Missing: the pool has no such requirement.
        Refused: the text addresses nobody, or it is unclear whom.
    """
    code = await _own_member(db, actor, pool_id)
    if line_id is not None and await queries.line_spoken_of(db, pool_id, line_id) is None:
        raise Missing("line")
    await pulse.took_part(db, actor, pool_id, code)
    addressed = mentions.resolve(text, await queries.participants(db, pool_id))
    comment_id = uuid7()
    await db.execute(
        insert(PoolComment)
        .values(
            id=comment_id,
            pool_id=pool_id,
            line_id=line_id,
            person_id=actor.person_id,
            person_name=actor.name,
            body_code=code,
            text=text,
            mentions=list(addressed.spelled),
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        "pool.commented",
        "pool",
        pool_id,
        body_code=code,
        comment=str(comment_id),
        mentioned=[str(person_id) for person_id in addressed.people],
    )
    await pulse.tell(db, actor)
    return comment_id


async def remove_comment(db: AsyncSession, actor: Actor, pool_id: UUID, comment_id: UUID) -> None:
    """Take one's own comment away: who wrote it stays, what it said is gone.

    Raises:
        Missing: none of theirs, or removed already.
    """
    found = await queries.own_comment(db, actor, pool_id, comment_id)
    await db.execute(
        update(PoolComment)
        .where(PoolComment.id == found.id)
        .values(text="", mentions=[], removed_at=func.statement_timestamp())
    )
    await audit.record(db, actor, "pool.comment-removed", "pool", pool_id, comment=str(comment_id))


async def follow(db: AsyncSession, actor: Actor, pool_id: UUID, *, follows: bool) -> None:
    """Hear of what happens in a pool from now on, or no longer; being addressed is always told.

    Raises:
        NotAllowed: the actor's council is not in the pool.
    """
    code = await _own_member(db, actor, pool_id)
    await pulse.took_part(db, actor, pool_id, code)
    await db.execute(
        update(PoolPerson)
        .where(PoolPerson.pool_id == pool_id, PoolPerson.person_id == actor.person_id)
        .values(follows=follows)
    )
    action = "person.followed-pool" if follows else "person.unfollowed-pool"
    await audit.record(db, actor, action, "person", str(actor.person_id), pool=str(pool_id))


async def _own_member(db: AsyncSession, actor: Actor, pool_id: UUID) -> str:
    """Return the code of the actor's council, which is in the pool."""
    await pools.pool_row(db, pool_id)
    code = await own_code(db, actor)
    here = {member.body_code for member in await pools.members(db, pool_id) if not member.withdrawn}
    if code is None or code not in here or not states.may_act_for_council(actor):
        raise NotAllowed("Only people of the councils in this pool can do this.")
    return code
