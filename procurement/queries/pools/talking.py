"""What people of a pool's members say, and who can be addressed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import PoolComment, PoolLine, PoolMember, PoolPerson
from procurement.rules.pools.mentions import Participant, Piece, pieces
from procurement.rules.pools.states import Stage
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment as a page shows it; one that was removed has no words left."""

    id: UUID
    line_id: UUID | None
    person_id: UUID
    person_name: str
    body_name: str
    text: str
    mentions: Sequence[str]
    written_at: datetime
    removed_at: datetime | None

    @property
    def pieces(self) -> Sequence[Piece]:
        """Its text, with the names that it addresses apart."""
        return pieces(self.text, self.mentions)


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """A requirement that comments are about."""

    id: UUID
    position: int
    text: str


_COMMENT = (
    select(
        PoolComment.id,
        PoolComment.line_id,
        PoolComment.person_id,
        PoolComment.person_name,
        Organisation.short_name,
        PoolComment.text,
        PoolComment.mentions,
        PoolComment.written_at,
        PoolComment.removed_at,
    )
    .join(Organisation, Organisation.code == PoolComment.body_code)
    .order_by(PoolComment.written_at.desc(), PoolComment.id.desc())
)


async def comments(
    db: AsyncSession, pool_id: UUID, *, line_id: UUID | None, offset: int, limit: int
) -> tuple[int, Sequence[CommentRow]]:
    """Return how many comments a pool has, and one page of them, the newest first."""
    wanted = [PoolComment.pool_id == pool_id] + ([PoolComment.line_id == line_id] if line_id else [])
    total = await db.scalar(select(func.count()).select_from(PoolComment).where(*wanted))
    rows = await db.execute(_COMMENT.where(*wanted).offset(offset).limit(limit))
    return total or 0, [CommentRow(*row) for row in rows]


async def line_spoken_of(db: AsyncSession, pool_id: UUID, line_id: UUID) -> SpokenOf | None:
    """Return the requirement of a pool that comments are about, if the pool has it."""
    query = select(PoolLine.id, PoolLine.position, PoolLine.text)
    row = (await db.execute(query.where(PoolLine.pool_id == pool_id, PoolLine.id == line_id))).first()
    return SpokenOf(*row) if row else None


async def own_comment(db: AsyncSession, actor: Actor, pool_id: UUID, comment_id: UUID) -> CommentRow:
    """Return a comment of the actor's own that still stands.

    Raises:
        Missing: none of theirs, or removed already.
    """
    row = (
        await db.execute(
            _COMMENT.where(
                PoolComment.pool_id == pool_id,
                PoolComment.id == comment_id,
                PoolComment.person_id == actor.person_id,
                PoolComment.removed_at.is_(None),
            )
        )
    ).first()
    if row is None:
        raise Missing("comment")
    return CommentRow(*row)


async def participants(db: AsyncSession, pool_id: UUID) -> Sequence[Participant]:
    """Return the people who acted for members that have not left, by council and name."""
    rows = await db.execute(
        select(PoolPerson.person_id, PoolPerson.person_name, PoolPerson.body_code, Organisation.short_name)
        .join(Organisation, Organisation.code == PoolPerson.body_code)
        .join(
            PoolMember,
            (PoolMember.pool_id == PoolPerson.pool_id) & (PoolMember.body_code == PoolPerson.body_code),
        )
        .where(PoolPerson.pool_id == pool_id, PoolMember.stage != Stage.WITHDRAWN)
        .order_by(Organisation.short_name, PoolPerson.person_name, PoolPerson.person_id)
    )
    return [Participant(*row) for row in rows]


async def follows(db: AsyncSession, actor: Actor, pool_id: UUID) -> bool:
    """Tell whether the actor hears of what happens in a pool."""
    query = select(PoolPerson.follows).where(
        PoolPerson.pool_id == pool_id, PoolPerson.person_id == actor.person_id
    )
    return bool(await db.scalar(query))
