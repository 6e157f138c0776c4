"""Reads of people: who belongs to an organisation, who was invited, what mail waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Mail, Membership, Organisation, Person, Token
from accounts.rules import roles as role_rules
from accounts.rules import tokens
from values.actors import Actor, Role
from values.refusals import Missing

_ROLES: Final = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation."""

    person_id: UUID
    organisation_id: UUID
    name: str
    email: str
    organisation_name: str
    organisation_kind: str
    second_factor: bool
    demonstration: bool
    roles: Sequence[Role]

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(role_rules.NAMES[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that was not taken yet."""

    id: UUID
    email: str
    organisation_name: str
    role: Role
    created_at: datetime
    expires_at: datetime

    @property
    def role_name(self) -> str:
        """The role in words."""
        return role_rules.NAMES[self.role]


@dataclass(frozen=True, slots=True)
class OpenToken:
    """What a token from an e-mail is for."""

    email: str
    name: str
    organisation_id: UUID | None
    organisation_name: str
    role: Role | None
    known: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail of the outbox."""

    id: UUID
    to_address: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str | None


async def members(
    db: AsyncSession, *, words: str = "", offset: int = 0, limit: int = 50
) -> tuple[int, list[Member]]:
    """Return how many members the actor may see, and one page of them; operators see all organisations'."""
    total = await db.scalar(select(func.count()).select_from(_members(words).subquery()))
    rows = await db.execute(
        _members(words).order_by(Organisation.name, Person.name, Person.id).offset(offset).limit(limit)
    )
    return total or 0, [_member(row) for row in rows]


async def member(db: AsyncSession, organisation_id: UUID, person_id: UUID) -> Member:
    """Return one member.

    Raises:
        Missing: there is none, or the actor may not know.
    """
    row = (
        await db.execute(_members("").where(Person.id == person_id, Organisation.id == organisation_id))
    ).first()
    if row is None:
        raise Missing("member")
    return _member(row)


async def invitations(db: AsyncSession) -> list[Invitation]:
    """Return the invitations that the actor may see and that wait to be taken."""
    rows = await db.execute(
        select(Token.id, Token.email, Organisation.name, Token.role, Token.created_at, Token.expires_at)
        .join(Organisation, Organisation.id == Token.organisation_id)
        .where(Token.used_at.is_(None), Token.expires_at > func.statement_timestamp())
        .order_by(Token.created_at.desc())
        .limit(200)
    )
    return [
        Invitation(id_, email, name, _ROLES[str(role)], *times) for id_, email, name, role, *times in rows
    ]


async def inviting(db: AsyncSession, actor: Actor) -> list[tuple[UUID, str, str]]:
    """Return the organisations to which an actor can invite, as (id, name, kind)."""
    found = select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.name)
    found = (
        found.where(Organisation.kind != "former_council")
        if Role.OPERATOR in actor.roles
        else found.where(Organisation.id == actor.organisation_id)
    )
    return [(id_, name, kind) for id_, name, kind in await db.execute(found)]


async def open_token(db: AsyncSession, kind: str, token: str) -> OpenToken:
    """Return what a token is for.

    Raises:
        Missing: it was never made, was used, or ran out.
    """
    if len(token) != tokens.LENGTH:
        raise Missing("token")
    row = (
        await db.execute(
            select(
                func.app.token_facts(kind, tokens.digest(token)).table_valued(
                    "email", "name", "organisation_id", "organisation_name", "role", "known"
                )
            )
        )
    ).first()
    if row is None:
        raise Missing("token")
    email, name, organisation_id, organisation, role, known = row
    return OpenToken(email, name, organisation_id, organisation, _ROLES[role] if role else None, known)


async def outbox(db: AsyncSession, *, limit: int = 100) -> list[Letter]:
    """Return the newest mails; nothing for anybody but operators."""
    rows = await db.execute(
        select(
            Mail.id,
            Mail.to_address,
            Mail.subject,
            Mail.body,
            Mail.created_at,
            Mail.sent_at,
            Mail.attempts,
            Mail.error,
        )
        .order_by(Mail.created_at.desc())
        .limit(limit)
    )
    return [Letter(*row) for row in rows]


def _members(words: str) -> Select[*tuple[Any, ...]]:
    found = (
        select(
            Person.id,
            Organisation.id.label("organisation_id"),
            Person.name,
            Person.email,
            Organisation.name.label("organisation_name"),
            Organisation.kind,
            Person.second_factor_at.is_not(None).label("second_factor"),
            Person.demonstration,
            func.array_agg(Membership.role).label("roles"),
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.disabled_at.is_(None))
        .group_by(Person.id, Organisation.id)
    )
    if words:
        found = found.where(
            or_(
                Person.name.icontains(words, autoescape=True),
                Person.email.icontains(words, autoescape=True),
                Organisation.name.icontains(words, autoescape=True),
            )
        )
    return found


def _member(row: Any) -> Member:
    return Member(*row[:-1], roles=sorted(_ROLES[role] for role in row[-1]))
