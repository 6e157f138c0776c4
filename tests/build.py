"""Builders of what tests need, one a noun. Each writes through a session of the worker's role."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pyotp.totp import TOTP
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.passwords import CHEAP_HASHER
from accounts.models import Credential, Membership, Organisation, Person
from accounts.rules import register, totp
from values.actors import Actor, Role
from values.ids import uuid7

PASSWORD = "violin harbour mitten"
KEY = b"a master key that only tests use"
SEALER = totp.Sealer(KEY)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Built:
    """A person as tests use them: who they are, and what they type."""

    id: UUID
    email: str
    name: str
    organisation_id: UUID
    roles: frozenset[Role]
    password: str = PASSWORD
    totp_secret: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.organisation_id, self.roles, self.name)

    def code(self, *, steps: int = 0) -> str:
        """What their app shows, now or some steps of 30 seconds away."""
        return TOTP(self.totp_secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))

    def acting_for(self, organisation_id: UUID) -> Built:
        return replace(self, organisation_id=organisation_id)


def council(code: str = "LDS") -> UUID:
    """The id of a body of the register, which is in every test's database."""
    return register.body_id(code)


async def organisation(db: AsyncSession, *, kind: str = "supplier", name: str = "") -> UUID:
    organisation_id, name = uuid7(), name or f"Invented supplier {next(_numbers)}"
    await db.execute(
        insert(Organisation).values(
            id=organisation_id,
            kind=kind,
            name=name,
            short_name=name,
            type_name="Supplier",
            demonstration=True,
        )
    )
    return organisation_id


async def person(
    db: AsyncSession,
    *roles: Role,
    organisation_id: UUID | None = None,
    name: str = "",
    email: str = "",
    second_factor: bool = False,
) -> Built:
    """Somebody with roles (officer by default) in a council (Leeds by default), who can sign in."""
    number = next(_numbers)
    secret = totp.new_secret() if second_factor else ""
    built = Built(
        uuid7(),
        email or f"person{number}@example.org",
        name or f"Person {number}",
        organisation_id or council(),
        frozenset(roles or {Role.OFFICER}),
        totp_secret=secret,
    )
    await db.execute(
        insert(Person)
        .values(
            id=built.id,
            email=built.email,
            name=built.name,
            demonstration=True,
            second_factor_at=datetime.now(UTC) if secret else None,
        )
        .inline()
    )
    await db.execute(
        insert(Credential)
        .values(
            person_id=built.id,
            password_hash=CHEAP_HASHER.hash(PASSWORD),
            totp_secret=SEALER.seal(secret, built.id) if secret else None,
        )
        .inline()
    )
    for role in built.roles:
        await membership(db, built.id, built.organisation_id, role)
    return built


async def membership(db: AsyncSession, person_id: UUID, organisation_id: UUID, role: Role) -> None:
    await db.execute(
        insert(Membership).values(person_id=person_id, organisation_id=organisation_id, role=role).inline()
    )
