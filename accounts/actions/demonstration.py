"""Invented people of the demonstration world, each marked as such.

Password and second factor are the same for all, and public: they are in the documentation. A real deployment
never calls this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions.passwords import Passwords
from accounts.models import NOW, BodyKind, Credential, Membership, Organisation, Person
from accounts.rules.register import NAMESPACE, body_id
from accounts.rules.roles import needs_second_factor
from accounts.rules.totp import Sealer
from store import audit
from values.actors import Actor, Role

PASSWORD: Final = "lantern otter quarry"  # noqa: S105 -- public, for invented people
TOTP_SECRET: Final = "DEMOBUYTOGETHERDEMOBUYTOGETHER22"  # noqa: S105 -- public, for invented people
SUPPLIER_ID: Final = uuid5(NAMESPACE, "demonstration supplier")
SUPPLIER_NAME: Final = "Northmoor Civic Software Ltd (invented)"
PARTNER_ID: Final = uuid5(NAMESPACE, "demonstration partner")
# Invented suppliers whose people sign in: id, name, short name, by what stands for them in PEOPLE.
SUPPLIERS: Final = {
    "": (SUPPLIER_ID, SUPPLIER_NAME, "Northmoor (invented)"),
    "southmere": (PARTNER_ID, "Southmere Training Co-operative Ltd (invented)", "Southmere (invented)"),
}


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist.

    Attributes:
        body: the register code of their organisation, or what stands for an invented supplier.
    """

    email: str
    name: str
    body: str
    role: Role

    @property
    def second_factor(self) -> bool:
        """Whether they need a code from an app to sign in."""
        return needs_second_factor({self.role})


PEOPLE: Final = (
    Invented("officer.leeds@example.org", "Olivia Marsh", "LDS", Role.OFFICER),
    Invented("approver.leeds@example.org", "Arthur Penrose", "LDS", Role.APPROVER),
    Invented("officer.camden@example.org", "Owen Achterberg", "CMD", Role.OFFICER),
    Invented("approver.camden@example.org", "Amina Holloway", "CMD", Role.APPROVER),
    Invented("officer.salford@example.org", "Odile Ramsbottom", "SLF", Role.OFFICER),
    Invented("approver.salford@example.org", "Alasdair Thwaite", "SLF", Role.APPROVER),
    # Guildford becomes part of West Surrey, so that one can see what merging councils see.
    Invented("officer.guildford@example.org", "Oswin Tarrant", "GRT", Role.OFFICER),
    Invented("sector.lead@example.org", "Selma Whitlock", "LGA", Role.SECTOR_LEAD),
    Invented("supplier@example.org", "Samir Dunmore", "", Role.SUPPLIER),
    Invented("partner@example.org", "Priya Coverdale", "southmere", Role.SUPPLIER),
    Invented("operator@example.org", "Oona Fairweather", "LGA", Role.OPERATOR),
)


async def load_demonstration(db: AsyncSession, actor: Actor, passwords: Passwords, sealer: Sealer) -> int:
    """Create the invented people; return how many are new. Safe to repeat.

    Needs the rights of the jobs role.
    """
    rows = [
        {
            "id": supplier_id,
            "kind": BodyKind.SUPPLIER,
            "name": name,
            "short_name": short_name,
            "type_name": "Supplier",
            "demonstration": True,
        }
        for supplier_id, name, short_name in SUPPLIERS.values()
    ]
    await db.execute(insert(Organisation).values(rows).on_conflict_do_nothing())
    hashed = await passwords.hash(PASSWORD)
    made = 0
    for invented in PEOPLE:
        made += await _create(db, invented, hashed, sealer)
    if made:
        await audit.record(db, actor, "demonstration.people-loaded", "register", "people", people=made)
    return made


async def _create(db: AsyncSession, invented: Invented, hashed: str, sealer: Sealer) -> bool:
    person_id = uuid5(NAMESPACE, invented.email)
    new = await db.scalar(
        insert(Person)
        .values(
            id=person_id,
            email=invented.email,
            name=invented.name,
            demonstration=True,
            second_factor_at=NOW if invented.second_factor else None,
        )
        .on_conflict_do_nothing(index_elements=[Person.email])
        .returning(Person.id)
    )
    if new is None:
        return False
    secret = sealer.seal(TOTP_SECRET, person_id) if invented.second_factor else None
    await db.execute(
        insert(Credential).values(person_id=person_id, password_hash=hashed, totp_secret=secret).inline()
    )
    await db.execute(
        insert(Membership)
        .values(person_id=person_id, organisation_id=_organisation(invented), role=invented.role)
        .inline()
    )
    return True


def _organisation(invented: Invented) -> UUID:
    return SUPPLIERS[invented.body][0] if invented.body in SUPPLIERS else body_id(invented.body)
