"""The list of pools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import Pool, PoolMember
from procurement.rules.pools.states import ALIVE, STATE_WORDS, PoolState, Stage
from spend.rules.categories import taxonomy

_COUNCILS: Final = (
    select(func.count())
    .where(PoolMember.pool_id == Pool.id, PoolMember.stage != Stage.WITHDRAWN)
    .scalar_subquery()
)
SORTS: Final = {
    "title": Pool.title,
    "lead": Organisation.short_name,
    "category": Pool.category,
    "councils": _COUNCILS,
    "joins_until": Pool.joins_until,
    "changed": Pool.state_changed_at,
}
_LIKE_ESCAPES: Final = str.maketrans({"!": "!!", "%": "!%", "_": "!_"})


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


@dataclass(frozen=True, slots=True)
class ListedPool:
    """A line of the list."""

    id: UUID
    title: str
    category: str
    lead_name: str
    region_code: str | None
    state: str
    councils: int
    quorum: int
    largest: int
    cap_pence: int
    first_start_on: date
    last_start_on: date
    joins_until: datetime
    signs_until: datetime
    state_changed_at: datetime
    demonstration: bool

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return STATE_WORDS[PoolState(self.state)]


_COLUMNS: Final = (
    Pool.id,
    Pool.title,
    Pool.category,
    Organisation.short_name,
    Pool.region_code,
    Pool.state,
    _COUNCILS,
    Pool.quorum,
    Pool.largest,
    Pool.cap_pence,
    Pool.first_start_on,
    Pool.last_start_on,
    Pool.joins_until,
    Pool.signs_until,
    Pool.state_changed_at,
    Pool.demonstration,
)


def _filtered(query: Select[*tuple[Any, ...]], wanted: PoolFilter) -> Select[*tuple[Any, ...]]:
    query = query.join(Organisation, Organisation.code == Pool.lead_code)
    query = query.where(Pool.state == wanted.state if wanted.state else Pool.state.in_(ALIVE))
    if wanted.words:
        like = f"%{wanted.words.translate(_LIKE_ESCAPES)}%"
        query = query.where(or_(Pool.title.ilike(like, escape="!"), Pool.purpose.ilike(like, escape="!")))
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
) -> tuple[int, list[ListedPool]]:
    """Return how many pools a filter lets through, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(Pool), wanted))
    column: Any = SORTS[wanted.sort]
    order = column.desc() if wanted.descending else column.asc()
    found = _filtered(select(*_COLUMNS).select_from(Pool), wanted).order_by(order, Pool.id)
    rows = await db.execute(found.offset(offset).limit(limit))
    return total or 0, [ListedPool(*row) for row in rows]
