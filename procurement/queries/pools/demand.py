"""What the market may know of pools: which there are, and the totals that were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from procurement.models import Pool, PoolTotal
from procurement.rules.pools.states import STATE_WORDS, PoolState
from spend.rules.categories import taxonomy
from values.refusals import Missing

# From here on a pool is meant: earlier ones come and go.
SHOWN: Final = (PoolState.AGREEING, PoolState.COMMITTED, PoolState.HANDED_OVER)
SORTS: Final = {"title": Pool.title, "category": Pool.category, "start": Pool.first_start_on}
_LAST: Final = aliased(PoolTotal)


@dataclass(frozen=True, slots=True)
class Demand:
    """A pool as the market sees it; count and value are None where they are not told."""

    id: UUID
    title: str
    category: str
    purpose: str
    region_code: str | None
    first_start_on: date
    last_start_on: date
    state: str
    demonstration: bool
    council_count: int | None
    value_pence: int | None
    told_at: datetime | None

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return STATE_WORDS[PoolState(self.state)]


def _demand(*columns: Any) -> Select[*tuple[Any, ...]]:
    last = select(func.max(PoolTotal.number)).where(PoolTotal.pool_id == Pool.id).scalar_subquery()
    return (
        select(*columns)
        .select_from(Pool)
        .outerjoin(_LAST, (_LAST.pool_id == Pool.id) & (_LAST.number == last))
        .where(Pool.state.in_(SHOWN))
    )


_COLUMNS: Final = (
    Pool.id,
    Pool.title,
    Pool.category,
    Pool.purpose,
    Pool.region_code,
    Pool.first_start_on,
    Pool.last_start_on,
    Pool.state,
    Pool.demonstration,
    _LAST.council_count,
    _LAST.value_pence,
    _LAST.told_at,
)


async def listed_demand(
    db: AsyncSession, *, category: str = "", sort: str, descending: bool, offset: int, limit: int
) -> tuple[int, Sequence[Demand]]:
    """Return how many pools the market may know of, and one page of them."""
    wanted = (Pool.category == category,) if category else ()
    total = await db.scalar(select(func.count()).select_from(Pool).where(Pool.state.in_(SHOWN), *wanted))
    order = SORTS[sort].desc() if descending else SORTS[sort].asc()
    rows = await db.execute(
        _demand(*_COLUMNS).where(*wanted).order_by(order, Pool.id).offset(offset).limit(limit)
    )
    return total or 0, [Demand(*row) for row in rows]


async def demand(db: AsyncSession, pool_id: UUID) -> Demand:
    """Return one pool as the market sees it.

    Raises:
        Missing: there is none that the market may know of.
    """
    row = (await db.execute(_demand(*_COLUMNS).where(Pool.id == pool_id))).first()
    if row is None:
        raise Missing("pool")
    return Demand(*row)
