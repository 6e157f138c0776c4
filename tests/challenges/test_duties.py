"""What challenges, pilots and adoptions owe: for whom, by when, and where it is read."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from challenges.actions import results
from challenges.rules import duties as rules
from challenges.rules.duties import AdoptionFacts, Body, ChallengeFacts, PilotFacts, Told
from challenges.rules.pilots import PilotState
from challenges.rules.states import ChallengeState
from notifications.queries import dates as calendar
from sourcing.rules.duties import DutyState
from sourcing.rules.law import law
from store.db import transaction
from tests.challenges import piloting as made
from values.years import london_today

TODAY = date(2026, 11, 26)
LEEDS, CAMDEN = Body("LDS", "Leeds"), Body("CMD", "Camden")
CHALLENGE = ChallengeFacts(
    id=UUID(int=1),
    title="Damp",
    lead=LEEDS,
    state=ChallengeState.STATEMENT,
    route="competitive-flexible",
    gross_pence=500_000_00,
    first_notice="UK4",
    published_on=None,
    due_on=date(2026, 12, 10),
    showcase_on=date(2026, 12, 20),
    decision_on=date(2027, 1, 10),
    notices={},
    agreed_on=None,
    started=False,
)
PILOT = PilotFacts(
    id=UUID(int=2),
    challenge_id=CHALLENGE.id,
    title="Sensors",
    runs=CAMDEN,
    lead=LEEDS,
    state=PilotState.RUNNING,
    ends_on=date(2026, 12, 1),
    ended_on=None,
    publish_by_on=None,
    decided_on=None,
    published_on=None,
)
ADOPTED = AdoptionFacts(PILOT.id, CHALLENGE.id, "Sensors", CAMDEN, date(2026, 1, 5), "", None)
OPEN = replace(CHALLENGE, state=ChallengeState.OPEN, published_on=date(2026, 11, 1))


def of(facts, today=TODAY):
    return {each.code: each for each in rules.of_challenge(facts, law(), today)}


def test_a_route_triggers_its_notices_for_the_lead():
    found = of(CHALLENGE)
    assert {each.body_code for each in found.values()} == {"LDS"}
    assert [found[code].due_on for code in ("uk4", "uk6", "uk7")] == [None, date(2027, 1, 10), None]
    assert {each.state for each in found.values()} == {DutyState.PLANNED}
    told = replace(OPEN, notices={"UK4": Told("012345-2026", date(2026, 10, 30))})
    first = of(told)["uk4"]
    assert (first.state, first.done, first.due_on) == (DutyState.DONE, "012345-2026", date(2026, 10, 30))
    # Agreed on 1 November: that day is the first of 30, so that the last is the 30th.
    agreed = replace(told, state=ChallengeState.PILOT, agreed_on=date(2026, 11, 1), started=True)
    assert of(agreed)["uk6"].state is DutyState.NOW
    assert (of(agreed)["uk7"].due_on, of(agreed)["uk7"].state) == (date(2026, 11, 30), DutyState.UPCOMING)
    assert of(agreed, date(2026, 12, 1))["uk7"].state is DutyState.OVERDUE
    below = replace(agreed, route="below-threshold", gross_pence=20_000_00)
    assert "uk4" not in of(below)
    assert (of(below)["uk7"].due_on, of(below)["uk7"].state) == (None, DutyState.NOW)
    assert [each for each in of(replace(CHALLENGE, route="research-and-development")) if "uk" in each] == []


@pytest.mark.parametrize("state", [ChallengeState.WITHDRAWN, ChallengeState.ENDED])
def test_what_was_given_up_owes_nothing(state):
    assert of(replace(CHALLENGE, state=state)) == {}


def test_days_of_a_statement_pass():
    days = ("responses-due", "showcase", "decision")
    assert [of(OPEN)[code].state for code in days] == [DutyState.UPCOMING] * 3
    late = of(OPEN, date(2027, 1, 11))
    assert [late[code].state for code in days] == [DutyState.DONE, DutyState.DONE, DutyState.OVERDUE]
    judged = of(replace(OPEN, state=ChallengeState.JUDGED), date(2027, 1, 11))
    assert [judged[code].state for code in days] == [DutyState.DONE] * 3


def piloted(facts, today=TODAY):
    return {each.code: (each.body_code, each.due_on, each.state) for each in rules.of_pilot(facts, today)}


def test_whoever_runs_a_pilot_ends_and_publishes_it_and_the_lead_decides():
    assert rules.of_pilot(replace(PILOT, state=PilotState.DRAFT), TODAY) == []
    by = date(2027, 1, 30)
    assert piloted(PILOT) == {
        "pilot-end": ("CMD", date(2026, 12, 1), DutyState.UPCOMING),
        "pilot-decision": ("LDS", by, DutyState.PLANNED),
        "pilot-result": ("CMD", by, DutyState.PLANNED),
    }
    assert piloted(PILOT, date(2026, 12, 2))["pilot-end"][2] is DutyState.OVERDUE
    ended = replace(PILOT, state=PilotState.ENDED, ended_on=date(2026, 12, 3), publish_by_on=date(2027, 2, 1))
    assert piloted(ended)["pilot-end"] == ("CMD", date(2026, 12, 3), DutyState.DONE)
    assert piloted(ended)["pilot-result"] == ("CMD", date(2027, 2, 1), DutyState.UPCOMING)
    assert piloted(ended, date(2027, 2, 2))["pilot-result"][2] is DutyState.OVERDUE
    told = replace(ended, decided_on=date(2027, 1, 5), published_on=date(2027, 1, 6))
    assert {state for _, _, state in piloted(told, date(2027, 3, 1)).values()} == {DutyState.DONE}


def test_who_took_it_on_says_a_year_later_whether_it_is_still_in_use():
    [early] = rules.of_adoption(ADOPTED, TODAY)
    assert (early.body_code, early.due_on, early.state) == ("CMD", date(2027, 1, 5), DutyState.UPCOMING)
    [now] = rules.of_adoption(ADOPTED, date(2027, 1, 5))
    assert now.state is DutyState.NOW
    [said] = rules.of_adoption(replace(ADOPTED, still="no", still_on=date(2027, 1, 8)), date(2027, 2, 1))
    assert (said.state, said.done, said.due_on) == (DutyState.DONE, "No longer in use", date(2027, 1, 8))
    assert early.href == f"/results/{PILOT.id}"
    assert not early.recordable


async def rows(browser, query=""):
    answer = await browser.open(f"/duties.csv{query}")
    lines = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return {(each["duty"], each["council_code"]): each for each in lines if each["challenge"]}


async def test_each_council_reads_its_own_in_the_register_and_in_its_calendar(
    chosen, act, read, browse, cast, sessions_app, owner, statements
):
    pilot_id = await made.ended(act, read, chosen)
    officer, lead = await browse("officer"), await browse("lead")
    page = (await officer.open("/duties")).text
    for told in (
        "Publish the result of the pilot",
        "Decide what becomes of the pilot",
        f"/pilots/{pilot_id}",
    ):
        assert told in page, told
    found = await rows(officer, "?state=all")
    assert found["Record that the pilot ended", "LDS"]["state"] == "Done"
    result = found["Publish the result of the pilot", "LDS"]
    assert result["due_on"] == str(london_today() + timedelta(days=60))
    assert result["pilot_id"] == str(pilot_id)
    # A co-sponsor reads the notices of its lead, and owes nothing by itself.
    assert {code for _, code in await rows(await browse("camden officer"), "?state=all")} <= {"LDS"}
    assert await rows(await browse("outside"), "?state=all") == {}
    record = f"/duties/record?duty=pilot-result&due={result['due_on']}"
    assert (await officer.open(record)).status_code == 404
    async with transaction(sessions_app, cast["officer"].actor) as db:
        dated = await calendar.events(
            db, body_code="LDS", address="https://buy.example.org", today=london_today()
        )
    summaries = [each.summary for each in dated if each.uid.startswith("duty-pilot")]
    assert summaries == [
        "Decide what becomes of the pilot: A listening wall",
        "Publish the result of the pilot: A listening wall",
    ]
    assert len({each.uid for each in dated}) == len(dated)
    await act("leeds", results.decide, pilot_id, decision="scale", reason="It did what was promised")
    await act("officer", results.publish, pilot_id)
    a_year_ago = london_today() - timedelta(days=366)
    said = {"way": "own", "pool_id": None, "words": "Below the threshold", "yearly_gross_pence": 1}
    await act("outside", results.adopt, pilot_id, from_on=a_year_ago, **said)
    asked = await rows(await browse("outside"))
    assert [(key, each["state"]) for key, each in asked.items()] == [
        (("Say whether it is still in use", "MAN"), "Due now")
    ]
    assert ("Say whether it is still in use", "MAN") in await rows(lead)
    await _as_many_statements_for_more(lead, owner, statements)


async def _as_many_statements_for_more(lead, owner, statements):
    statements.clear()
    await lead.open("/duties")
    one = len(statements)
    await owner.execute(
        "create temporary table more as select * from challenge where published_at is not null;"
        "update more set id = gen_random_uuid(); insert into challenge select * from more"
    )
    statements.clear()
    await lead.open("/duties")
    assert len(statements) == one
