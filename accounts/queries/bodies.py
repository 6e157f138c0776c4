"""Reads of the register: councils, former councils and other bodies. Everybody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import BodyKind, Organisation, OrganisationSuccession
from values.refusals import Missing

_COLUMNS: Final = (
    Organisation.id,
    Organisation.kind,
    Organisation.code,
    Organisation.gss_code,
    Organisation.name,
    Organisation.short_name,
    Organisation.type_name,
    Organisation.region_code,
    Organisation.region_name,
    Organisation.population,
    Organisation.valid_from,
    Organisation.valid_until,
    Organisation.demonstration,
)
SORTS: Final = {
    "name": Organisation.short_name,
    "type": Organisation.type_name,
    "region": Organisation.region_name,
    "population": Organisation.population,
}


@dataclass(frozen=True, slots=True)
class Body:
    """A council or another body, as lists show it."""

    id: UUID
    kind: str
    code: str | None
    gss_code: str | None
    name: str
    short_name: str
    type_name: str
    region_code: str | None
    region_name: str | None
    population: int | None
    valid_from: date | None
    valid_until: date | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class BodyPage:
    """All that is known of one body, with those before and after it."""

    body: Body
    former_gss_codes: Sequence[str]
    county: Body | None
    predecessors: Sequence[tuple[Body, date]]
    successors: Sequence[tuple[Body, date]]


@dataclass(frozen=True, slots=True)
class BodyFilter:
    """Which bodies a list shows; an empty text leaves all.

    Attributes:
        words: part of a name or a code.
        sort: a key of SORTS.
    """

    words: str = ""
    region_code: str = ""
    type_name: str = ""
    kind: str = BodyKind.COUNCIL
    sort: str = "name"
    descending: bool = False


_BY_CODE: Final = (
    select(*_COLUMNS)
    .where(
        or_(
            Organisation.code == bindparam("wanted", type_=Text),
            Organisation.gss_code == bindparam("wanted", type_=Text),
            bindparam("wanted", type_=Text) == any_(Organisation.former_gss_codes),
        )
    )
    # A code that a body carries today is worth more than one that another carried once.
    .order_by(
        (func.coalesce(Organisation.gss_code, "") == bindparam("wanted", type_=Text)).desc(), Organisation.id
    )
    .limit(1)
)
_COUNCILS: Final = (
    select(*_COLUMNS).where(Organisation.kind == BodyKind.COUNCIL).order_by(Organisation.short_name)
)


async def body_by_code(db: AsyncSession, gss_or_code: str) -> Body | None:
    """Return the body with a GSS code, today's or a former one, or with a register code; None: not known."""
    row = (await db.execute(_BY_CODE, {"wanted": gss_or_code.strip().upper()})).first()
    return Body(*row) if row else None


async def councils(db: AsyncSession) -> list[Body]:
    """Return the English councils of today, by name."""
    return [Body(*row) for row in await db.execute(_COUNCILS)]


async def regions(db: AsyncSession) -> list[tuple[str, str]]:
    """Return the nine regions as (code, name), by name."""
    rows = await db.execute(
        select(Organisation.region_code, Organisation.region_name)
        .where(Organisation.region_code.is_not(None))
        .distinct()
        .order_by(Organisation.region_name)
    )
    return [(str(code), str(name)) for code, name in rows]


async def council_types(db: AsyncSession) -> list[str]:
    """Return the kinds of council there are today."""
    rows = await db.scalars(
        select(Organisation.type_name)
        .where(Organisation.kind == BodyKind.COUNCIL)
        .distinct()
        .order_by(Organisation.type_name)
    )
    return list(rows)


async def bodies(db: AsyncSession, wanted: BodyFilter, *, offset: int, limit: int) -> tuple[int, list[Body]]:
    """Return how many bodies a filter lets through, and one page of them."""
    found = _filtered(select(*_COLUMNS), wanted)
    total = await db.scalar(_filtered(select(func.count()).select_from(Organisation), wanted))
    column: Any = SORTS[wanted.sort]
    order = column.desc().nulls_last() if wanted.descending else column.asc().nulls_last()
    rows = await db.execute(found.order_by(order, Organisation.id).offset(offset).limit(limit))
    return total or 0, [Body(*row) for row in rows]


async def body_page(db: AsyncSession, code: str) -> BodyPage:
    """Return the facts of a body, its county, its predecessors and its successors.

    Raises:
        Missing: no body has this code.
    """
    body = await body_by_code(db, code)
    if body is None:
        raise Missing("body")
    former, county_code = (
        await db.execute(
            select(Organisation.former_gss_codes, Organisation.county_code).where(Organisation.id == body.id)
        )
    ).one()
    before = _related(OrganisationSuccession.predecessor_id, OrganisationSuccession.successor_id, body.id)
    after = _related(OrganisationSuccession.successor_id, OrganisationSuccession.predecessor_id, body.id)
    return BodyPage(
        body,
        former,
        await body_by_code(db, county_code) if county_code else None,
        [(Body(*row[:-1]), row[-1]) for row in await db.execute(before)],
        [(Body(*row[:-1]), row[-1]) for row in await db.execute(after)],
    )


def _related(other: Any, this: Any, body_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, OrganisationSuccession.on)
        .join(OrganisationSuccession, other == Organisation.id)
        .where(this == body_id)
        .order_by(Organisation.short_name)
    )


def _filtered(query: Select[*tuple[Any, ...]], wanted: BodyFilter) -> Select[*tuple[Any, ...]]:
    if wanted.kind:
        query = query.where(Organisation.kind == wanted.kind)
    if wanted.words:
        like = f"%{_literal(wanted.words)}%"
        query = query.where(
            or_(
                Organisation.name.ilike(like, escape="!"),
                Organisation.code == wanted.words.upper(),
                Organisation.gss_code == wanted.words.upper(),
                Organisation.former_gss_codes.contains([wanted.words.upper()]),
            )
        )
    if wanted.region_code:
        query = query.where(Organisation.region_code == wanted.region_code)
    if wanted.type_name:
        query = query.where(Organisation.type_name == wanted.type_name)
    return query


def _literal(words: str) -> str:
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
