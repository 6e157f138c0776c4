"""Of all periods that apply the shortest counts; what makes each apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.law import law
from sourcing.rules.periods import Circumstances, planned_notice_qualifies, shortest

ON = date(2026, 9, 7)
FLAGS = ("light_touch", "urgent", "preselected", "negotiated", "planned_notice", "dynamic_market")
circumstances = st.builds(
    Circumstances, **{flag: st.booleans() for flag in (*FLAGS, "electronic", "documents_at_once")}
)


def of(stage: str, **at: Any) -> tuple[int | None, int]:
    found = shortest(law(), stage, Circumstances(**at), on=ON)
    return found.days, found.entry


@pytest.mark.parametrize(
    ("at", "days", "entry"),
    [
        ({}, 25, 7),
        ({"documents_at_once": False}, 30, 8),
        ({"electronic": False}, 30, 9),
        ({"electronic": False, "documents_at_once": False}, 35, 10),
        ({"dynamic_market": True}, 10, 6),
        ({"urgent": True}, 10, 5),
        ({"planned_notice": True}, 10, 4),
        ({"preselected": True}, 10, 3),
        ({"negotiated": True}, None, 2),
        ({"light_touch": True}, None, 1),
        # Several at once: the shortest, and of equal ones the first.
        ({"preselected": True, "documents_at_once": False}, 10, 3),
        ({"planned_notice": True, "urgent": True}, 10, 4),
        ({"light_touch": True, "electronic": False}, None, 1),
    ],
)
def test_the_tendering_period(at: dict[str, bool], days: int | None, entry: int):
    assert of("tendering", **at) == (days, entry)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ({}, 25),
        ({"urgent": True}, 10),
        ({"light_touch": True}, None),
        ({"light_touch": True, "urgent": True}, None),
        # What shortens the second stage does not shorten the first.
        ({"preselected": True, "negotiated": True, "planned_notice": True}, 25),
    ],
)
def test_the_participation_period(at: dict[str, bool], days: int | None):
    assert of("participation", **at)[0] == days


@given(circumstances)
def test_there_is_always_a_period_and_no_other_number_of_days(at: Circumstances):
    assert shortest(law(), "tendering", at, on=ON).days in {None, 10, 25, 30, 35}
    assert shortest(law(), "participation", at, on=ON).days in {None, 10, 25}


@given(circumstances)
def test_one_more_reason_never_makes_it_longer(at: Circumstances):
    before = shortest(law(), "tendering", at, on=ON).days or 0
    for flag in FLAGS:
        more = replace(at, **{flag: True})
        assert (shortest(law(), "tendering", more, on=ON).days or 0) <= before


@pytest.mark.parametrize(
    ("tender_notice", "qualifies"),
    [
        # Planned on Monday 1 June 2026; 40 days later is Saturday 11 July, which may not be 40 clear days.
        ("2026-07-10", False),
        ("2026-07-11", False),
        ("2026-07-12", True),
        ("2027-06-01", True),
        ("2027-06-02", False),
    ],
)
def test_a_planned_notice_shortens_between_41_days_and_12_months(*, tender_notice: str, qualifies: bool):
    found = planned_notice_qualifies(
        law(), planned_on=date(2026, 6, 1), tender_notice_on=date.fromisoformat(tender_notice)
    )
    assert found is qualifies
