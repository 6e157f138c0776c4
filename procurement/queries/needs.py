"""Needs: the list, one with all that the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import Need, NeedDetail, NeedLine, NeedVersion
from procurement.rules.needs import NeedState, Wanted
from spend.rules.categories import taxonomy
from values.refusals import Missing

SORTS: Final = {
    "title": Need.title,
    "council": Organisation.short_name,
    "category": Need.category,
    "start": Need.earliest_start_on,
    "changed": Need.changed_at,
}
_COLUMNS: Final = (
    Need.id,
    Need.body_code,
    Organisation.short_name,
    Need.title,
    Need.category,
    Need.outcomes,
    Need.volume,
    Need.unit,
    Need.value_pence,
    Need.earliest_start_on,
    Need.latest_start_on,
    Need.state,
    Need.version,
    Need.demonstration,
    Need.changed_at,
)


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """Which needs a list shows; an empty text leaves all, and of states all but archived ones."""

    words: str = ""
    category: str = ""
    state: str = ""
    own: str = ""
    council: str = ""
    sort: str = "changed"
    descending: bool = True

    @property
    def plain(self) -> bool:
        """Whether nothing was filtered."""
        return not (self.words or self.category or self.state or self.own or self.council)


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need as far as other councils may read it."""

    id: UUID
    body_code: str
    body_name: str
    title: str
    category: str
    outcomes: str
    volume: int | None
    unit: str
    value_pence: int | None
    earliest_start_on: date | None
    latest_start_on: date | None
    state: str
    version: int
    demonstration: bool
    changed_at: datetime

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category) if self.category else "Not chosen yet"


@dataclass(frozen=True, slots=True)
class Version:
    """A need as it was saved once."""

    number: int
    wanted: Wanted
    person_name: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Requirements:
    """What is required, as far as other councils may read it."""

    must: tuple[str, ...]
    nice: tuple[str, ...]
    standards: str
    interfaces: str
    data_held: str


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One need; `wanted` and `owner_name` are None for readers of other councils."""

    need: NeedRow
    requirements: Requirements
    wanted: Wanted | None
    owner_name: str | None


def _filtered(query: Select[*tuple[Any, ...]], wanted: NeedFilter) -> Select[*tuple[Any, ...]]:
    query = query.join(Organisation, Organisation.code == Need.body_code)
    query = query.where(Need.state == wanted.state if wanted.state else Need.state != NeedState.ARCHIVED)
    if wanted.words:
        literal = wanted.words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        like = f"%{literal}%"
        query = query.where(or_(Need.title.ilike(like, escape="!"), Need.outcomes.ilike(like, escape="!")))
    if wanted.category:
        query = query.where(Need.category == wanted.category)
    if wanted.own:
        query = query.where(Need.body_code == wanted.own)
    if wanted.council:
        query = query.where(Need.body_code == wanted.council)
    return query


async def listed_needs(
    db: AsyncSession, wanted: NeedFilter, *, offset: int, limit: int
) -> tuple[int, list[NeedRow]]:
    """Return how many needs a filter lets through, and one page of them."""
    total = await db.scalar(_filtered(select(func.count()).select_from(Need), wanted))
    column: Any = SORTS[wanted.sort]
    order = (column.desc() if wanted.descending else column.asc()).nulls_last()
    found = _filtered(select(*_COLUMNS).select_from(Need), wanted).order_by(order, Need.id)
    rows = await db.execute(found.offset(offset).limit(limit))
    return total or 0, [NeedRow(*row) for row in rows]


async def need_row(db: AsyncSession, need_id: UUID) -> NeedRow:
    """Return what all readers of a need may know.

    Raises:
        Missing: no such need, or not theirs to see.
    """
    found = (
        select(*_COLUMNS).join(Organisation, Organisation.code == Need.body_code).where(Need.id == need_id)
    )
    row = (await db.execute(found)).first()
    if row is None:
        raise Missing("need")
    return NeedRow(*row)


async def need_page(db: AsyncSession, need_id: UUID) -> NeedPage:
    """Return a need with all that the reader may know."""
    need = await need_row(db, need_id)
    required = await _requirements(db, need_id)
    detail = await db.get(NeedDetail, need_id)
    if detail is None:
        return NeedPage(need, required, None, None)
    wanted = Wanted(
        **{name: getattr(need, name) for name in _SHARED},
        **{name: getattr(detail, name) for name in DETAIL},
        **{name: getattr(required, name) for name in ("must", "nice", *REQUIRED)},
    )
    return NeedPage(need, required, wanted, detail.owner_name)


async def _requirements(db: AsyncSession, need_id: UUID) -> Requirements:
    lines = await db.execute(
        select(NeedLine.kind, NeedLine.text).where(NeedLine.need_id == need_id).order_by(NeedLine.position)
    )
    by_kind: dict[str, list[str]] = {"must": [], "nice": []}
    for kind, line in lines:
        by_kind[kind].append(line)
    columns = [getattr(Need, name) for name in REQUIRED]
    said = (await db.execute(select(*columns).where(Need.id == need_id))).one()
    return Requirements(tuple(by_kind["must"]), tuple(by_kind["nice"]), *said)


_SHARED: Final = (
    "title",
    "category",
    "outcomes",
    "volume",
    "unit",
    "value_pence",
    "earliest_start_on",
    "latest_start_on",
)
REQUIRED: Final = ("standards", "interfaces", "data_held")
DETAIL: Final = ("budget_low_pence", "budget_high_pence", "contract_id")


async def versions(db: AsyncSession, need_id: UUID) -> list[Version]:
    """Return the versions that the reader may see, the last first."""
    rows = await db.scalars(
        select(NeedVersion).where(NeedVersion.need_id == need_id).order_by(NeedVersion.version.desc())
    )
    return [
        Version(row.version, Wanted.from_json(row.snapshot), row.person_name, row.saved_at) for row in rows
    ]
