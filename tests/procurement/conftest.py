from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.actions import needs as actions
from procurement.actions.pools import lines as line_actions
from procurement.actions.pools import votes as vote_actions
from procurement.rules.needs import NeedState, Wanted
from procurement.rules.pools.lines import Outcome, Stance
from store.db import transaction
from tests import build
from tests.procurement.pools import VALUES, build_pool
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


@pytest.fixture
async def pool(db):
    return await build_pool(db)


@pytest.fixture
async def officers(db, pool):
    """An officer of each member, by code; the first leads."""
    made = {code: (await build.person(db, organisation_id=build.council(code))).actor for code in VALUES}
    await db.commit()
    return made


@pytest.fixture
async def line(officers, pool, sessions_app):
    """A line that Leeds must have."""
    async with transaction(sessions_app, officers["LDS"]) as db:
        return await line_actions.propose(db, officers["LDS"], pool, "Works offline", Stance.MUST)


@pytest.fixture
def say(officers, pool, line, sessions_app):
    async def said(code, stance, reason=""):
        async with transaction(sessions_app, officers[code]) as db:
            await line_actions.take_stance(db, officers[code], pool, line, Stance(stance), reason=reason)

    return said


@pytest.fixture
def vote(officers, pool, line, sessions_app):
    """Opens a vote on the line between a lot and an option, and casts ballots in it."""

    async def opened(**ballots):
        actor = officers["LDS"]
        async with transaction(sessions_app, actor) as db:
            vote_id = await vote_actions.open_vote(
                db,
                actor,
                pool,
                line,
                question="Lot or option?",
                choices=[Outcome.LOT, Outcome.OPTION],
                lot="Offline work",
                closes_on=(datetime.now(UTC) + timedelta(days=3)).date(),
            )
        for code, choice in ballots.items():
            async with transaction(sessions_app, officers[code]) as db:
                await vote_actions.cast(db, officers[code], pool, vote_id, choice)
        return vote_id

    return opened
