"""Whole timetables against days worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.law import law
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.making import as_told, timetable
from sourcing.rules.timetables.steps import Kind
from tests.sourcing.made import CHRISTMAS, MONDAY, days, make, steps
from values.refusals import Refused


class TestOpen:
    def test_from_the_notice_to_the_details_notice_on_the_first_lawful_days(self):
        assert days(publish=MONDAY) == {
            "tender notice published": "2026-09-07",
            "tenders due": "2026-10-02",
            "assessment summaries sent": "2026-10-03",
            "contract award notice published": "2026-10-03",
            # A Saturday's notice: 5 6 7 8 9 | 12 13 14 October.
            "standstill ends": "2026-10-14",
            "contract signed": "2026-10-15",
            "contract details notice due": "2026-11-13",
        }

    @pytest.mark.parametrize(
        ("asked", "due"),
        [
            ({"documents_later": True}, "2026-10-07"),
            ({"not_electronic": True}, "2026-10-07"),
            ({"not_electronic": True, "documents_later": True}, "2026-10-12"),
            ({"urgent": True}, "2026-09-17"),
            ({"planned_notice": date(2026, 6, 1)}, "2026-09-17"),
            ({"light_touch": True}, "2026-09-07"),
        ],
    )
    def test_the_tendering_period(self, asked: dict[str, Any], due: str):
        assert days(publish=MONDAY, **asked)["tenders due"] == due

    def test_an_award_notice_is_enough_by_itself(self):
        found = days(award_notice=CHRISTMAS)
        assert "tender notice published" not in found
        assert found["standstill ends"] == "2026-12-31"
        assert found["contract signed"] == "2027-01-01"
        assert found["contract details notice due"] == "2027-01-30"

    def test_a_signature_is_enough_for_what_follows_it(self):
        assert days(sign=date(2027, 1, 5))["contract details notice due"] == "2027-02-03"

    def test_chosen_days_are_kept_and_say_the_first_lawful_one(self):
        found = steps(publish=MONDAY, tenders_due=date(2026, 10, 9), assessment_days=20)
        assert found["tenders due"].kind is Kind.CHOSEN
        assert found["tenders due"].on == date(2026, 10, 9)
        assert "first lawful day is 2 October 2026" in found["tenders due"].note
        assert str(found["assessment summaries sent"].on) == "2026-10-30"

    def test_a_contract_over_five_million_is_published_and_has_indicators(self):
        found = steps(sign=date(2027, 1, 5), award_notice=CHRISTMAS, value_gross=5_000_000_01)
        assert str(found["contract published"].on) == "2027-04-04"
        assert str(found["key performance indicators set"].on) == "2027-01-05"
        assert found["key performance indicators set"].kind is Kind.LATEST
        found = steps(sign=date(2027, 1, 5), award_notice=CHRISTMAS, value_gross=5_000_000_00)
        assert not {"contract published", "key performance indicators set"} & set(found)

    def test_without_a_value_the_day_for_a_large_contract_is_a_note(self):
        note = steps(sign=date(2027, 1, 5))["contract details notice due"].note
        assert "A contract over £5 million is itself published by 4 April 2027" in note

    def test_light_touch_has_no_standstill_and_longer_periods(self):
        found = days(publish=MONDAY, light_touch=True, value_gross=6_000_000_00)
        assert "standstill ends" not in found
        assert "key performance indicators set" not in found
        assert found["contract signed"] == "2026-09-08"
        assert found["contract details notice due"] == "2027-01-05"
        found = days(sign=date(2027, 1, 5), light_touch=True, value_gross=6_000_000_00)
        assert found["contract details notice due"] == "2027-05-04"
        assert found["contract published"] == "2027-07-03"

    def test_a_longer_standstill_counts_its_own_days(self):
        # 18 21 22 23 24 29 30 31 December | 5 6 January.
        assert days(award_notice=CHRISTMAS, standstill_days=10)["standstill ends"] == "2027-01-06"
        with pytest.raises(Refused, match="at least 8 working days"):
            make(award_notice=CHRISTMAS, standstill_days=7)

    def test_calendar_days_are_not_moved_by_a_weekend_and_a_reminder_is(self):
        # 30 January 2027 is a Saturday; five working days before it is Monday 25 January.
        note = steps(award_notice=CHRISTMAS)["contract details notice due"].note
        assert "is a Saturday" in note
        assert "25 January 2027" in note


class TestCompetitiveFlexible:
    def test_its_two_stages(self):
        found = days("competitive-flexible", publish=MONDAY, invite=date(2026, 10, 12))
        assert found["requests to participate due"] == "2026-10-02"
        assert found["invitation to tender sent"] == "2026-10-12"
        assert found["tenders due"] == "2026-11-06"

    @pytest.mark.parametrize(
        ("asked", "due"),
        [
            ({"preselected": True}, "2026-10-22"),
            ({"negotiated": True}, "2026-10-12"),
            ({"documents_later": True}, "2026-11-11"),
        ],
    )
    def test_the_second_stage(self, asked: dict[str, Any], due: str):
        found = days("competitive-flexible", publish=MONDAY, invite=date(2026, 10, 12), **asked)
        assert found["tenders due"] == due

    def test_urgency_shortens_both(self):
        found = days("competitive-flexible", publish=MONDAY, urgent=True)
        assert found["requests to participate due"] == "2026-09-17"
        assert found["invitation to tender sent"] == "2026-09-18"
        assert found["tenders due"] == "2026-09-28"

    def test_a_notice_says_which_entry_it_relies_on(self):
        found = steps("competitive-flexible", publish=MONDAY, preselected=True)["tenders due"]
        assert found.source == "Procurement Act 2023, section 54(4), entry 3"
        assert "regulation 18(2)(s)" in found.note
        usual = steps("competitive-flexible", publish=MONDAY)["tenders due"]
        assert "regulation 18(2)(s)" not in usual.note
        assert "Ten days are enough" in usual.note


class TestOthers:
    def test_a_call_off_has_no_summaries_and_no_standstill_unless_one_is_promised(self):
        found = days("framework", publish=MONDAY, tenders_due=date(2026, 9, 21))
        assert found == {
            "suppliers of the framework invited": "2026-09-07",
            "tenders due": "2026-09-21",
            "contract award notice published": "2026-09-21",
            "contract signed": "2026-09-21",
            "contract details notice due": "2026-10-20",
        }
        promised = days("framework", award_notice=CHRISTMAS, standstill_days=8)
        assert promised["standstill ends"] == "2026-12-31"
        assert promised["contract signed"] == "2027-01-01"

    def test_a_dynamic_market_invites_for_ten_days_and_waits_for_nothing(self):
        found = days("dynamic-market", publish=MONDAY)
        assert found["tenders due"] == "2026-09-17"
        assert found["assessment summaries sent"] == found["contract signed"] == "2026-09-18"
        assert "standstill ends" not in found
        note = steps("dynamic-market", publish=MONDAY)["contract award notice published"].note
        assert "section 51(3)(e)" in note

    def test_a_direct_award_has_a_transparency_notice_and_a_standstill(self):
        found = days("direct", publish=CHRISTMAS)
        assert found["transparency notice published"] == "2026-12-18"
        assert found["contract award notice published"] == "2026-12-18"
        assert found["standstill ends"] == "2026-12-31"
        assert "assessment summaries sent" not in found

    @pytest.mark.parametrize(
        "asked", [{"urgent": True}, {"ground": "extreme-urgency"}, {"ground": "protect-life"}]
    )
    def test_extreme_urgency_waits_for_nothing(self, asked: dict[str, Any]):
        found = days("direct", publish=CHRISTMAS, **asked)
        assert "standstill ends" not in found
        assert found["contract signed"] == "2026-12-18"

    def test_another_ground_is_named_and_waits(self):
        found = steps("direct", publish=CHRISTMAS, ground="extension")
        note = found["transparency notice published"].note
        assert "extension or partial replacement" in note
        assert "an officer prepares it on the central platform" in note
        assert found["standstill ends"].on == date(2026, 12, 31)

    def test_below_the_threshold_there_is_no_standstill_and_no_award_notice(self):
        found = days("below-threshold", publish=MONDAY, tenders_due=date(2026, 9, 21), value_gross=50_000_00)
        assert found == {
            "below-threshold tender notice published": "2026-09-07",
            "tenders due": "2026-09-21",
            "award decided": "2026-09-22",
            "contract signed": "2026-09-22",
            "contract details notice due": "2026-09-22",
        }

    def test_under_thirty_thousand_pounds_no_notice_is_needed(self):
        found = steps("below-threshold", publish=MONDAY, value_gross=29_999_99)
        assert found["below-threshold tender notice published"].note == "Not needed for this value."
        assert "contract details notice due" not in found

    @pytest.mark.parametrize("procedure", list(Procedure))
    def test_each_begins_with_an_award_alone(self, procedure: Procedure):
        found = make(procedure.value, award_notice=CHRISTMAS)
        assert found.steps
        waits = procedure in (Procedure.OPEN, Procedure.COMPETITIVE_FLEXIBLE, Procedure.DIRECT)
        assert ("standstill ends" in {step.name for step in found.steps}) is waits


class TestWhatCannotBeComputed:
    def test_a_standstill_beyond_the_table_is_marked_and_so_is_what_follows(self):
        found = make(award_notice=date(2028, 12, 20))
        marked = [step for step in found.steps if step.on is None]
        assert [step.name for step in marked] == [
            "standstill ends",
            "contract signed",
            "contract details notice due",
        ]
        assert "reaches from 1 January 2024 to 31 December 2028" in marked[0].not_computed
        assert "follows from a day that could not be computed" in marked[1].not_computed
        assert found.not_computed == marked[0].not_computed
        assert as_told(found)["complete"] is False

    def test_a_signature_that_could_not_be_checked_says_so(self):
        found = make(award_notice=date(2028, 12, 20), sign=date(2028, 12, 21))
        signed = next(step for step in found.steps if step.name == "contract signed")
        assert signed.on == date(2028, 12, 21)
        assert signed.note.startswith("Could not be checked.")
        assert as_told(found)["complete"] is False

    def test_without_a_standstill_the_table_is_not_needed(self):
        assert make("framework", award_notice=date(2030, 5, 1)).not_computed == ""


@given(
    procedure=st.sampled_from([each for each in Procedure if each is not Procedure.BELOW_THRESHOLD]),
    publish=st.dates(date(2025, 2, 24), date(2028, 6, 1)),
    light_touch=st.booleans(),
)
def test_steps_come_in_the_order_of_their_days_and_name_their_rule(
    *, procedure: Procedure, publish: date, light_touch: bool
):
    found = timetable(Asked(procedure=procedure, publish=publish, light_touch=light_touch), law())
    on = [step.on for step in found.steps]
    assert None not in on
    assert on == sorted(day for day in on if day)
    assert all(step.rule and step.source and step.checked for step in found.steps)
    assert len({step.code for step in found.steps}) == len(found.steps)


@given(st.dates(date(2025, 2, 24), date(2028, 6, 1)), st.dates(date(2025, 2, 24), date(2028, 6, 1)))
def test_a_later_notice_never_makes_anything_earlier(one: date, other: date):
    first, second = (
        timetable(Asked(procedure=Procedure.COMPETITIVE_FLEXIBLE, publish=day), law()).steps
        for day in sorted((one, other))
    )
    assert all(a.on <= b.on for a, b in zip(first, second, strict=True) if a.on and b.on)
