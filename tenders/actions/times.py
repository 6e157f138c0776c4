"""What the clock does to a tender is written down, once for each time, so that its buyers hear of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from store.db import take_turns
from tenders.queries import times as queries
from values.actors import Actor


async def record_passed(db: AsyncSession, actor: Actor) -> int:
    """Record each time of a published tender that has come: the last for questions, the deadline.

    It moves no tender: the deadline counts by itself, and opening takes two people.
    """
    # Two workers at once would each write the same.
    await take_turns(db, "tenders.times")
    found = await queries.passed(db)
    for each in found:
        await audit.record(db, actor, each.action, "tender", each.tender_id, at=each.at.isoformat())
    return len(found)
