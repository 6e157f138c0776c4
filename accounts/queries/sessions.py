"""Who is asking: the session behind a cookie, and a person's own sessions and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from asyncpg import Record
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Membership, Organisation, Person, Session
from accounts.rules import tokens
from accounts.rules.roles import Stage, needs_second_factor, stage
from values.actors import PUBLIC, Actor, Role

_FIND: Final = "select * from app.find_session($1)"
_ROLES: Final = {role.value: role for role in Role}


class Lookup(Protocol):
    """A pool of raw connections: SQLAlchemy's way round costs twice the time."""

    async def fetchrow(self, query: str, *args: Any) -> Record | None:
        """Return the first row of a query."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """A session that somebody is in.

    Attributes:
        actor: who they will be when the sign-in is complete; pages see them as the public before.
        stage: what is still asked of them.
        unread_count: how many notices wait for them; 100 stands for 100 and more.
    """

    session_id: UUID
    actor: Actor
    organisation_name: str
    stage: Stage
    enrolled: bool
    second_factor_at: datetime | None
    unread_count: int = 0

    @property
    def shown(self) -> Actor:
        """The actor that pages and policies see."""
        return self.actor if self.stage is Stage.COMPLETE else PUBLIC

    @property
    def alone(self) -> Actor:
        """The person without organisation and roles: enough for their own password and second factor."""
        return Actor(self.actor.person_id, None, frozenset(), self.actor.name)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of a person's sessions, as their account page lists it."""

    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    organisation_name: str


@dataclass(frozen=True, slots=True)
class OwnOrganisation:
    """An organisation that a person can act for, with their roles there."""

    id: UUID
    name: str
    roles: Sequence[Role]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What a person sees of their own account."""

    name: str
    email: str
    second_factor_at: datetime | None
    second_factor_needed: bool
    organisations: Sequence[OwnOrganisation]
    sessions: Sequence[OwnSession]


async def login_of(pool: Lookup, token: str) -> Login | None:
    """Return the session of a token, if it is still good. One statement, because every page waits for it."""
    if len(token) != tokens.LENGTH:
        return None
    row = await pool.fetchrow(_FIND, tokens.digest(token))
    if row is None:
        return None
    session_id, person_id, organisation_id, name, organisation, names, enrolled, second_factor_at, unread = (
        row
    )
    roles = frozenset(_ROLES[role] for role in names)
    return Login(
        session_id,
        Actor(person_id, organisation_id, roles, name),
        organisation,
        stage(roles, enrolled=enrolled, second_factor_at=second_factor_at),
        enrolled,
        second_factor_at,
        unread,
    )


async def account_page(db: AsyncSession, actor: Actor) -> AccountPage:
    """Return a person's own account."""
    name, email, second_factor_at = (
        await db.execute(
            select(Person.name, Person.email, Person.second_factor_at).where(Person.id == actor.person_id)
        )
    ).one()
    organisations = await own_organisations(db, actor)
    sessions = await db.execute(
        select(Session.id, Session.agent, Session.created_at, Session.seen_at, Organisation.short_name)
        .join(Organisation, Organisation.id == Session.organisation_id)
        .where(Session.person_id == actor.person_id)
        .order_by(Session.seen_at.desc())
    )
    return AccountPage(
        name,
        email,
        second_factor_at,
        any(needs_second_factor(organisation.roles) for organisation in organisations),
        organisations,
        [OwnSession(*row) for row in sessions],
    )


async def own_organisations(db: AsyncSession, actor: Actor) -> list[OwnOrganisation]:
    """Return the organisations that a person can act for."""
    rows = await db.execute(
        select(Organisation.id, Organisation.name, func.array_agg(Membership.role))
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == actor.person_id)
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name)
    )
    return [OwnOrganisation(id_, name, sorted(_ROLES[role] for role in roles)) for id_, name, roles in rows]
