"""What notices are made from: entries of the audit trail past the bookmark, and who could be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Membership, Organisation, Person
from notifications.models import NoticeBookmark
from notifications.rules.findings import Found
from notifications.rules.telling import Candidate, Told
from procurement.models import Need, NeedFinding, Pool, PoolMember, PoolPerson
from procurement.rules.findings import MATCHED, RELEASED
from procurement.rules.needs import NeedState
from procurement.rules.pools.states import Stage
from procurement.rules.pools.timeline import Happening
from store.models import AuditEntry, AuditSeal
from values.actors import Role

# An entry with its time, of which many things hang.
Batch = tuple[int, datetime]
_OF = aliased(Organisation)
_ABOUT = aliased(Organisation)


async def locked_bookmark(db: AsyncSession) -> int:
    """Return up to which link of the chain people were told; nobody else moves it until this ends."""
    return (await db.scalars(select(NoticeBookmark.position).with_for_update())).one()


async def chain_end(db: AsyncSession) -> int:
    """Return the last link of the chain. Links come one after the other, so none appears before it later."""
    return await db.scalar(select(func.coalesce(func.max(AuditSeal.position), 0))) or 0


def told_of(kind: str, thing: Any, after: int, upto: int) -> Select[*tuple[Any, ...]]:
    """Return the query of entries about a kind of thing between two links of the chain, in its order.

    Each row: entry, time, id and title of the thing, who did it, action and details, the council that it is
    about and the one of whoever did it.
    """
    return (
        select(
            AuditEntry.id,
            AuditEntry.at,
            thing.id,
            thing.title,
            AuditEntry.person_id,
            AuditEntry.actor_name,
            AuditEntry.action,
            AuditEntry.details,
            func.coalesce(_ABOUT.short_name, ""),
            func.coalesce(_OF.short_name, ""),
        )
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(thing, cast(thing.id, String) == AuditEntry.subject_id)
        .outerjoin(_OF, _OF.id == AuditEntry.organisation_id)
        .outerjoin(_ABOUT, _ABOUT.code == AuditEntry.details["body_code"].astext)
        .where(AuditSeal.position > after, AuditSeal.position <= upto, AuditEntry.subject_kind == kind)
        .order_by(AuditSeal.position)
    )


async def entries(db: AsyncSession, after: int, upto: int) -> Sequence[Told]:
    """Return the entries about pools between two links of the chain, in its order."""
    rows = await db.execute(told_of("pool", Pool, after, upto))
    return [
        Told(entry_id, at, pool_id, title, person_id, name, Happening(action, details, about, of))
        for entry_id, at, pool_id, title, person_id, name, action, details, about, of in rows
    ]


async def batches(db: AsyncSession, after: int, upto: int, actions: Sequence[str]) -> dict[UUID, Batch]:
    """Return the entries between two links of the chain that tell of many things found at once."""
    rows = await db.execute(
        select(AuditEntry.subject_id, AuditEntry.id, AuditEntry.at)
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.position > after, AuditSeal.position <= upto, AuditEntry.action.in_(actions))
    )
    return {UUID(batch): (entry_id, at) for batch, entry_id, at in rows}


async def findings(db: AsyncSession, after: int, upto: int) -> Sequence[Found]:
    """Return what was found for open needs between two links of the chain: once a need and entry."""
    entry_of = await batches(db, after, upto, [MATCHED, RELEASED])
    if not entry_of:
        return []
    other = aliased(Need)
    rows = await db.execute(
        select(
            NeedFinding.batch_id,
            NeedFinding.kind,
            Need.id,
            Need.title,
            Need.body_code,
            func.array_agg(_ABOUT.short_name.distinct()),
        )
        .join(Need, and_(Need.id == NeedFinding.need_id, Need.state == NeedState.OPEN))
        .join(other, and_(other.id == NeedFinding.other_id, other.state == NeedState.OPEN))
        .join(_ABOUT, _ABOUT.code == other.body_code)
        .where(NeedFinding.batch_id.in_(entry_of))
        .group_by(NeedFinding.batch_id, NeedFinding.kind, Need.id)
        .order_by(NeedFinding.batch_id, Need.id)
    )
    return [
        Found(*entry_of[batch_id], kind, need_id, title, code, tuple(sorted(councils)))
        for batch_id, kind, need_id, title, code, councils in rows
    ]


async def officers(db: AsyncSession, body_codes: set[str]) -> Mapping[str, Sequence[UUID]]:
    """Return the officers of some councils, as they are today."""
    rows = await db.execute(
        select(Organisation.code, func.array_agg(Person.id))
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, and_(Person.id == Membership.person_id, Person.disabled_at.is_(None)))
        .where(Organisation.code.in_(body_codes), Membership.role == Role.OFFICER)
        .group_by(Organisation.code)
    )
    return {code: ids for code, ids in rows if code is not None}


async def candidates(db: AsyncSession, pool_ids: set[UUID]) -> Sequence[Candidate]:
    """Return the officers and approvers of the councils of some pools, as they are today."""
    approves = exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == Organisation.id,
        Membership.role == Role.APPROVER,
    )
    works_there = exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == Organisation.id,
        Membership.role.in_([Role.OFFICER, Role.APPROVER]),
    )
    in_pool = and_(
        PoolPerson.pool_id == PoolMember.pool_id,
        PoolPerson.body_code == PoolMember.body_code,
        PoolPerson.person_id == Person.id,
    )
    rows = await db.execute(
        select(
            PoolMember.pool_id,
            Person.id,
            PoolMember.body_code,
            PoolMember.stage != Stage.WITHDRAWN,
            PoolPerson.since,
            func.coalesce(PoolPerson.follows, False),
            approves.label("approver"),
        )
        .select_from(PoolMember)
        .join(Organisation, Organisation.code == PoolMember.body_code)
        .join(Person, and_(works_there, Person.disabled_at.is_(None)))
        .outerjoin(PoolPerson, in_pool)
        .where(PoolMember.pool_id.in_(pool_ids), or_(PoolPerson.person_id.is_not(None), approves))
    )
    return [Candidate(*row) for row in rows]


async def addresses(db: AsyncSession, person_ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Return the e-mail addresses and names of people."""
    rows = await db.execute(select(Person.id, Person.email, Person.name).where(Person.id.in_(person_ids)))
    return {person_id: (email, name) for person_id, email, name in rows}
