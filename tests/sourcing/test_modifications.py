"""Changes of contracts: on which way they are lawful, and when a notice comes first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.law import law
from sourcing.rules.modifications import Change, Standing, Verdict, check
from sourcing.rules.thresholds import ContractKind
from values.refusals import Refused

ON = date(2027, 3, 1)
MILLION = 1_000_000_00


def judge(change: Change | None = None, standing: dict[str, Any] | None = None, **asked: Any) -> Verdict:
    contract = {
        "value_gross_pence": MILLION,
        "maximum_term_months": 48,
        "commenced_on": date(2026, 3, 1),
        **(standing or {}),
    }
    return check(law(), Standing(**contract), change or Change(**asked), on=ON)


def open_ways(verdict: Verdict) -> list[str]:
    return [way.code for way in verdict.ways if way.is_open]


@pytest.mark.parametrize(
    ("pounds", "months", "needs"),
    [
        # The reference's example: £1,000,000 of services, at most 48 months.
        (100_000_00, 4, False),
        (100_000_01, 0, True),
        (100_001_00, 4, True),
        (0, 5, True),
        (-100_000_00, -4, False),
        (-100_000_01, 0, True),
    ],
)
def test_a_notice_comes_first_as_soon_as_either_limit_is_passed(*, pounds: int, months: int, needs: bool):
    verdict = judge(value_pence=pounds, term_months=months)
    assert verdict.needs_notice is needs
    assert "section 75(2)" in verdict.notice_because


def test_works_have_fifteen_per_cent():
    works = {"kind": ContractKind.WORKS}
    assert not judge(standing=works, value_pence=150_000_00).needs_notice
    assert judge(standing=works, value_pence=150_000_01).needs_notice


class TestWays:
    def test_a_small_change_of_the_term_is_not_substantial(self):
        assert open_ways(judge(term_months=4)) == ["minor"]

    def test_a_longer_one_is_lawful_while_it_is_a_small_change_of_value(self):
        verdict = judge(term_months=5, value_pence=100_000_00)
        assert open_ways(verdict) == ["small"]
        assert verdict.allowed

    def test_and_not_beyond(self):
        verdict = judge(term_months=5, value_pence=100_000_01)
        assert not verdict.allowed
        assert [way.because for way in verdict.ways] == [
            "No ground is relied on",
            "The term changes by more than 10% of the maximum on award",
            "The value changes by more than 10%",
        ]

    @pytest.mark.parametrize(("pounds", "allowed"), [(57_719_99, True), (57_720_00, False)])
    def test_small_changes_together_stay_below_the_threshold(self, *, pounds: int, allowed: bool):
        # £150,000 before, and the threshold is £207,720.
        before = {"below_threshold_pence": 150_000_00}
        assert judge(standing=before, term_months=5, value_pence=pounds).allowed is allowed

    def test_the_threshold_is_that_of_the_day_the_procurement_commenced(self):
        before = {"below_threshold_pence": 150_000_00, "commenced_on": date(2025, 12, 31)}
        assert judge(standing=before, term_months=5, value_pence=57_720_00).allowed

    @pytest.mark.parametrize("what", ["widens_scope", "changes_supplier"])
    def test_scope_and_supplier_close_both_ways_without_a_ground(self, what: str):
        assert not judge(**{what: True}).allowed

    def test_a_balance_that_shifts_is_substantial_and_may_be_small(self):
        assert open_ways(judge(favours_supplier=True, value_pence=1)) == ["small"]


class TestGrounds:
    @pytest.mark.parametrize("ground", ["unforeseeable", "known-risk", "additional"])
    @pytest.mark.parametrize(("pounds", "allowed"), [(500_000_00, True), (500_000_01, False)])
    def test_half_the_value_is_the_most(self, *, ground: str, pounds: int, allowed: bool):
        verdict = judge(ground=ground, value_pence=pounds, widens_scope=True)
        assert verdict.allowed is allowed
        assert allowed or "more than 50%, which is £500,000.00" in verdict.ways[0].because

    @pytest.mark.parametrize("ground", ["provided-for", "urgency"])
    def test_others_have_no_cap(self, ground: str):
        assert judge(ground=ground, value_pence=3 * MILLION, widens_scope=True).allowed

    @pytest.mark.parametrize("ground", ["provided-for", "unforeseeable"])
    def test_the_nature_of_the_contract_stays(self, ground: str):
        assert not judge(ground=ground, alters_nature=True, widens_scope=True).allowed

    def test_only_a_restructuring_changes_the_supplier_and_always_with_a_notice(self):
        verdict = judge(ground="restructuring", changes_supplier=True)
        assert open_ways(verdict) == ["ground"]
        assert verdict.needs_notice
        assert not judge(ground="unforeseeable", changes_supplier=True).allowed

    def test_a_ground_that_the_law_does_not_have_is_refused(self):
        with pytest.raises(Refused, match="no ground of changing") as refused:
            judge(ground="convenience")
        assert refused.value.field == "ground"
        with pytest.raises(Refused):
            judge(ground="notice-term")


def test_a_light_touch_contract_is_free_and_needs_no_notice():
    verdict = judge(standing={"light_touch": True}, value_pence=2 * MILLION, term_months=48)
    assert (verdict.allowed, verdict.needs_notice) == (True, False)


class TestSplitting:
    FIRST = Change(value_pence=60_000_00, term_months=4)

    def test_two_changes_that_together_need_a_notice_need_one(self):
        second = {"value_gross_pence": 1_060_000_00}
        alone = judge(Change(value_pence=60_000_00), second)
        assert not alone.needs_notice
        both = judge(Change(value_pence=60_000_00, made_with=(self.FIRST,)), second)
        assert both.needs_notice
        assert both.notice_because.startswith(
            "Together with earlier changes: the value changes by more than 10%"
        )

    def test_two_changes_that_together_are_not_permitted_are_not(self):
        second = {"value_gross_pence": 1_060_000_00}
        alone = judge(Change(value_pence=60_000_00, term_months=4), second)
        assert alone.allowed
        both = judge(Change(value_pence=60_000_00, term_months=4, made_with=(self.FIRST,)), second)
        assert not both.allowed
        assert "could have been made together" in both.ways[1].because

    def test_two_changes_that_are_permitted_together_stay_so(self):
        second = {"value_gross_pence": 1_010_000_00}
        first = Change(value_pence=10_000_00)
        verdict = judge(Change(value_pence=10_000_00, made_with=(first,)), second)
        assert (verdict.allowed, verdict.needs_notice) == (True, False)


@pytest.mark.parametrize(
    ("value", "change", "published"),
    [
        (5_000_000_00, 1, False),
        (5_000_000_00, 500_000_01, True),
        (4_500_000_00, 500_000_00, False),
        (4_500_000_00, 500_000_01, True),
    ],
)
def test_the_text_is_published_where_a_notice_was_needed_and_it_is_over_five_million(
    *, value: int, change: int, published: bool
):
    verdict = judge(standing={"value_gross_pence": value}, value_pence=change)
    assert verdict.text_is_published is published


@pytest.mark.parametrize("standing", [{"value_gross_pence": 0}, {"maximum_term_months": 0}])
def test_a_change_needs_something_to_be_measured_against(standing: dict[str, int]):
    with pytest.raises(Refused, match="value and its maximum term"):
        judge(standing=standing, value_pence=1)


@given(st.integers(0, 10**9), st.integers(0, 100), st.integers(0, 10**8), st.integers(0, 20))
def test_a_larger_change_never_loses_its_notice_and_signs_do_not_matter(
    pence: int, months: int, more: int, longer: int
):
    needs = judge(value_pence=pence, term_months=months).needs_notice
    assert judge(value_pence=-pence, term_months=-months).needs_notice is needs
    assert needs <= judge(value_pence=pence + more, term_months=months + longer).needs_notice


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.sampled_from(["", "unforeseeable", "additional"]))
def test_a_larger_sum_never_makes_an_unlawful_change_lawful(pence: int, more: int, ground: str):
    def allowed(value: int) -> bool:
        return judge(value_pence=value, term_months=12, ground=ground, widens_scope=True).allowed

    assert allowed(pence + more) <= allowed(pence)
