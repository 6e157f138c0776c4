"""Releases: which there are, what each says, and that they fit the schema."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from ocds.rules import ids
from ocds.rules.ids import Publisher
from ocds.rules.processes import Correction
from ocds.rules.records import compile_releases
from ocds.rules.releases import releases
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Engagement, Model
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Change, FileVersion, Place
from tests.ocds import schemas
from tests.ocds.made import (
    ANSWERS,
    AWARDED,
    ENDING,
    EXTENSIONS,
    FILE,
    LATE_ENDING,
    LIVED,
    PUBLISHER,
    SIGNED,
    TENDER,
    TIMES,
    process,
)
from tests.tenders.contents import CRITERION, LOT
from values.refusals import Refused


def names(found):
    return [each.name for each in found]


def test_each_event_makes_a_release_in_its_order():
    found = releases(PUBLISHER, process(ending=ENDING))
    assert names(found) == ["UK4", "answers-1", "answers-3", "UK12"]
    assert [each.body["tag"] for each in found] == [
        ["tender"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["tenderCancellation"],
    ]
    assert len({each.body["id"] for each in found}) == 4
    assert {each.body["ocid"] for each in found} == {f"ocds-xxxxxx-{TENDER}"}


def test_a_release_says_only_what_was_public_by_then():
    found = releases(PUBLISHER, process(ending=ENDING))
    told = [[each["id"] for each in release.body["tender"].get("enquiries", [])] for release in found]
    assert told == [[], ["1", "2"], ["1", "2", "3"], ["1", "2", "3"]]
    assert [each.body["tender"]["status"] for each in found] == ["active", "active", "active", "cancelled"]
    notices = [[d["id"] for d in each.body["tender"]["documents"] if "noticeType" in d] for each in found]
    assert notices == [["UK4"], ["UK4"], ["UK4"], ["UK4", "UK12"]]


def test_a_later_event_does_not_change_an_earlier_release():
    before = releases(PUBLISHER, process(answers=ANSWERS[:2]))
    after = releases(PUBLISHER, process(ending=ENDING))
    assert [each.body for each in after[:2]] == [each.body for each in before]


def test_a_later_deadline_amends_and_leaves_what_was_said_before():
    found = releases(PUBLISHER, process(extensions=EXTENSIONS))
    assert names(found) == ["UK4", "answers-1", "deadline-1", "answers-3", "deadline-2"]
    ends = [each.body["tender"]["tenderPeriod"]["endDate"] for each in found]
    assert ends == [
        "2026-09-23T11:00:00Z",
        "2026-09-23T11:00:00Z",
        "2026-09-30T11:00:00Z",
        "2026-09-30T11:00:00Z",
        "2026-10-02T11:00:00Z",
    ]
    assert [len(each.body["tender"].get("amendments", [])) for each in found] == [0, 0, 1, 1, 2]
    last = found[-1].body["tender"]["amendments"][-1]
    assert (last["rationale"], last["releaseID"]) == ("A second outage", found[-1].body["id"])
    assert last["amendsReleaseID"] == found[-2].body["id"]
    before = releases(PUBLISHER, process(extensions=EXTENSIONS[:1], dates=moved_to(EXTENSIONS[0].due_at)))
    assert [each.body for each in found[:4]] == [each.body for each in before]


def moved_to(due_at):
    return dataclasses.replace(process().content.dates, tenders_due_at=due_at)


def test_all_councils_are_buyers_and_one_leads():
    body = releases(PUBLISHER, process())[0].body
    roles = {party["id"]: party["roles"] for party in body["parties"]}
    assert roles == {"GB-LAE-LDS": ["buyer", "leadBuyer", "procuringEntity"], "GB-LAE-CMD": ["buyer"]}
    assert body["buyer"] == body["tender"]["procuringEntity"]
    assert body["buyer"] == {"id": "GB-LAE-LDS", "name": "Leeds City Council"}


def test_sums_are_with_options_and_gross():
    tender = releases(PUBLISHER, process())[0].body["tender"]
    assert tender["value"] == {"amount": 1_500_000, "amountGross": 1_800_000, "currency": "GBP"}
    assert tender["lots"][0]["value"] == tender["value"]
    odd = dataclasses.replace(LOT, net_pence=12_345, options_pence=None, gross_pence=None)
    tender = releases(PUBLISHER, process(lots=(odd,)))[0].body["tender"]
    assert tender["value"] == {"amount": 123.45, "currency": "GBP"}


def test_weights_of_a_lot_come_to_100():
    lot = releases(PUBLISHER, process())[0].body["tender"]["lots"][0]
    criteria = lot["awardCriteria"]["criteria"]
    assert [each["type"] for each in criteria] == ["quality", "price"]
    assert sum(number["number"] for each in criteria for number in each["numbers"]) == 100


def test_days_of_contracts_end_in_london():
    lot = releases(PUBLISHER, process())[0].body["tender"]["lots"][0]
    period = lot["contractPeriod"]
    assert period == {"startDate": "2027-01-04T00:00:00+00:00", "endDate": "2031-01-03T23:59:59+00:00"}


@pytest.mark.parametrize(
    ("cpv", "kind"), [("48000000", "goods"), ("72000000", "services"), ("45000000", "works"), ("", None)]
)
def test_the_category_follows_the_codes(cpv, kind):
    lot = dataclasses.replace(LOT, cpv=cpv)
    body = releases(PUBLISHER, process(lots=(lot,)))[0].body
    assert body["tender"].get("mainProcurementCategory") == kind
    assert schemas.errors(body) == []


def variants():
    course = process().content.course
    part = dataclasses.replace(CRITERION, number=3, parent=1, title="Speed", weight=Decimal(50))
    fails = dataclasses.replace(CRITERION, number=4, weight=Decimal("33.5"), least=2)
    yield {}
    yield {"extensions": EXTENSIONS}
    yield {"ending": ENDING, "invented": True, "question_times": (), "region_codes": ()}
    yield {"awarded": AWARDED, "question_times": TIMES}
    yield {"awarded": AWARDED, "ending": LATE_ENDING}
    yield {"awarded": AWARDED, "contracts": (SIGNED,)}
    yield {"awarded": AWARDED, "contracts": (LIVED,)}
    yield {"course": dataclasses.replace(course, model=Model.FRAMEWORK, term_reason="Long lived")}
    yield {
        "course": dataclasses.replace(
            course,
            procedure=Procedure.COMPETITIVE_FLEXIBLE,
            kind=ContractKind.CONCESSION,
            stages="First a request",
            urgent=True,
            urgency_reason="A flood",
            light_touch=True,
            preselected=True,
            negotiated=True,
        )
    }
    yield {"course": dataclasses.replace(course, procedure=Procedure.BELOW_THRESHOLD, documents_later=True)}
    yield {"engagement": Engagement.REASON, "engagement_words": "Too urgent"}
    yield {"engagement": Engagement.NOTICE, "engagement_words": "000111-2026"}
    yield {"engagement": None, "lots": (), "criteria": (), "requirements": (), "buyers": (), "method": ""}
    yield {"criteria": (CRITERION, part, fails)}
    yield {"lots": (LOT, dataclasses.replace(LOT, number=2, low_units=None, tier_starts=(0,), unit=""))}


@pytest.mark.parametrize("changes", list(variants()))
def test_every_release_fits_the_merged_schema_and_has_no_field_that_it_does_not_know(changes):
    for release in releases(PUBLISHER, process(**changes)):
        assert schemas.errors(release.body) == []
        assert schemas.unknown_fields(release.body) <= UNCHECKED
        assert None not in _values(release.body)
        json.dumps(release.body, allow_nan=False)


# Of the extensions for questions, suitability and failures, whose schemas are not among those that we hold.
UNCHECKED = {
    "/tender/enquiries",
    "/tender/lots/suitability",
    "/contracts/implementation/performanceFailures",
}


def _values(thing):
    if isinstance(thing, dict):
        for each in thing.values():
            yield from _values(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from _values(each)
    else:
        yield thing


def test_what_was_considered_is_never_said():
    text = json.dumps([each.body for each in releases(PUBLISHER, process(ending=ENDING))])
    considered = process().content.considered
    for secret in (considered.small_firms, considered.conflicts):
        assert secret not in text


@pytest.mark.parametrize("prefix", ["", "ocds-", "ocds-ABCDEF", "ocds-abcdefg", "abcdef", "ocds-h6vhtk"])
def test_a_prefix_that_cannot_be_ours_is_refused(prefix):
    with pytest.raises(Refused):
        ids.check_prefix(prefix)


def test_the_placeholder_does_not_claim_to_be_registered():
    assert not ids.is_registered(ids.check_prefix(ids.PLACEHOLDER))
    assert ids.is_registered(ids.check_prefix("ocds-a1b2c3"))


def test_only_our_own_ocids_are_known():
    ours = ids.ocid(PUBLISHER, TENDER)
    assert ids.tender_of(PUBLISHER, ours) == TENDER
    for other in (
        ours.upper(),
        ours + "0",
        "ocds-xxxxxx-",
        f"ocds-h6vhtk-{TENDER}",
        f"ocds-xxxxxx-{TENDER.hex}",
    ):
        assert ids.tender_of(PUBLISHER, other) is None
    assert ids.tender_of(Publisher("ocds-a1b2c3", ""), ours) is None


CORRECTED = Correction(
    2,
    "A slip of the pen",
    (
        Change(Place.LOT, 1, "gross_pence", "170000000", str(LOT.gross_pence)),
        Change(Place.CRITERION, 1, "description", "How fast", CRITERION.description),
        Change(
            Place.DOCUMENT,
            1,
            "file",
            FileVersion("draft.pdf", "pdf", 1, "cd" * 32, 9).text,
            FileVersion("contract.pdf", "pdf", 2, "ab" * 32, 10).text,
        ),
    ),
    "022345-2026",
    ANSWERS[0].published_at + timedelta(hours=1),
    ANSWERS[0].published_at + timedelta(hours=2),
)


def test_a_correction_amends_and_leaves_what_was_said_before():
    file = dataclasses.replace(FILE, version=2)
    now = process(corrections=(CORRECTED,), files=[file])
    found = releases(PUBLISHER, now)
    assert names(found) == ["UK4", "answers-1", "correction-2", "answers-3"]
    earlier = dataclasses.replace(FILE, name="draft.pdf", sha256="cd" * 32, size=9)
    content = places.undone(now.content, CORRECTED.changes)
    before = releases(PUBLISHER, dataclasses.replace(now, content=content, files=[earlier], corrections=()))
    assert [each.body for each in found[:2]] == [each.body for each in before[:2]]
    body = found[2].body
    assert schemas.errors(body) == []
    assert schemas.unknown_fields(body) <= UNCHECKED
    (amendment,) = body["tender"]["amendments"]
    assert amendment == {
        "id": "1",
        "date": "2026-09-10T10:30:00Z",
        "description": "Corrected: Lot 1: value with VAT, options and extensions; Criterion 1: description; "
        "Document 1: version",
        "rationale": "A slip of the pen",
        "amendsReleaseID": found[1].body["id"],
        "releaseID": body["id"],
    }
    notice, again, paper = body["tender"]["documents"]
    assert (notice["id"], again["id"], again["noticeType"]) == ("UK4", "correction-2", "UK4")
    assert (paper["datePublished"], paper["buyTogether"]["version"]) == ("2026-09-10T10:30:00Z", 2)
    assert compile_releases(found)["tender"]["lots"] == found[-1].body["tender"]["lots"]
