"""States of a challenge that tests begin from, each built on the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import asyncpg

from challenges.actions import making
from challenges.actions.judging import fix_phases
from challenges.rules.content import FIRST_CRITERIA, FIRST_SECTIONS
from challenges.rules.phases import PhaseKind
from store.db import transaction
from store.migrations import plain
from tests.beginnings import Beginning, Begun
from tests.challenges import made
from tests.challenges.judging import PLACES, Judging, points

if TYPE_CHECKING:
    from tests.databases import Database


async def _cast(database: Database, _begun: Begun) -> Begun:
    async with database.building() as db:
        return {"cast": await made.build_cast(db)}


async def _complete(database: Database, begun: Begun) -> Begun:
    async with database.acting() as sessions:
        return {"complete": await made.complete(sessions, begun["cast"])}


async def _statement(database: Database, begun: Begun) -> Begun:
    """The lead's approver has approved it."""
    cast, challenge_id = begun["cast"], begun["complete"]
    async with database.acting() as sessions:
        await made.approve(sessions, cast["leeds"], challenge_id)
    return {"statement": challenge_id}


async def _opened(database: Database, begun: Begun) -> Begun:
    async with database.acting() as sessions:
        await made.publish(sessions, begun["cast"], begun["statement"])
    return {"opened": begun["statement"]}


async def _anonymous(database: Database, begun: Begun, places: Mapping[PhaseKind, int] | None = None) -> None:
    """Publish one whose first read is without names."""
    cast, challenge_id = begun["cast"], begun["complete"]
    officer = cast["officer"].actor
    parts = {"sections": FIRST_SECTIONS, "criteria": FIRST_CRITERIA}
    async with database.acting() as sessions:
        async with transaction(sessions, officer) as db:
            await making.save_response(db, officer, challenge_id, **parts, anonymous=True)
            if places:
                await fix_phases(db, officer, challenge_id, places)
        await made.approve(sessions, cast["leeds"], challenge_id)
        await made.publish(sessions, cast, challenge_id)


async def _hidden(database: Database, begun: Begun) -> Begun:
    """One that takes responses whose first read is without names."""
    await _anonymous(database, begun)
    return {"hidden": begun["complete"]}


async def _due(database: Database, begun: Begun) -> Begun:
    """Two firms responded to one with two sponsors and two phases; its deadline is for the test to pass."""
    await _anonymous(database, begun, PLACES)
    async with database.acting() as sessions:
        judging = Judging(sessions, begun["cast"], begun["complete"])
        await judging.join()
        await judging.respond("author", "Dampometer")
        await judging.respond("rival", "Wallwatch")
    return {"due": begun["complete"]}


async def _chosen(database: Database, begun: Begun) -> Begun:
    """The author’s response was chosen for a pilot, the rival’s was not; Camden sponsors too."""
    async with database.acting() as sessions:
        judging = Judging(sessions, begun["cast"], begun["opened"])
        await judging.join()
        await judging.respond("author", "Dampometer")
        await judging.respond("rival", "Wallwatch")
        owner = await asyncpg.connect(plain(database.owner))
        try:
            await made.close(owner, judging.challenge_id)
        finally:
            await owner.close()
        codes = await judging.codes()
        phase_id = await judging.begin(PhaseKind.PILOT)
        await judging.score(phase_id)
        await judging.agree(phase_id, points(codes, 4, 2))
        await judging.settle(phase_id)
        await judging.decide(phase_id, [codes["author"]])
    return {"chosen": begun["opened"]}


CAST: Final = Beginning("cast", _cast)
COMPLETE: Final = Beginning("complete", _complete, CAST)
STATEMENT: Final = Beginning("statement", _statement, COMPLETE)
OPENED: Final = Beginning("opened", _opened, STATEMENT)
HIDDEN: Final = Beginning("hidden", _hidden, COMPLETE)
DUE: Final = Beginning("due", _due, COMPLETE)
CHOSEN: Final = Beginning("chosen", _chosen, OPENED)
CHALLENGES: Final = (CAST, COMPLETE, STATEMENT, OPENED, HIDDEN, DUE, CHOSEN)
