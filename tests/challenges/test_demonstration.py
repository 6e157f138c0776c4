"""The invented challenges: one in each state, made once, by the product's own actions."""

from __future__ import annotations

from accounts.actions.demonstration import load_demonstration
from accounts.actions.passwords import Passwords
from challenges.actions.demonstration import FIRM, OFFICER, load_demonstration_challenges
from challenges.actions.demonstration_pilots import CHANGED, FAILED, WORKED
from challenges.actions.demonstration_texts import (
    ARREARS,
    CHASING,
    CLOSED,
    GIVEN_UP,
    JUDGED,
    LAMPS,
    OPEN,
    REPAIRS,
    VISITS,
    WRITING,
)
from challenges.queries import finding, responses, results, selection
from challenges.rules.finding import ChallengeFilter
from challenges.rules.states import STATE_WORDS
from procurement.actions.demonstration.authority import load_demonstration_authority
from store.db import transaction
from tests import build
from tests.databases import TESTER, connected
from values.actors import Actor, Role
from values.years import london_today

RUNS_IT = Actor(roles=frozenset({Role.OPERATOR}), name="tests")


async def test_a_challenge_in_each_state_is_made_once(sessions_jobs, sessions_app, database):
    async with transaction(sessions_jobs, TESTER) as db:
        await load_demonstration(db, TESTER, Passwords(cheap=True), build.SEALER)
        await load_demonstration_authority(db, RUNS_IT)
    async with connected(database.owner) as owner:
        for expected in (10, 0):
            made = await load_demonstration_challenges(sessions_jobs, sessions_app, owner, london_today())
            assert made == expected
    async with transaction(sessions_app, OFFICER) as db:
        _, rows = await finding.listed_challenges(db, ChallengeFilter())
        states = {each.title: each.state_words[0] for each in rows}
        closed = next(each for each in rows if each.title == CLOSED.title)
        judged = next(each for each in rows if each.title == JUDGED.title)
        entries = await responses.entries(db, closed.id)
        chosen = await selection.selected(db, judged.id)
        told = {
            each.pilot.title: each.pilot.decision
            for each in await results.published(db, results.Wanted(), offset=0, limit=9)
        }
    assert states == {
        WRITING.title: "Being written",
        OPEN.title: "Open",
        CLOSED.title: "Being judged",
        JUDGED.title: "Judged",
        REPAIRS.title: "Route to buy",
        VISITS.title: "Measured",
        ARREARS.title: "Pilot",
        CHASING.title: "Decided",
        LAMPS.title: "Withdrawn",
        GIVEN_UP.title: "Ended",
    }
    assert {said for said, _ in STATE_WORDS.values()} <= set(states.values())
    assert told == {each.title: each.decision for each in (WORKED, FAILED, CHANGED)}
    # The firm of the demonstration was chosen, and was told so.
    assert [each.organisation_id for each in chosen] == [FIRM.organisation_id]
    assert all(each.demonstration for each in rows)
    assert len(entries) == 2
    # Names are hidden at the first read, in the invented world too.
    assert {each.firm for each in entries} == {""}
    async with transaction(sessions_app, FIRM) as db:
        own = {each.title: each.handed_in for each in await responses.own(db, FIRM)}
    assert own == {
        OPEN.title: False,
        **{each.title: True for each in (CLOSED, JUDGED, REPAIRS, ARREARS, VISITS, CHASING)},
    }
