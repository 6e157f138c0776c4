"""A small world of open needs for which the best pools can be seen by eye."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.needs import write_need
from procurement.models import Need
from procurement.rules.needs import NeedState, Wanted
from procurement.tasks import suggest_pools
from store.db import Sessions
from store.jobs import Work
from tests.databases import TESTER
from values.years import london_today

YEAR = london_today().year + 1
WINDOW = (date(YEAR, 4, 1), date(YEAR, 9, 30))
MILLION = 100_000_000
# Together worth £3.9m: one pool of all of them is the best, because a fifth of £0.9m would pass the cap.
LIBRARIES = {"LDS": 90_000_000, "CMD": 80_000_000, "SLF": 120_000_000, "BST": 100_000_000}


async def open_need(
    db: AsyncSession,
    code: str,
    value_pence: int | None,
    *,
    category: str = "library-systems",
    window: tuple[date, date] = WINDOW,
    title: str = "",
) -> UUID:
    """An open need of a council."""
    wanted = Wanted(
        title or f"Need of {code}",
        category=category,
        outcomes="Residents borrow by phone",
        value_pence=value_pence,
        earliest_start_on=window[0],
        latest_start_on=window[1],
    )
    need_id = await write_need(db, TESTER, code, wanted)
    await db.execute(update(Need).where(Need.id == need_id).values(state=NeedState.OPEN))
    return need_id


async def libraries(db: AsyncSession, values: Mapping[str, int] = LIBRARIES) -> dict[str, UUID]:
    """Open needs of several councils that fit one pool, by council."""
    return {code: await open_need(db, code, value) for code, value in values.items()}


async def work_out(sessions: Sessions, *, seconds: float = 5.0) -> str:
    """Run the job; return the run's id."""
    result = await suggest_pools(Work(sessions, TESTER), seconds=seconds, processes=1)
    assert result is not None
    return str(result["run_id"])


def sorted_ids(ids: Iterable[object]) -> list[str]:
    """Ids as text, in order."""
    return sorted(map(str, ids))
