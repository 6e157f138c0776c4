"""What the clock does to a challenge is written down, once for each time, so that its sponsors hear of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from challenges.queries import times as queries
from store import audit
from store.audit import Entry
from store.db import take_turns
from values.actors import Actor


async def record_passed(db: AsyncSession, actor: Actor) -> int:
    """Record each time of a published challenge that has come: the last for questions, the deadline.

    It moves no challenge: the deadline counts by itself.
    """
    # Two workers at once would each write the same.
    await take_turns(db, "challenges.times")
    found = await queries.passed(db)
    entries = [
        Entry(each.action, "challenge", each.challenge_id, {"at": each.at.isoformat()}) for each in found
    ]
    await audit.record_all(db, actor, entries)
    return len(found)
