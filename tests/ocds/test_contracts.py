"""What became of a contract: said from the notice on that tells it, and nothing that none does."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import ocdsmerge
import pytest

from ocds.rules import amendments, performance
from ocds.rules.records import compile_releases
from ocds.rules.releases import releases
from tenders.rules.contracts import ending, performing
from tests.ocds import schemas
from tests.ocds.made import AWARDED, BREACH, CHANGE, LIVED, OPENED, PUBLISHER, SIGNED, WINNERS, process


@pytest.fixture(scope="module")
def found():
    return releases(PUBLISHER, process(awarded=AWARDED, contracts=(LIVED,)))


def said(found, name):
    (contract,) = next(each for each in found if each.name.startswith(name)).body["contracts"]
    return contract


def test_each_notice_and_each_publication_of_payments_is_a_release_of_its_own(found):
    tags = [each.body["tag"] for each in found[-7:]]
    assert tags == [
        ["awardUpdate", "contract"],
        ["implementation"],
        ["implementation"],
        ["implementationUpdate"],
        ["contractAmendment"],
        ["implementation"],
        ["contractTermination"],
    ]
    assert found[-4].name == f"payments-{LIVED.information[0].id}"


def test_indicators_are_said_as_assessed_and_a_later_word_on_the_same_period_stands(found):
    assert "implementation" not in said(found, "UK7")
    first, last = said(found[-6:-5], "UK9"), said(found, "UK11")
    for contract, value, code in ((first, "99 %", "slightlyBelow"), (last, "98 %", "below")):
        (metric,) = contract["implementation"]["metrics"]
        (observation,) = metric["observations"]
        assert (metric["id"], metric["title"], observation["measure"]) == ("1", "Available", value)
        assert observation["measureClassification"]["id"] == code
        assert observation["period"]["endDate"] == "2027-12-31T23:59:59+00:00"
        assert observation["notes"] == "Target: 99.5 %"
    assert set(performance.RATINGS) == set(performing.RATING_WORDS)


@pytest.mark.parametrize(
    ("consequence", "there", "absent"),
    [
        ("damages", {"penaltyType": "imposed", "penaltyDate": "2028-02-01T00:00:00+00:00"}, "decisionDate"),
        ("settlement", {"penaltyType": "negotiated"}, "decisionDate"),
        ("partly-terminated", {"partialTermination": BREACH.words}, "penaltyType"),
        ("not-improved", {"decisionDate": "2028-02-01T00:00:00+00:00"}, "penaltyDate"),
        ("terminated", {"penaltyDate": "2028-02-01T00:00:00+00:00"}, "penaltyType"),
    ],
)
def test_a_failure_says_its_consequence_and_guesses_none(consequence, there, absent):
    failed = dataclasses.replace(BREACH, consequence=consequence)
    notice = dataclasses.replace(
        LIVED.notices[2], facts=dataclasses.replace(LIVED.notices[2].facts, failures=(failed,))
    )
    (failure,) = performance.failures([notice, notice], [{"id": "s"}])
    assert there.items() <= failure.items()
    assert absent not in failure
    assert failure["suppliers"] == [{"id": "s"}]
    assert BREACH.words in failure["description"]


def test_a_payment_is_said_once_it_was_published_with_who_paid_whom(found):
    assert "transactions" not in said(found[-5:-4], "UK9")["implementation"]
    (paid,) = said(found, "payments")["implementation"]["transactions"]
    assert paid["value"] == {"amountGross": 40_000, "currency": "GBP"}
    assert (paid["date"], paid["payer"]["id"], paid["payee"]["name"]) == (
        "2028-03-01T00:00:00+00:00",
        "GB-LAE-CMD",
        "Winners Ltd",
    )
    assert paid["buyTogether"]["reference"] == "0123-P"
    early = dataclasses.replace(LIVED.information[0], recorded_at=OPENED + timedelta(days=79))
    before = releases(
        PUBLISHER, process(awarded=AWARDED, contracts=(dataclasses.replace(LIVED, information=(early,)),))
    )
    assert not any(each.name.startswith("payments") for each in before)


def test_a_change_is_proposed_until_a_later_notice_says_that_it_was_made(found):
    proposed, made = said(found, "UK10"), said(found[-2:], "UK9")
    (one,) = proposed["proposedAmendments"]
    assert "amendments" not in proposed
    assert proposed["value"]["amountGross"] == SIGNED.value_gross_pence / 100
    assert (made["proposedAmendments"], made["amendments"]) == ([], [one])
    assert made["value"] == one["value"] == {"amountGross": 1_187_654, "currency": "GBP"}
    assert made["period"]["endDate"] == one["period"]["endDate"] == "2032-01-03T23:59:59+00:00"
    # The extensions that were agreed first end before that.
    assert "maxExtentDate" in proposed["period"]
    assert "maxExtentDate" not in made["period"]
    assert (one["description"], one["rationale"]) == (CHANGE.words, CHANGE.reason)
    assert one["rationaleClassifications"] == [
        {"scheme": "buyTogether", "id": "restructuring", "description": "Transfer on corporate restructuring"}
    ]
    assert one["releaseID"] == found[-3].body["id"]


def test_a_supplier_that_follows_another_is_a_party_and_the_other_was_removed(found):
    (one,) = said(found, "UK10")["proposedAmendments"]
    (added,), (removed,) = one["suppliersAdded"], one["suppliersRemoved"]
    assert (added["name"], removed["id"]) == ("Heirs Ltd", f"supplier-{WINNERS.id}")
    for release, roles, gone in ((found[-3], None, False), (found[-2], ["supplier"], True)):
        parties = {party["id"]: party for party in release.body["parties"]}
        assert parties[added["id"]].get("roles") == roles
        assert ("removedSupplier" in parties[removed["id"]]["roles"]) is gone
        assert "supplier" in parties[removed["id"]]["roles"]


def test_an_end_says_how_it_came(found):
    contract = said(found, "UK11")
    assert contract["status"] == "terminated"
    assert contract["terminationRationaleClassifications"] == [
        {"scheme": "buyTogether", "id": "agreed", "description": ending.KINDS["agreed"].words}
    ]
    assert contract["buyTogether"]["endedOn"] == "2029-02-20T00:00:00+00:00"
    assert "terminationRationaleClassifications" not in said(found[-2:], "UK9")


def test_the_record_is_what_the_library_makes_of_it_and_proposes_nothing_any_more(found):
    compiled = compile_releases(found)
    merger = ocdsmerge.Merger(schemas.release_schema())
    assert compiled == merger.create_compiled_release([each.body for each in found])
    (contract,) = compiled["contracts"]
    assert contract["proposedAmendments"] == []
    assert len(contract["amendments"]) == 1


def test_a_change_of_before_notices_kept_what_they_tell_stays_an_amendment():
    found = amendments.changes(SIGNED.notices)
    assert (found.waiting, [each.code for each in found.made], found.last) == ([], ["UK10"], None)
