"""How often something may be tried."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.rules.addresses import throttle_key
from values.refusals import Refused

WINDOW_SECONDS: Final = 15 * 60


class TooMany(Refused):
    """There were too many tries; pages answer 429."""

    def __init__(self) -> None:
        super().__init__("There were too many tries. Wait 15 minutes, then try again")


async def count(db: AsyncSession, purpose: str, subject: str, *, most: int) -> None:
    """Count a try, before it is known how it ends: tries at the same time cannot slip through.

    It counts only if the transaction is committed, so whatever else may refuse belongs into a later one.

    Raises:
        TooMany: there were more than `most` within a quarter of an hour.
    """
    hits = await db.scalar(select(func.app.throttle(throttle_key(purpose, subject), WINDOW_SECONDS)))
    if (hits or 0) > most:
        raise TooMany


async def forgive(db: AsyncSession, purpose: str, subject: str) -> None:
    """Forget the tries after one that was right."""
    await db.execute(select(func.app.forgive(throttle_key(purpose, subject))))
