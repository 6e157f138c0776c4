"""Which councils take over from which, what still belongs to those that ended, what merging ones have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

import polars as pl
from sqlalchemy import func, literal, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Membership, Organisation, OrganisationSuccession
from procurement.models import (
    Contract,
    Need,
    PoolMember,
    SuccessionChoice,
    SuccessionFollowed,
)
from procurement.rules.pools.states import Stage
from procurement.rules.succession import Running
from spend.rules import categories
from values.refusals import Missing

_OLD, _NEW = aliased(Organisation), aliased(Organisation)
MOST_CONTRACTS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Succession:
    """One council takes over from another on a day.

    Attributes:
        only: whether nobody else takes over from it, so that everything goes over.
        followed: whether that was done before.
    """

    predecessor: str
    predecessor_name: str
    predecessor_id: UUID
    successor: str
    successor_name: str
    successor_id: UUID
    on: date
    only: bool
    followed: bool


@dataclass(frozen=True, slots=True)
class Council:
    """A council by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Merger:
    """A council that is to come, or has just come, with those that it replaces."""

    successor: Council
    on: date
    predecessors: Sequence[Council]


@dataclass(frozen=True, slots=True)
class ToChoose:
    """A contract or need of a council that several others take over, and who gets it."""

    kind: str
    id: UUID
    title: str
    successor_code: str
    person_name: str


async def due(db: AsyncSession, today: date) -> list[Succession]:
    """Return the successions whose day has come and whose council still has something.

    Needs the jobs role.
    """
    counted = (
        select(OrganisationSuccession.predecessor_id, func.count().label("successors"))
        .group_by(OrganisationSuccession.predecessor_id)
        .subquery()
    )
    still = union(
        select(Contract.body_code),
        select(Need.body_code),
        select(PoolMember.body_code).where(PoolMember.stage != Stage.WITHDRAWN),
        select(_OLD.code).join(Membership, Membership.organisation_id == _OLD.id),
    ).subquery()
    rows = await db.execute(
        select(
            _OLD.code,
            _OLD.short_name,
            _OLD.id,
            _NEW.code,
            _NEW.short_name,
            _NEW.id,
            OrganisationSuccession.on,
            counted.c.successors == 1,
            SuccessionFollowed.followed_at.is_not(None),
        )
        .join(_OLD, _OLD.id == OrganisationSuccession.predecessor_id)
        .join(_NEW, _NEW.id == OrganisationSuccession.successor_id)
        .join(counted, counted.c.predecessor_id == _OLD.id)
        .outerjoin(
            SuccessionFollowed,
            (SuccessionFollowed.predecessor_code == _OLD.code)
            & (SuccessionFollowed.successor_code == _NEW.code),
        )
        .where(OrganisationSuccession.on <= today, _OLD.code.in_(select(still.c[0])))
        .order_by(OrganisationSuccession.on, _OLD.code, _NEW.code)
    )
    return [Succession(*row) for row in rows]


async def owner_of(db: AsyncSession, kind: str, subject_id: UUID) -> str:
    """Return whose a contract or a need is.

    Raises:
        Missing: there is none, or not theirs to see.
    """
    table = {"contract": Contract, "need": Need}.get(kind)
    code = await db.scalar(select(table.body_code).where(table.id == subject_id)) if table else None
    if code is None:
        raise Missing(kind)
    return code


async def successors(db: AsyncSession, code: str) -> list[Council]:
    """Return the councils that take over from one, by name; none for most."""
    rows = await db.execute(
        select(_NEW.code, _NEW.short_name)
        .join(OrganisationSuccession, OrganisationSuccession.successor_id == _NEW.id)
        .join(_OLD, _OLD.id == OrganisationSuccession.predecessor_id)
        .where(_OLD.code == code)
        .order_by(_NEW.short_name)
    )
    return [Council(*row) for row in rows]


async def mergers(db: AsyncSession, *, since: date) -> list[Merger]:
    """Return the councils that come, or came since a day, with those that they replace."""
    rows = await db.execute(
        select(_NEW.code, _NEW.short_name, OrganisationSuccession.on, _OLD.code, _OLD.short_name)
        .join(_NEW, _NEW.id == OrganisationSuccession.successor_id)
        .join(_OLD, _OLD.id == OrganisationSuccession.predecessor_id)
        .where(OrganisationSuccession.on >= since)
        .order_by(OrganisationSuccession.on, _NEW.short_name, _OLD.short_name)
    )
    found: dict[str, tuple[Council, date, list[Council]]] = {}
    for code, name, on, old_code, old_name in rows:
        # Bodies that replace others stand in the register, each with a code.
        assert code is not None
        assert old_code is not None
        merger = found.setdefault(code, (Council(code, name), on, []))
        merger[2].append(Council(old_code, old_name))
    return [Merger(successor, on, predecessors) for successor, on, predecessors in found.values()]


async def running(db: AsyncSession, codes: Sequence[str]) -> list[Running]:
    """Return the contracts of merging councils that the reader may see, each with a category."""
    rows = await db.execute(
        select(
            Contract.id,
            Contract.body_code,
            Contract.title,
            Contract.supplier_name,
            func.coalesce(Contract.category, ""),
            Contract.end_on,
            func.coalesce(Contract.extension_months, 0),
            func.coalesce(Contract.value_pence, Contract.annual_value_pence),
        )
        .where(Contract.body_code.in_(codes))
        .order_by(Contract.body_code, Contract.id)
        .limit(MOST_CONTRACTS)
    )
    found = [Running(*row) for row in rows]
    names = _by_title([each.title for each in found if not each.category])
    return [each if each.category else replace(each, category=names.get(each.title, "")) for each in found]


def _by_title(titles: Sequence[str]) -> dict[str, str]:
    """Return the category that a contract's title speaks of, where it does."""
    distinct = list(dict.fromkeys(titles))
    if not distinct:
        return {}
    said = categories.categorise(pl.DataFrame({"description": distinct}, schema={"description": pl.String}))
    pairs = zip(distinct, said["category"].to_list(), strict=True)
    return {title: code for title, code in pairs if code != "unknown"}


async def to_choose(db: AsyncSession, code: str) -> list[ToChoose]:
    """Return what a council that several others take over has to give to one of them."""
    found: list[ToChoose] = []
    for kind, table in (("contract", Contract), ("need", Need)):
        rows = await db.execute(
            select(
                literal(kind),
                table.id,
                table.title,
                func.coalesce(SuccessionChoice.successor_code, ""),
                func.coalesce(SuccessionChoice.person_name, ""),
            )
            .outerjoin(
                SuccessionChoice,
                (SuccessionChoice.kind == kind) & (SuccessionChoice.subject_id == table.id),
            )
            .where(table.body_code == code)
            .order_by(table.title, table.id)
            .limit(MOST_CONTRACTS)
        )
        found += [ToChoose(*row) for row in rows]
    return found
