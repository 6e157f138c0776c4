"""What a timetable refuses and in which words, what it warns of, and what an officer sets instead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sourcing.rules.overrides import Override
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.making import as_told
from tests.sourcing.made import CHRISTMAS, MONDAY, days, make
from values.refusals import Refused


class TestRefusals:
    @pytest.mark.parametrize(
        ("procedure", "asked", "words", "field"),
        [
            ("open", {}, "Give the day of the first notice", "publish"),
            (
                "open",
                {"publish": MONDAY, "preselected": True},
                "pre-selected in a competitive",
                "preselected",
            ),
            ("open", {"publish": MONDAY, "invite": MONDAY}, "second invitation", "invite"),
            ("framework", {"publish": MONDAY, "urgent": True}, "Urgency changes", "urgent"),
            ("direct", {"publish": MONDAY, "tenders_due": MONDAY}, "invites no tenders", "tenders_due"),
            ("open", {"publish": MONDAY, "ground": "repeat"}, "Only a direct award", "ground"),
            ("direct", {"publish": MONDAY, "ground": "whim"}, "no ground of direct award", "ground"),
            ("direct", {"publish": MONDAY, "ground": "user-choice"}, "nothing to count", "ground"),
            ("direct", {"publish": MONDAY, "ground": "repeat", "urgent": True}, "one ground", "ground"),
            (
                "below-threshold",
                {"publish": MONDAY, "standstill_days": 8},
                "no standstill",
                "standstill_days",
            ),
            ("dynamic-market", {"publish": MONDAY, "planned_notice": MONDAY}, "shortens", "planned_notice"),
            ("open", {"award_notice": MONDAY, "tenders_due": MONDAY}, "counted from it", "publish"),
            ("open", {"publish": MONDAY, "planned_notice": MONDAY}, "comes before", "planned_notice"),
            (
                "open",
                {"publish": MONDAY, "award_notice": date(2026, 9, 1)},
                "cannot come before",
                "award_notice",
            ),
            (
                "open",
                {"publish": MONDAY, "tenders_due": date(2026, 10, 1)},
                r"is too early: the first lawful day is 2 October 2026 \(.*section 54\(4\), entry 7",
                "tenders_due",
            ),
            ("open", {"publish": MONDAY, "award_notice": date(2026, 10, 2)}, "too early", "award_notice"),
            (
                "open",
                {"award_notice": CHRISTMAS, "sign": date(2026, 12, 31)},
                "first lawful day is 1 January 2027",
                "sign",
            ),
            ("open", {"publish": date(1999, 1, 1)}, "a year from 2000 to 2100", "publish"),
            ("open", {"publish": MONDAY, "value_gross": -1}, "not below zero", "value_gross"),
            ("open", {"publish": MONDAY, "assessment_days": -1}, "from 0 to 1,000", "assessment_days"),
            (
                "below-threshold",
                {"publish": MONDAY, "value_gross": 207_720_00},
                "not below the threshold of £207,720.00",
                "value_gross",
            ),
            (
                "open",
                {"publish": MONDAY, "light_touch": True, "contract": ContractKind.WORKS},
                "Works cannot be",
                "light_touch",
            ),
        ],
    )
    def test_what_cannot_be_is_said_with_its_field(
        self, procedure: str, asked: dict[str, Any], words: str, field: str
    ):
        with pytest.raises(Refused, match=words) as refused:
            make(procedure, **asked)
        assert refused.value.field == field


class TestWarnings:
    def test_a_planned_notice_that_does_not_count_is_said(self):
        found = make(publish=date(2026, 7, 11), planned_notice=date(2026, 6, 1))
        assert "lies 40 days before the tender notice" in found.warnings[0]
        assert next(step for step in found.steps if step.name == "tenders due").on == date(2026, 8, 5)

    def test_a_value_below_the_threshold_is_said(self):
        [warning] = make(publish=MONDAY, value_gross=207_719_99).warnings
        assert "£207,719.99 with VAT is below the threshold of £207,720.00" in warning
        assert make(publish=MONDAY, value_gross=207_720_00).warnings == ()

    def test_a_day_before_the_act_is_computed_and_said(self):
        found = make(award_notice=date(2024, 12, 24))
        assert {step.name: str(step.on) for step in found.steps}["standstill ends"] == "2025-01-08"
        assert "began on or after 24 February 2025" in found.warnings[0]

    def test_a_value_that_cannot_be_compared_is_said(self):
        assert "was not compared" in make(publish=date(2028, 2, 1), value_gross=1).warnings[0]


class TestOverrides:
    BY = Override(date(2026, 9, 30), "A. Officer", "The portal was down for a day")

    def test_a_day_is_replaced_with_name_and_reason_and_the_rest_follows(self):
        found = make(publish=MONDAY, overrides={"tenders-due": self.BY})
        by_code = {step.code: step for step in found.steps}
        assert by_code["tenders-due"].on == date(2026, 9, 30)
        assert by_code["tenders-due"].overridden
        assert by_code["tenders-due"].overridden.instead_of == "2 October 2026"
        assert by_code["assessment-summaries"].on == date(2026, 10, 1)
        told = {step["code"]: step for step in as_told(found)["steps"]}
        assert told["tenders-due"]["overridden"] == {
            "officer": "A. Officer",
            "reason": "The portal was down for a day",
            "instead_of": "2 October 2026",
        }
        assert told["signature"]["overridden"] is None

    def test_a_number_of_the_tables_is_replaced_for_this_timetable_only(self):
        longer = Override(30, "A. Officer", "Complex requirement")
        found = make(publish=MONDAY, overrides={"tendering-7": longer})
        step = next(step for step in found.steps if step.code == "tenders-due")
        assert step.on == date(2026, 10, 7)
        assert step.overridden
        assert step.overridden.instead_of == "25 days"
        assert days(publish=MONDAY)["tenders due"] == "2026-10-02"

    def test_a_day_takes_the_place_of_one_that_could_not_be_computed(self):
        by_hand = Override(date(2029, 1, 4), "A. Officer", "Counted by hand from the Gazette")
        found = make(award_notice=date(2028, 12, 20), overrides={"standstill-ends": by_hand})
        assert found.not_computed == ""
        assert next(step for step in found.steps if step.code == "signature").on == date(2029, 1, 5)

    @pytest.mark.parametrize(("officer", "reason"), [("", "Because"), ("A. Officer", " ")])
    def test_an_override_without_name_or_reason_is_refused(self, officer: str, reason: str):
        with pytest.raises(Refused, match="name of the officer and a reason"):
            Override(date(2026, 9, 30), officer, reason)

    @pytest.mark.parametrize(
        ("code", "value", "words"),
        [("opening", MONDAY, "no step called"), ("tendering-11", 5, "no number of days called")],
    )
    def test_an_override_that_fits_nothing_is_refused(self, code: str, value: Any, words: str):
        with pytest.raises(Refused, match=words):
            make(publish=MONDAY, overrides={code: Override(value, "A. Officer", "Because")})
