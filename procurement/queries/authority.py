"""Up to which sum approvers may commit their councils, and who said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Membership, Organisation, Person
from procurement.models import ApproverAuthority
from store.models import AuditEntry
from values.actors import Actor, Role
from values.refusals import Missing

# A limit from before somebody became an approver (again) is none.
_LIMIT: Final = and_(
    ApproverAuthority.person_id == Membership.person_id,
    ApproverAuthority.body_code == Organisation.code,
    ApproverAuthority.set_at >= Membership.created_at,
)


@dataclass(frozen=True, slots=True)
class ApproverRow:
    """An approver of a council with their limit, or None where nobody set one."""

    person_id: UUID
    organisation_id: UUID
    body_code: str
    body_name: str
    name: str
    limit_pence: int | None
    set_by_name: str | None
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One time that a limit was set; None before the first."""

    at: datetime
    by: str
    before_pence: int | None
    limit_pence: int


def _approvers(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Person.id,
            Organisation.id.label("organisation_id"),
            Organisation.code,
            Organisation.short_name,
            Person.name,
            ApproverAuthority.limit_pence,
            ApproverAuthority.set_by_name,
            ApproverAuthority.set_at,
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(ApproverAuthority, _LIMIT)
        .where(Membership.role == Role.APPROVER, Person.disabled_at.is_(None), Organisation.code.is_not(None))
    )
    if not actor.has(Role.OPERATOR):
        query = query.where(Organisation.id == actor.organisation_id)
    return query


async def approvers(
    db: AsyncSession, actor: Actor, *, words: str = "", offset: int = 0, limit: int = 50
) -> tuple[int, Sequence[ApproverRow]]:
    """Return how many approvers the actor may know, and one page of them; operators know all councils'."""
    query = _approvers(actor)
    if words:
        query = query.where(
            or_(
                Person.name.icontains(words, autoescape=True),
                Organisation.name.icontains(words, autoescape=True),
            )
        )
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    rows = await db.execute(
        query.order_by(Organisation.short_name, Person.name, Person.id).offset(offset).limit(limit)
    )
    return total or 0, [ApproverRow(*row) for row in rows]


async def approver(db: AsyncSession, actor: Actor, organisation_id: UUID, person_id: UUID) -> ApproverRow:
    """Return one approver.

    Raises:
        Missing: there is none, or the actor may not know.
    """
    query = _approvers(actor).where(Person.id == person_id, Organisation.id == organisation_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("approver")
    return ApproverRow(*row)


async def own_limit(db: AsyncSession, actor: Actor) -> int | None:
    """Return up to which sum the actor may commit their council, or None where nobody said."""
    return await db.scalar(
        select(ApproverAuthority.limit_pence)
        .select_from(Membership)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(ApproverAuthority, _LIMIT)
        .where(
            Membership.person_id == actor.person_id,
            Membership.organisation_id == actor.organisation_id,
            Membership.role == Role.APPROVER,
        )
    )


async def history(db: AsyncSession, body_code: str, person_id: UUID) -> Sequence[Setting]:
    """Return how a limit was set over time, the newest first, from the audit trail."""
    rows = await db.execute(
        select(AuditEntry.at, AuditEntry.actor_name, AuditEntry.details)
        .where(
            AuditEntry.subject_kind == "authority",
            AuditEntry.subject_id == f"{body_code}/{person_id}",
            AuditEntry.action == "authority.set",
        )
        .order_by(AuditEntry.id.desc())
        .limit(100)
    )
    return [Setting(at, by, kept["before_pence"], kept["limit_pence"]) for at, by, kept in rows]
