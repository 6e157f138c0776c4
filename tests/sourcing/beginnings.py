"""A tender that Leeds leads and Camden buys in, and people around it: where most tests of sourcing begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sourcing.actions import subjects as actions
from store.db import transaction
from tests import build
from tests.beginnings import Beginning, Begun
from values.actors import PUBLIC, Actor, Role
from values.ids import uuid7

if TYPE_CHECKING:
    from tests.databases import Database


@dataclass(frozen=True)
class Cast:
    """A tender that Leeds leads and Camden buys in, and people around it."""

    subject: UUID
    people: dict[str, build.Built]

    def actor(self, who: str) -> Actor:
        return self.people[who].actor if who in self.people else PUBLIC


async def _cast(database: Database, _begun: Begun) -> Begun:
    camden, manchester, sector = (build.council(code) for code in ("CMD", "MAN", "LGA"))
    async with database.building() as db:
        supplier, rival = await build.organisation(db), await build.organisation(db)
        people = {
            "leeds": await build.person(db),
            "leeds_too": await build.person(db),
            "approver": await build.person(db, Role.APPROVER, second_factor=True),
            "camden": await build.person(db, organisation_id=camden),
            "camden_too": await build.person(db, organisation_id=camden),
            "outside": await build.person(db, organisation_id=manchester),
            "sector_lead": await build.person(db, Role.SECTOR_LEAD, organisation_id=sector),
            "operator": await build.person(db, Role.OPERATOR, organisation_id=sector),
            "supplier": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
            "colleague": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
            "rival": await build.person(db, Role.SUPPLIER, organisation_id=rival),
        }
    subject = uuid7()
    leeds = people["leeds"].actor
    async with database.acting() as sessions, transaction(sessions, leeds) as db:
        await actions.register(db, leeds, subject, "tender", buyers=[camden])
    return {"cast": Cast(subject, people)}


CAST: Final = Beginning("cast", _cast)
