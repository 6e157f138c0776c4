"""The award stage: nothing before the award notice, and then what it told and no more."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from ocds.queries import events, processes
from ocds.queries.events import Wanted
from ocds.rules.records import compile_releases
from ocds.rules.releases import releases
from store.db import transaction
from tenders.actions.demonstration_bidders import BIDDERS
from tenders.actions.demonstration_contracts import WORDS
from tenders.actions.demonstration_panel import OFFICER, account
from tenders.models import AssessmentSummary, OpenedContent, Tender
from tenders.queries import assessments
from tests.databases import TESTER, connected
from tests.ocds import schemas
from tests.ocds.made import (
    ANSWERS,
    AWARDED,
    LATE_ENDING,
    OPENED,
    PUBLISHER,
    SIGNED,
    TIMES,
    WINNERS,
    process,
)
from tests.ocds.made import told as told_of
from values.actors import PUBLIC


def test_an_award_is_said_from_its_notice_on_and_not_before():
    found = releases(PUBLISHER, process(awarded=AWARDED))
    assert [each.name for each in found][-1] == "UK6"
    before, last = found[-2].body, found[-1].body
    assert not {"awards", "bids"} & set(before)
    assert last["tag"] == ["award"]
    (award,) = last["awards"]
    assert (award["status"], award["value"]) == ("pending", {"amount": 1_234_567.89, "currency": "GBP"})
    assert [each["name"] for each in award["suppliers"]] == ["Winners Ltd", "Helpers"]
    assert award["standstillPeriod"]["endDate"] == "2026-11-17T23:59:59+00:00"
    counts = last["bids"]["statistics"]
    assert {each["id"]: each["value"] for each in counts} == {
        "bids": 3,
        "finalStageBids": 2,
        "smeFinalStageBids": 1,
        "vcseFinalStageBids": 0,
    }
    assert {each.get("notes") for each in counts[2:]} == {
        "Not counted: 1 from suppliers that have not declared it"
    }
    parties = {party["name"]: party for party in last["parties"]}
    for name in ("Winners Ltd", "Helpers"):
        assert parties[name]["roles"] == ["supplier", "tenderer"]
    assert parties["Second plc"]["roles"] == ["tenderer"]
    assert parties["Winners Ltd"]["details"] == {
        "scale": "small",
        "vcse": False,
        "publicServiceMissionOrganization": True,
    }
    assert parties["Winners Ltd"]["identifier"] == {
        "scheme": "GB-COH",
        "id": "00123456",
        "legalName": "Winners Ltd",
    }
    assert parties["Winners Ltd"]["additionalIdentifiers"] == [
        {"scheme": "GB-CHC", "id": "1049226"},
        {"scheme": "GB-PPON", "id": "PBBB-1111-DDDD"},
    ]
    # One that has declared no number has its name alone.
    assert parties["Helpers"]["identifier"] == {"legalName": "Helpers"}
    assert "additionalIdentifiers" not in parties["Helpers"]
    assert parties["Helpers"]["details"] == {"scale": "micro", "vcse": True, "shelteredWorkshop": True}
    # What a supplier has not declared is not there.
    assert "details" not in parties["Second plc"]
    assert schemas.errors(last) == []
    assert not any("details" in path for path in schemas.unknown_fields(last))
    assert [each.body for each in found[:-1]] == [each.body for each in releases(PUBLISHER, process())]


def test_a_termination_after_the_award_cancels_it():
    found = releases(PUBLISHER, process(awarded=AWARDED, ending=LATE_ENDING))
    assert [each.name for each in found][-2:] == ["UK6", "UK12"]
    assert [each.body["awards"][0]["status"] for each in found[-2:]] == ["pending", "cancelled"]
    assert compile_releases(found)["awards"][0]["status"] == "cancelled"


def test_a_later_time_for_questions_is_a_release_of_its_own_and_changes_no_earlier_one():
    before = releases(PUBLISHER, process(answers=ANSWERS[:2]))
    after = releases(PUBLISHER, process(answers=ANSWERS[:2], question_times=TIMES))
    assert [each.name for each in after] == ["UK4", "answers-1", "questions-1"]
    assert [each.body for each in after[:2]] == [each.body for each in before]
    ends = [each.body["tender"]["enquiryPeriod"]["endDate"] for each in after]
    assert ends == ["2026-09-21T08:30:00Z", "2026-09-21T08:30:00Z", "2026-09-23T08:30:00Z"]


def test_a_contract_is_said_from_its_details_notice_to_its_end():
    found = releases(PUBLISHER, process(awarded=AWARDED, contracts=(SIGNED,)))
    lived = found[-4:]
    assert [each.body["tag"] for each in lived] == [
        ["awardUpdate", "contract"],
        ["implementation"],
        ["contractAmendment"],
        ["contractTermination"],
    ]
    assert [each.body["contracts"][0]["status"] for each in lived] == ["active"] * 3 + ["terminated"]
    assert [each.body["awards"][0]["status"] for each in found[-5:]] == ["pending"] + ["active"] * 4
    assert "contracts" not in found[-5].body
    (contract,) = compile_releases(found)["contracts"]
    assert (contract["awardID"], contract["dateSigned"]) == ("1", "2026-11-20T00:00:00+00:00")
    assert contract["value"] == {"amountGross": 987_654, "currency": "GBP"}
    assert contract["buyTogether"]["buyer"]["id"] == "GB-LAE-CMD"
    assert contract["amendments"][0]["releaseID"] == lived[2].body["id"]
    assert [each["noticeType"] for each in contract["documents"]] == ["UK7", "UK10", "UK11"]
    assert contract["implementation"]["documents"][0]["noticeType"] == "UK9"
    assert "implementation" not in lived[0].body["contracts"][0]


def test_below_the_threshold_the_first_contract_of_a_lot_tells_of_the_award():
    decided = OPENED + timedelta(days=70)
    own = {"supplier_id": "5a1f", "supplier": "Winners Ltd", "decided_at": decided, "suppliers": (WINNERS,)}
    first = dataclasses.replace(SIGNED, **own)
    later = dataclasses.replace(first, id=UUID(int=77), body_code="LDS", notices=(told_of("UK7", 9, 90),))
    found = releases(PUBLISHER, process(contracts=(first, later)))
    lived = found[-5:]
    assert [each.body["tag"] for each in lived[:2]] == [["award", "contract"], ["awardUpdate", "contract"]]
    assert "awards" not in found[-6].body
    (award,) = lived[0].body["awards"]
    assert (award["id"], award["status"], award["date"]) == ("1", "active", "2026-11-16T08:30:00Z")
    assert award["value"] == {"amountGross": 987_654, "currency": "GBP"}
    assert lived[1].body["awards"][0]["value"]["amountGross"] == 2 * 987_654
    assert {each["awardID"] for each in lived[1].body["contracts"]} == {award["id"]}
    party = next(each for each in lived[0].body["parties"] if each["id"] == award["suppliers"][0]["id"])
    assert party["roles"] == ["supplier", "tenderer"]
    assert party["details"]["scale"] == "small"
    for each in lived:
        assert schemas.errors(each.body) == []


def test_a_contract_without_a_details_notice_is_not_said():
    unsaid = dataclasses.replace(SIGNED, notices=SIGNED.notices[1:])
    found = releases(PUBLISHER, process(awarded=AWARDED, contracts=(unsaid,)))
    assert [each.name for each in found][-1] == "UK6"
    assert not any("contracts" in each.body for each in found)


@pytest.fixture
async def told(demonstration_world, world_app):
    """Releases of the demonstration world as the public makes them, by the state of the tender."""
    async with connected(demonstration_world.jobs) as jobs, transaction(jobs, TESTER) as db:
        states = {row.id: row.state for row in await db.execute(select(Tender.id, Tender.state))}
    async with transaction(world_app, PUBLIC) as db:
        found = await processes.processes(db, list(states))
        listed = await events.events(db, Wanted(), limit=100)
    made = {states[each.tender_id]: releases(PUBLISHER, each) for each in found}
    names = {(each.tender_id, each.name, each.at) for each in listed}
    own = {(each.tender_id, one.name, one.at) for each in found for one in made[states[each.tender_id]]}
    assert names == own
    return made


async def test_who_bid_and_who_won_is_said_where_the_notice_is_public_and_nowhere_else(told):
    for state, found in told.items():
        text = json.dumps([each.body for each in found])
        named = {each.name for each in BIDDERS if each.name in text}
        # One tender has two lots, of which one supplier wins one.
        winners = {"contracts": {BIDDERS[1]}, "standstill": {BIDDERS[0], BIDDERS[2]}}.get(state, set())
        assert named == {each.name for each in winners}, state
        scales = {
            party["name"]: party["details"]["scale"]
            for party in found[-1].body["parties"]
            if party["name"] in named
        }
        assert scales == {each.name: each.declared.size for each in winners}


async def test_only_the_contract_whose_details_are_published_is_said(told):
    signed = {state: found[-1].body.get("contracts", []) for state, found in told.items()}
    assert [each["buyTogether"]["buyer"]["id"] for each in signed.pop("contracts")] == ["GB-LAE-LDS"]
    assert not any(signed.values())


async def test_the_change_of_a_contract_is_proposed_by_its_notice_until_a_later_one_says_it_was_made(told):
    (contract,) = told["contracts"][-1].body["contracts"]
    (change,) = contract["proposedAmendments"]
    assert change["description"] == WORDS
    assert change["value"]["amountGross"] > contract["value"]["amountGross"]
    assert "amendments" not in contract


async def test_no_price_mark_or_answer_of_a_bid_is_said_but_the_value_of_the_award(
    told, demonstration_world, world_app
):
    text = json.dumps([each.body for found in told.values() for each in found])
    async with connected(demonstration_world.owner) as owner, transaction(owner, TESTER) as db:
        contents = (await db.scalars(select(OpenedContent.content))).all()
        summaries = (await db.scalars(select(AssessmentSummary.content))).all()
    numbers = {float(each) for each in re.findall(r"\d+(?:\.\d+)?", text)}
    assert len(contents) > 6
    assert len(summaries) > 4
    for said in contents:
        assert not any(answer in text for answer in said["answers"].values())
        for price in said["prices"].values():
            secret = {price["fixed_pence"], price["fixed_pence"] / 100, price["tiers"][0][1] / 100}
            assert not secret & numbers
    for summary in summaries:
        for lot in summary["lots"]:
            assert all(row["reason"] not in text for row in lot["own"])
    (award,) = told["contracts"][-1].body["awards"]
    async with transaction(world_app, account(OFFICER)) as db:
        tender_id = told["contracts"][-1].body["tender"]["id"]
        made = await assessments.made(db, tender_id)
    assert made
    (lot,) = made.kept["lots"]
    # Compared prices weigh all volumes; the award's value is at the expected one.
    units = {name: count for name, count, _ in lot["volumes"]}["expected"]
    asked = {
        number: (bid["prices"]["fixed_pence"] + bid["prices"]["tiers"][0][1] * units) / 100
        for number, bid in lot["bids"].items()
    }
    assert award["value"]["amount"] == asked.pop(lot["best"][0])
    assert asked
    assert not set(asked.values()) & numbers
