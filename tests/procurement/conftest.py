from __future__ import annotations

from datetime import date

import pytest

from procurement.actions import needs as actions
from procurement.rules.needs import NeedState, Wanted
from store.db import transaction
from tests import build
from values.actors import Role

WANTED = Wanted(
    "Library system",
    category="library-systems",
    outcomes="Residents borrow by phone",
    volume=1000,
    unit="loan",
    budget_low_pence=123_456,
    budget_high_pence=654_321,
    earliest_start_on=date(2027, 4, 1),
    latest_start_on=date(2027, 9, 30),
    must=("Works offline",),
)


@pytest.fixture
async def people(db):
    """An officer and an approver of Leeds, an officer of Camden, a sector lead, a supplier."""
    supplier = await build.organisation(db)
    made = {
        "officer": await build.person(db),
        "approver": await build.person(db, Role.APPROVER, second_factor=True),
        "stranger": await build.person(db, organisation_id=build.council("CMD")),
        "lead": await build.person(
            db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
        ),
        "supplier": await build.person(db, Role.SUPPLIER, organisation_id=supplier),
    }
    await db.commit()
    return made


@pytest.fixture
async def needs(people, sessions_app):
    """A draft and an open need of Leeds."""
    actor = people["officer"].actor
    async with transaction(sessions_app, actor) as db:
        draft = await actions.record_need(db, actor, WANTED)
        opened = await actions.record_need(db, actor, WANTED)
        await actions.move_need(db, actor, opened, NeedState.OPEN)
    return {"draft": draft, "open": opened}
