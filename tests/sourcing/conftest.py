from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from sourcing.actions import subjects as actions
from store.db import transaction
from store.migrations import plain
from tests import build
from values.actors import PUBLIC, Actor, Role
from values.ids import uuid7


@dataclass(frozen=True)
class Cast:
    """A tender that Leeds leads and Camden buys in, and people around it."""

    subject: UUID
    people: dict[str, build.Built]

    def actor(self, who: str) -> Actor:
        return self.people[who].actor if who in self.people else PUBLIC


@pytest.fixture
async def cast(db, sessions_app) -> Cast:
    camden, manchester, sector = (build.council(code) for code in ("CMD", "MAN", "LGA"))
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
    await db.commit()
    subject = uuid7()
    async with transaction(sessions_app, people["leeds"].actor) as registering:
        await actions.register(registering, people["leeds"].actor, subject, "tender", buyers=[camden])
    return Cast(subject, people)


@pytest.fixture
async def acting(cast, database):
    """A raw connection of the application's role that acts as somebody; an unknown name is the public."""
    connection = await asyncpg.connect(plain(database.app))

    async def enter(who: str) -> asyncpg.Connection:
        actor = cast.actor(who)
        for name, value in (
            ("person", actor.person_id or ""),
            ("organisation", actor.organisation_id or ""),
            ("roles", ",".join(sorted(actor.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{name}", str(value))
        return connection

    yield enter
    await connection.close()


@pytest.fixture
def does(cast, sessions_app):
    """Runs an action or a query in a transaction of its own, as somebody."""

    async def done(who, action, *args, **more):
        actor = cast.actor(who)
        async with transaction(sessions_app, actor) as db:
            return await action(db, actor, *args, **more)

    return done


@pytest.fixture
def reads(cast, sessions_app):
    """Runs a query that takes no actor, as somebody."""

    async def done(who, query, *args, **more):
        async with transaction(sessions_app, cast.actor(who)) as db:
            return await query(db, *args, **more)

    return done


@pytest.fixture
def bench(cast, does, reads):
    """A panel that is yet to be formed."""
    from tests.sourcing.panels import Bench  # noqa: PLC0415 -- it takes the cast's type from here

    return Bench(cast, does, reads)
