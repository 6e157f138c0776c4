"""Which lines may not go together, and why two needs do, in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules import conflicts, matching
from procurement.rules.matching import Side

LINES = st.lists(
    st.sampled_from(
        [
            "Hosted in the cloud",
            "Must run on premises",
            "Must not be hosted in the cloud",
            "Single sign-on with SAML",
            "OpenID Connect for staff",
            "Exports as CSV",
            "Exports as XML",
            "Support 24/7",
            "Support in office hours",
            "Must have push messages",
            "Must not have push messages",
            "Staff learn it in a day",
        ]
    ),
    max_size=6,
).map(tuple)


@pytest.mark.parametrize(
    ("own", "other", "about"),
    [
        ("Must run on premises", "Delivered as SaaS", "where it runs"),
        ("Must not be hosted in the cloud", "Cloud hosting", "where it runs"),
        ("All data must be hosted in the UK", "Data may be held anywhere", "where data is kept"),
        ("Single sign-on with SAML 2.0", "Staff sign in with OpenID Connect", "how people sign in"),
        ("Data is exported as CSV", "Exports in XML", "format of exports"),
        ("Support 24/7", "Support Monday to Friday, 9am to 5pm", "hours of support"),
        ("A dedicated instance", "Multi-tenant service", "shared or own installation"),
        ("The service must send letters", "The service must not send letters", "opposite requirements"),
        ("A plug-in is required", "No plug-in is required", "opposite requirements"),
    ],
)
def test_lines_that_may_not_go_together_are_found_with_both_texts(own, other, about):
    found = conflicts.conflicts([own], [other])
    assert [(each.about, each.own, each.other) for each in found] == [(about, own, other)]


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Hosted in the cloud", "Supplier hosted"),
        ("Single sign-on with SAML or OpenID Connect", "OpenID Connect"),
        ("Exports as CSV", "Exports as CSV and XML"),
        ("Support in office hours", "Staff learn it in a day"),
        ("Must not be hosted in the cloud", "Must run on premises"),
        ("Data is held in the UK", "Data must stay in the UK"),
        ("The rain in Spain", "Residents pay by card"),
    ],
)
def test_lines_that_go_together_are_left_alone(own, other):
    assert conflicts.conflicts([own], [other]) == []


@given(LINES, LINES)
def test_a_conflict_is_seen_from_both_sides(own, other):
    there = {(each.about, each.own, each.other) for each in conflicts.conflicts(own, other)}
    back = {(each.about, each.other, each.own) for each in conflicts.conflicts(other, own)}
    assert {each[0] for each in there} == {each[0] for each in back}
    assert all(mine in own and theirs in other for _, mine, theirs in there)


@given(LINES)
def test_what_two_ask_alike_is_told_once_a_topic(lines):
    told = conflicts.agreements(lines, lines)
    assert len(told) == len({words.split(":")[0] for words in told})


def side(**changes) -> Side:
    usual = {
        "category": "gis-systems",
        "region": "E12000003",
        "earliest_start_on": date(2027, 4, 1),
        "latest_start_on": date(2027, 9, 30),
        "volume": 100,
        "unit": "named user",
        "lines": (),
    }
    return Side(**{**usual, **changes})


def test_reasons_are_told_in_words():
    other = side(earliest_start_on=date(2027, 8, 1), latest_start_on=date(2028, 1, 1), volume=420)
    own = side(lines=("Exports as CSV", "Must run on premises"))
    told = matching.reasons(own, side(), 0.9).words
    assert told == (
        "Same category",
        "The texts are very much alike",
        "Both could start from 1 April 2027 to 30 September 2027",
        "Volumes of the same size",
        "Both councils lie in one region",
    )
    told = matching.reasons(own, other, 0.4)
    assert "Both could start from 1 August 2027 to 30 September 2027" in told.words
    assert "The other volume is about 4 times larger" in told.words
    assert "The texts are partly alike" in told.words
    assert told.conflicts == ()
    late = side(
        category="hosting-cloud",
        region=None,
        earliest_start_on=date(2028, 1, 1),
        latest_start_on=date(2028, 3, 1),
        volume=None,
        lines=("CSV files", "Cloud only"),
    )
    told = matching.reasons(own, late, 0.1)
    assert told.words == (
        "Another category of the same group",
        "The texts have little in common",
        "The windows do not meet: about 3 months lie between them",
        "Both ask the same on format of exports: CSV",
    )
    assert [each.about for each in told.conflicts] == ["where it runs"]


@given(LINES, LINES, st.floats(-1, 1))
def test_features_are_the_same_from_both_sides_and_between_nothing_and_one(own, other, cosine):
    first, second = side(lines=own), side(lines=other, volume=7, region=None)
    there = matching.of_one(matching.features(first, [second], [cosine]), 0)
    back = matching.of_one(matching.features(second, [first], [cosine]), 0)
    assert there == pytest.approx(back)
    assert all(0 <= feature <= 1 for feature in there)
