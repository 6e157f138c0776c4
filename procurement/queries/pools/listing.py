"""The list of pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import Pool, PoolMember
from procurement.queries.pools.pool import COLUMNS, COUNCILS, LEAD, PoolRow
from procurement.rules.pools.states import ALIVE, Stage

SORTS: Final = {
    "title": Pool.title,
    "lead": LEAD.short_name,
    "category": Pool.category,
    "councils": COUNCILS,
    "joins_until": Pool.joins_until,
    "changed": Pool.state_changed_at,
}


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """Which pools a list shows; an empty text leaves all, and of states all that are alive.

    Attributes:
        own: the council whose pools are wanted, or empty.
    """

    words: str = ""
    category: str = ""
    region: str = ""
    state: str = ""
    own: str = ""
    sort: str = "changed"
    descending: bool = True

    @property
    def plain(self) -> bool:
        """Whether nothing was filtered."""
        return not (self.words or self.category or self.region or self.state or self.own)


def _filtered(query: Select[*tuple[Any, ...]], wanted: PoolFilter) -> Select[*tuple[Any, ...]]:
    query = query.join(LEAD, LEAD.code == Pool.lead_code)
    query = query.where(Pool.state == wanted.state if wanted.state else Pool.state.in_(ALIVE))
    if wanted.words:
        words = wanted.words
        query = query.where(
            or_(Pool.title.icontains(words, autoescape=True), Pool.purpose.icontains(words, autoescape=True))
        )
    if wanted.category:
        query = query.where(Pool.category == wanted.category)
    if wanted.region:
        query = query.where(or_(Pool.region_code.is_(None), Pool.region_code == wanted.region))
    if wanted.own:
        mine = select(PoolMember.pool_id).where(
            PoolMember.body_code == wanted.own, PoolMember.stage != Stage.WITHDRAWN
        )
        query = query.where(Pool.id.in_(mine))
    return query


async def listed_pools(
    db: AsyncSession, wanted: PoolFilter, *, offset: int, limit: int
) -> tuple[int, list[PoolRow]]:
    """Return how many pools a filter lets through, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(Pool), wanted))
    column: Any = SORTS[wanted.sort]
    order = column.desc() if wanted.descending else column.asc()
    found = _filtered(select(*COLUMNS).select_from(Pool), wanted).order_by(order, Pool.id)
    rows = await db.execute(found.offset(offset).limit(limit))
    return total or 0, [PoolRow(*row) for row in rows]
