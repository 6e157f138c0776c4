"""What the clock does to a challenge is written down, once for each time, so that its sponsors hear of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.queries import times as queries
from store import audit
from values.actors import Actor

# Two workers at once would each write the same.
TIMES_LOCK: Final = 7_204_115_537


async def record_passed(db: AsyncSession, actor: Actor) -> int:
    """Record each time of a published challenge that has come: the last for questions, the deadline.

    It moves no challenge: the deadline counts by itself.
    """
    await db.execute(select(func.pg_advisory_xact_lock(TIMES_LOCK)))
    found = await queries.passed(db)
    for each in found:
        await audit.record(db, actor, each.action, "challenge", each.challenge_id, at=each.at.isoformat())
    return len(found)
