"""What is owed, and by when: days worked out by hand."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules import obligations
from sourcing.rules.law import law
from sourcing.rules.obligations import Contract, Event, Obligation
from sourcing.rules.timetables.asked import Procedure
from tests.sourcing.made import CHRISTMAS, days, make
from values.refusals import Refused

SIGNED = date(2027, 1, 5)
LARGE, SMALL = 6_000_000_00, 1_000_000_00


def owed(until: str = "2029-12-31", **contract: Any) -> list[tuple[str, str]]:
    made = Contract(**{"entered_on": SIGNED, "value_gross_pence": LARGE, **contract})
    found = obligations.of_contract(law(), made, until=date.fromisoformat(until))
    return [(each.notice or each.code, str(each.due_on)) for each in found]


def test_a_large_contract_from_its_signature_to_its_end():
    assert owed(ends_on=date(2029, 1, 31)) == [
        ("UK7", "2027-02-03"),
        ("contract-copy", "2027-04-04"),
        ("UK9", "2028-01-04"),
        ("UK9", "2029-01-04"),
        ("UK9", "2029-01-31"),
        ("UK11", "2029-03-01"),
    ]


def test_a_small_contract_owes_no_copy_and_no_assessments():
    assert owed(value_gross_pence=SMALL) == [("UK7", "2027-02-03")]
    assert owed(value_gross_pence=5_000_000_00) == [("UK7", "2027-02-03")]


def test_light_touch_has_longer_periods_and_no_indicators():
    assert owed(light_touch=True) == [("UK7", "2027-05-04"), ("contract-copy-light-touch", "2027-07-03")]


def test_as_far_as_until_and_no_further():
    assert [notice for notice, _ in owed("2028-01-04")].count("UK9") == 1
    assert [notice for notice, _ in owed("2028-01-03")].count("UK9") == 0
    assert ("UK11", "2029-03-01") not in owed("2029-01-30", ends_on=date(2029, 1, 31))


@pytest.mark.parametrize("exempt", ["framework", "concession", "light_touch"])
def test_indicators_are_for_large_contracts_that_are_none_of_these(exempt: str):
    large = Contract(entered_on=SIGNED, value_gross_pence=LARGE)
    assert obligations.needs_indicators(law(), large)
    spared = Contract(entered_on=SIGNED, value_gross_pence=LARGE, **{exempt: True})
    assert not obligations.needs_indicators(law(), spared)


def test_indicators_that_would_not_fit_are_not_assessed():
    assert "UK9" not in [notice for notice, _ in owed(indicators_apply=False, ends_on=date(2029, 1, 31))]


def test_assessments_were_not_due_before_the_section_was_in_force():
    # A year from a contract of 1 December 2024 ended on 30 November 2025; section 71 began on 1 January 2026.
    found = owed("2026-12-31", entered_on=date(2024, 12, 1))
    assert [due for notice, due in found if notice == "UK9"] == ["2026-11-30"]


def test_user_choice_owes_nothing():
    assert owed(user_choice=True) == []


def test_below_the_threshold_there_is_one_notice_and_no_day():
    assert owed(public=False, value_gross_pence=30_000_00) == [("UK7", "None")]
    assert owed(public=False, value_gross_pence=29_999_99) == []


@pytest.mark.parametrize(
    ("event", "notice", "due"),
    [
        # From 1 June 2026: thirty days, ninety days, thirty days.
        (Event.BREACH, "UK9", "2026-06-30"),
        (Event.BREACH_ENDED_IT, "UK11", "2026-06-30"),
        (Event.CHANGED, "", "2026-08-29"),
        (Event.ENDED, "UK11", "2026-06-30"),
        (Event.NOT_AWARDED, "UK12", "None"),
    ],
)
def test_what_an_event_calls_for(event: Event, notice: str, due: str):
    found = obligations.after(law(), event, date(2026, 6, 1))
    assert (found.notice, str(found.due_on)) == (notice, due)
    assert found.basis.source.startswith("Procurement Act 2023, section")


def test_a_breach_before_the_section_was_in_force_is_refused():
    with pytest.raises(Refused, match="no “breach” that holds on 31 December 2025"):
        obligations.after(law(), Event.BREACH, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("year", "due"),
    [
        (2025, ["UK1 2025-05-26"]),
        (
            2026,
            [
                "UK17 2026-04-29",
                "UK1 2026-05-26",
                "payment-information 2026-07-29",
                "payment-information 2026-10-29",
                "UK17 2026-10-29",
            ],
        ),
        (
            2027,
            [
                "payment-information 2027-01-29",
                "payment-information 2027-04-29",
                "UK17 2027-04-29",
                "UK1 2027-05-26",
                "payment-information 2027-07-29",
                "payment-information 2027-10-29",
                "UK17 2027-10-29",
            ],
        ),
    ],
)
def test_what_a_council_owes_in_a_year(year: int, due: list[str]):
    found = obligations.of_council(law(), date(year, 1, 1), date(year, 12, 31))
    assert [f"{each.notice or each.code} {each.due_on}" for each in found] == due


def test_a_reminder_comes_five_working_days_before():
    # 29 April 2027 is a Thursday: 28 27 26 | 23 22 April.
    found = obligations.of_council(law(), date(2027, 4, 29), date(2027, 4, 29))
    assert {each.remind_on for each in found} == {date(2027, 4, 22)}


@pytest.mark.parametrize(
    ("procedure", "engaged", "notices"),
    [
        (Procedure.OPEN, True, ["UK2", "UK4", "UK6"]),
        (Procedure.COMPETITIVE_FLEXIBLE, False, ["UK4", "UK6"]),
        (Procedure.DYNAMIC_MARKET, False, ["UK4", "UK6"]),
        (Procedure.DIRECT, False, ["UK5", "UK6"]),
        (Procedure.FRAMEWORK, False, ["UK6"]),
        (Procedure.BELOW_THRESHOLD, True, ["UK4"]),
    ],
)
def test_what_a_procurement_owes_before_its_contract(
    *, procedure: Procedure, engaged: bool, notices: list[str]
):
    found = obligations.of_procurement(law(), procedure, on=CHRISTMAS, engaged=engaged)
    assert [each.notice for each in found] == notices


def test_a_user_choice_award_owes_no_notice_before_its_contract():
    found = obligations.of_procurement(law(), Procedure.DIRECT, on=CHRISTMAS, engaged=False, user_choice=True)
    assert found == []


def test_a_timetable_goes_on_to_the_end_of_the_contract():
    found = make(sign=SIGNED, value_gross=LARGE, ends=date(2029, 1, 31))
    life = [(step.name, str(step.on)) for step in found.steps[-4:]]
    assert life == [
        ("contract performance notice due", "2028-01-04"),
        ("contract performance notice due", "2029-01-04"),
        ("contract performance notice due", "2029-01-31"),
        ("contract termination notice due", "2029-03-01"),
    ]
    assert len({step.code for step in found.steps}) == len(found.steps)
    assert days(sign=SIGNED, ends=date(2029, 1, 31))["contract termination notice due"] == "2029-03-01"
    assert "no assessments" in make(sign=SIGNED, ends=date(2029, 1, 31)).warnings[0]


def test_a_contract_does_not_end_before_it_can_be_signed():
    with pytest.raises(Refused, match="before it can be signed, on 1 January 2027") as refused:
        make(award_notice=CHRISTMAS, ends=date(2026, 12, 31))
    assert refused.value.field == "ends"


def test_a_life_after_a_day_that_could_not_be_computed_is_not_made_up():
    found = make(award_notice=date(2028, 12, 20), ends=date(2030, 1, 1))
    assert "contract termination notice due" not in {step.name for step in found.steps}
    assert "was not counted" in found.warnings[0]


@given(st.dates(date(2025, 2, 24), date(2028, 1, 1)), st.integers(1, 3000), st.integers(0, 10**10))
def test_every_duty_has_a_source_and_no_two_assessments_are_further_apart_than_a_year(
    entered_on: date, length: int, pence: int
):
    ends_on = date.fromordinal(entered_on.toordinal() + length)
    contract = Contract(entered_on=entered_on, value_gross_pence=pence, ends_on=ends_on)
    found: list[Obligation] = obligations.of_contract(law(), contract, until=ends_on)
    assert all(each.basis.source and each.basis.checked for each in found)
    assert all(each.due_on and each.due_on >= entered_on for each in found)
    assessed = [each.due_on for each in found if each.notice == "UK9" and each.due_on]
    assert all((b - a).days <= 366 for a, b in itertools.pairwise(assessed))
    if assessed:
        assert assessed[-1] == ends_on
