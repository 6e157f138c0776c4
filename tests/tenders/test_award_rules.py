"""Ties against points worked by hand, draws that can be computed again, texts that are withheld, limits."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.overrides import Override
from suppliers.rules import Declared, Registered, Size
from tenders.rules import award_facts, awarding, notices, ties, withholding
from tenders.rules.award_facts import AwardFacts, Counted, Named, Won
from tenders.rules.fingerprints import fingerprint
from tenders.rules.notices import Code
from tenders.rules.states import TenderState
from tenders.rules.withholding import Ground
from tests.tenders.contents import WHOLE
from values.refusals import Refused

TITLES = {"a": "Ease of use", "b": "Leaving"}


def kept(points, weights=(("a", "40.00"), ("b", "20.00"), ("price", "40.00"))):
    """One lot in which all of these bids have the same total; `points`: bid → criterion → points."""
    return {
        "lots": [
            {
                "lot": "L",
                "weights": dict(weights),
                "best": list(points),
                "standings": [{"bid": number, "points": said} for number, said in points.items()],
            }
        ]
    }


# 80 points each: 1 is cheaper, 2 and 3 are better; of these 3 is better at what weighs most.
EQUAL = {
    "1": {"a": "30.00", "b": "10.00", "price": "40.00"},
    "2": {"a": "30.00", "b": "15.00", "price": "35.00"},
    "3": {"a": "35.00", "b": "10.00", "price": "35.00"},
}


@pytest.mark.parametrize(
    ("rule", "bids", "left", "by"),
    [
        ("quality", "123", ("3",), "More points for “Ease of use”"),
        ("quality", "12", ("2",), "More points for quality in all"),
        ("heaviest", "12", ("2",), "More points for “Leaving”"),
        ("heaviest", "13", ("3",), "More points for “Ease of use”"),
        ("lot", "123", ("1", "2", "3"), "The rule leaves them equal"),
        ("", "12", ("1", "2"), ties.NO_RULE),
    ],
)
def test_the_published_rule_breaks_a_tie(rule, bids, left, by):
    (tie,) = ties.ties(kept({number: EQUAL[number] for number in bids}), rule, TITLES)
    assert (tie.left, tie.by) == (left, by)
    assert tie.needs_draw == (rule == "lot")


def test_a_tie_that_nothing_breaks_awards_nothing():
    made = kept({"1": EQUAL["1"], "2": EQUAL["1"]})
    found = ties.ties(made, "quality", TITLES)
    assert ties.winners(made, found, {}) == {}
    assert ties.winners(made, found, {"L": "2"}) == {"L": "2"}
    # What was drawn between others counts for nothing.
    assert ties.winners(made, found, {"L": "7"}) == {}
    with pytest.raises(Refused, match="Draw a lot between them"):
        awarding.check_settled({}, found)
    with pytest.raises(Refused, match="published no rule"):
        awarding.check_settled({}, ties.ties(made, "", TITLES))
    with pytest.raises(Refused, match="No bid can be awarded"):
        awarding.check_settled({}, [])


@given(st.dictionaries(st.text("123456", min_size=1, max_size=1), st.integers(0, 3), min_size=2))
def test_a_rule_never_leaves_a_bid_that_another_beats(marks):
    points = {number: {"a": str(Decimal(mark)), "b": "1", "price": "0"} for number, mark in marks.items()}
    for rule in ("quality", "heaviest"):
        (tie,) = ties.ties(kept(points), rule, TITLES)
        assert set(tie.left) == {number for number, mark in marks.items() if mark == max(marks.values())}


def test_a_draw_can_be_computed_again_and_favours_nobody():
    digest = bytes(32)
    found = Counter(ties.drawn_from(["1", "2", "3"], number.to_bytes(32), digest) for number in range(3000))
    assert set(found) == {"1", "2", "3"}
    assert max(found.values()) - min(found.values()) < 200


SUMMARY = {
    "lots": [
        {
            "lot": "Library system",
            "own": [{"title": "Ease of use", "mark": "3", "reason": "Five minutes"}],
            "winning": [
                {"title": "Ease of use", "mark": "5", "reason": "Its own index of 40 million records"},
                {"title": "Price", "mark": "", "reason": "By the published formula"},
            ],
        }
    ]
}


def test_what_is_withheld_is_said_with_its_ground_and_own_marks_stay():
    assert withholding.offered([SUMMARY]) == [("Library system", "Ease of use")]
    words = withholding.instead(Ground.COMMERCIAL)
    made, found = withholding.replaced(SUMMARY, "Library system", "Ease of use", words)
    assert found == "Its own index of 40 million records"
    assert found not in str(made)
    assert "section 94(2)" in made["lots"][0]["winning"][0]["reason"]
    assert made["lots"][0]["winning"][0]["mark"] == "5"
    assert made["lots"][0]["own"] == SUMMARY["lots"][0]["own"]
    assert withholding.offered([made]) == []
    assert withholding.replaced(made, "Library system", "Ease of use", words)[1] == ""


def test_an_approver_answers_for_no_more_than_their_limit():
    awarding.check_limit(95, 95)
    awarding.check_limit(None, 0)
    with pytest.raises(Refused, match="an approver with a higher limit"):
        awarding.check_limit(96, 95)
    with pytest.raises(Refused, match="Nobody has set"):
        awarding.check_limit(1, None)


def test_below_the_threshold_no_award_notice_and_no_standstill_are_owed():
    assert notices.due(TenderState.AWARDED, published=True) is Code.AWARD
    assert notices.due(TenderState.AWARDED, published=True, below=True) is None
    with pytest.raises(Refused, match="no contract award notice is owed"):
        notices.check_due(Code.AWARD, TenderState.AWARDED, published=True, below=True)
    today = date(2026, 12, 1)
    awarding.check_sign(today, None, today, suspended=False, free=True)
    with pytest.raises(Refused, match="award notice comes first"):
        awarding.check_sign(today, None, today, suspended=False)
    with pytest.raises(Refused, match="Standstill runs"):
        awarding.check_sign(today, today, today, suspended=False, free=True)


def test_a_day_in_place_of_the_tables_is_part_of_what_is_approved():
    one = {"tenders-due": Override(date(2026, 12, 1), "Olga Officer", "Christmas")}
    other = {"tenders-due": dataclasses.replace(one["tenders-due"], reason="Easter")}
    found = {fingerprint(WHOLE), fingerprint(WHOLE, one), fingerprint(WHOLE, other)}
    assert len(found) == 3
    assert fingerprint(WHOLE, {}) == fingerprint(WHOLE)


NORTHMOOR = Named(
    "1", "Northmoor Ltd", Declared(Size.MEDIUM, voluntary=True), Registered("00123456", ppon="PBBB-1111-DDDD")
)
GRANTVALE = Named("2", "Grantvale plc", Declared(Size.LARGE, voluntary=False), Registered("SC123456"))
QUIET = Named("3", "Quiet Ltd")


def test_tenders_are_counted_by_what_their_suppliers_declared_and_who_did_not_is_said():
    counted = award_facts.counted(each.declared for each in (NORTHMOOR, GRANTVALE, QUIET))
    assert counted == Counted(small=1, small_unsaid=1, voluntary=1, voluntary_unsaid=1)
    won = Won(1, "1", "Northmoor Ltd", 100, "2026-11-03T10:00:00+00:00", (NORTHMOOR,))
    facts = AwardFacts("2026-11-04T10:00:00+00:00", 4, 3, (won,), (GRANTVALE, QUIET), counted)
    fields = {each.name: each for each in award_facts.fields(facts)}
    said = {name: each.value for name, each in fields.items()}
    assert said["Identifier of the supplier"] == (
        "Northmoor Ltd: Companies House 00123456, Central platform PBBB-1111-DDDD"
    )
    assert fields["Identifier of the supplier"].finding == ""
    assert "known of Quiet Ltd. Ask the firm" in fields["Assessed and not chosen"].finding
    assert said["Size and kind of the supplier"] == (
        "Northmoor Ltd: medium-sized; voluntary, community or social enterprise"
    )
    assert said["Tenders assessed from small and medium-sized enterprises"] == (
        "1, and 1 from suppliers that have not declared it"
    )
    assert said["Assessed and not chosen"] == (
        "Grantvale plc (Companies House SC123456): large\nQuiet Ltd (number not declared): not declared"
    )
    kept = json.loads(json.dumps(award_facts.as_json(facts)))
    assert award_facts.from_json(kept) == facts


def test_facts_of_a_notice_of_before_firms_declared_their_size_still_read():
    won = {"number": 1, "supplier_id": "1", "supplier": "Northmoor Ltd", "net_pence": 100, "decided_at": "x"}
    kept = {"told_at": "x", "received": 2, "assessed": 2, "won": [won], "lost": [["3", "Quiet Ltd"]]}
    facts = award_facts.from_json(kept)
    assert (facts.won[0].suppliers, facts.lost, facts.counted) == ((), (QUIET,), None)
    assert [each.name for each in award_facts.fields(facts)][1:] == ["Assessed and not chosen"]
