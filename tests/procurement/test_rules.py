"""Rules of needs: wording, windows, states, differences, proposals."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules import needs, proposals, wording
from procurement.rules.needs import NeedState, Wanted
from values.refusals import Refused

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TEXTS = st.text(max_size=20)
WANTED = st.builds(
    Wanted,
    title=TEXTS,
    outcomes=TEXTS,
    volume=st.none() | st.integers(0, 10**9),
    budget_low_pence=st.none() | st.integers(0, 10**9),
    earliest_start_on=st.none() | DAYS,
    latest_start_on=st.none() | DAYS,
    contract_id=st.none() | st.uuids(),
    must=st.lists(TEXTS).map(tuple),
    nice=st.lists(TEXTS).map(tuple),
)


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("It must run on Microsoft 365.", "brand", "Microsoft 365"),
        ("Steel made in the UK", "origin", "made in the UK"),
        ("A perpetual licence is needed", "licence", "perpetual licence"),
        ("Comply with BS 8878", "uk_standard", "BS 8878"),
        ("Subscription licence or equivalent", "licence", "Subscription licence"),
    ],
)
def test_restricted_words_are_found_with_their_rule(text, rule, found):
    assert (rule, found) in [(each.rule.code, each.found) for each in wording.findings(text)]
    assert all("section 56" in each.rule.source for each in wording.findings(text))


@pytest.mark.parametrize(
    "text",
    [
        "It must run on Microsoft 365 or equivalent.",
        "Comply with BS 8878 or an equivalent standard",
        "Comply with BS EN ISO 9001",
        "Residents see their balance through windows of the portal",
        "Carers eat an apple in uniform",
    ],
)
def test_words_that_the_law_allows_are_left_alone(text):
    assert wording.findings(text) == []


def test_or_equivalent_excuses_only_its_own_sentence():
    found = wording.findings("Cisco phones or equivalent. Dell laptops.")
    assert [each.found for each in found] == ["Dell"]


@given(WANTED)
def test_a_version_gives_back_what_was_saved(wanted):
    assert Wanted.from_json(wanted.as_json()) == wanted
    assert needs.differences(wanted, wanted) == []


@given(WANTED, WANTED)
def test_what_is_gone_and_what_is_new_change_places(before, after):
    there = [(each.label, sorted(each.gone), sorted(each.new)) for each in needs.differences(before, after)]
    back = [(each.label, sorted(each.new), sorted(each.gone)) for each in needs.differences(after, before)]
    assert there == back


def test_differences_are_line_by_line():
    before = Wanted("A", must=("fast", "safe"))
    found = needs.differences(before, dataclasses.replace(before, must=("fast", "open")))
    assert [(each.label, each.gone, each.new) for each in found] == [("Must have", ("safe",), ("open",))]


def test_differences_name_categories_and_days_as_people_read_them():
    before = Wanted("A", category="gis-systems", earliest_start_on=date(2027, 4, 1))
    after = dataclasses.replace(before, category="library-systems", earliest_start_on=date(2027, 5, 1))
    assert [(each.gone, each.new) for each in needs.differences(before, after)] == [
        (("Mapping and geographic information",), ("Library and archive systems",)),
        (("1 April 2027",), ("1 May 2027",)),
    ]


def test_differences_name_contracts_as_far_as_they_are_known():
    kept, gone = UUID(int=1), UUID(int=2)
    found = needs.differences(
        Wanted("A", contract_id=gone), Wanted("A", contract_id=kept), {kept: "Desks, Brightwater Ltd"}
    )
    assert [(each.gone, each.new) for each in found] == [
        (("A contract that is not kept here any more",), ("Desks, Brightwater Ltd",))
    ]


@given(DAYS, DAYS, DAYS, DAYS)
def test_an_overlap_is_exactly_the_days_that_both_have(a, b, c, d):
    first, second = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    shared = needs.overlap(first, second)
    assert shared == needs.overlap(second, first)
    if shared is None:
        assert first[1] < second[0] or second[1] < first[0]
    else:
        for window in (first, second):
            assert window[0] <= shared[0] <= shared[1] <= window[1]


@given(WANTED)
def test_only_sound_windows_and_titles_pass(wanted):
    early, late = wanted.earliest_start_on, wanted.latest_start_on
    sound = bool(wanted.title.strip()) and not (early and late and late < early)
    try:
        needs.check(wanted)
    except Refused:
        assert not sound
    else:
        assert sound


@given(st.sampled_from(NeedState), st.sampled_from(NeedState))
def test_states_change_only_as_the_table_says(state, to):
    allowed = {("draft", "open"), ("draft", "archived"), ("open", "draft"), ("open", "archived")}
    allowed.add(("archived", "draft"))
    if (state.value, to.value) in allowed:
        needs.check_move(state, to)
    else:
        with pytest.raises(Refused):
            needs.check_move(state, to)


@given(DAYS, DAYS, st.none() | st.integers(0, 120))
def test_a_proposed_window_is_ahead_and_after_the_contract(end_on, today, months):
    found = proposals.window(proposals.Ending(end_on, extension_months=months), today)
    assert found.earliest_start_on > max(end_on, today)
    assert found.earliest_start_on <= found.latest_start_on
    if end_on >= today and not months:
        assert found.latest_start_on == found.earliest_start_on == end_on + timedelta(days=1)


def test_a_missing_end_date_is_asked_for():
    found = proposals.window(proposals.Ending(None), date(2026, 1, 1))
    assert (found.earliest_start_on, found.latest_start_on) == (None, None)
    assert "Enter when it ends" in found.notes[0]


def test_months_end_with_their_month():
    assert proposals.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
