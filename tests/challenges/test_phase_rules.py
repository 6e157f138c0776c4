"""Who goes on by rank, which phases fit together, and what a decision must say."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.rules import phases as rules
from challenges.rules.phases import Choice, PhaseKind, Ranked
from values.refusals import Refused


def ranked(*totals):
    """Responses with these totals of 100; None is one that was taken out."""
    known = [each for each in totals if each is not None]
    return [
        Ranked(
            uuid4(),
            uuid4(),
            f"R{number}",
            None if total is None else 1 + sum(other > total for other in known),
            None if total is None else Decimal(total),
        )
        for number, total in enumerate(totals, start=1)
    ]


def codes(rows, places):
    chosen = rules.by_rank(rows, places)
    return [each.code for each in rows if each.response_id in chosen]


def test_equals_at_the_edge_wait_for_people_to_say():
    assert codes(ranked(80, 70, 60), 2) == ["R1", "R2"]
    assert codes(ranked(80, 70, 70), 2) == ["R1"]
    assert codes(ranked(80, 80, 80), 2) == []
    assert codes(ranked(None, 40), 2) == ["R2"]


@given(st.lists(st.none() | st.integers(0, 100), max_size=12), st.integers(1, 12))
def test_by_rank_never_more_go_on_than_there_are_places_and_never_a_worse_one(totals, places):
    rows = ranked(*totals)
    chosen = rules.by_rank(rows, places)
    assert len(chosen) <= places
    inside = [each.total for each in rows if each.response_id in chosen]
    outside = [each.total for each in rows if each.response_id not in chosen and each.total is not None]
    assert not inside or not outside or min(inside) > max(outside)
    # Nobody is left out while there is room for all who are as good.
    if outside:
        best = max(outside)
        assert len(chosen) + sum(each == best for each in outside) > places


def test_a_decision_gives_each_a_reason_and_departs_with_one():
    rows = ranked(80, 60, None)
    told = {each.response_id: Choice(each.code == "R1", "Why") for each in rows}
    rules.check_choices(rows, 1, told)
    for wrong, message in (
        ({rows[0].response_id: Choice(True, " ")}, "reason"),
        ({rows[1].response_id: Choice(True, "Why")}, "against its rank"),
        ({rows[0].response_id: Choice(False, "Why")}, "against its rank"),
        ({rows[2].response_id: Choice(True, "Why", "Because")}, "not judged any more"),
    ):
        with pytest.raises(Refused, match=message):
            rules.check_choices(rows, 1, told | wrong)
    rules.check_choices(rows, 1, told | {rows[1].response_id: Choice(True, "Why", "Two can be looked after")})


def test_phases_end_with_a_pilot_and_places_do_not_grow():
    rules.check_phases({PhaseKind.PILOT: 1})
    rules.check_phases({PhaseKind.SHORTLIST: 5, PhaseKind.SHOWCASE: 3, PhaseKind.PILOT: 3})
    for wrong in (
        {PhaseKind.SHORTLIST: 5},
        {PhaseKind.SHORTLIST: 2, PhaseKind.PILOT: 3},
        {PhaseKind.PILOT: 0},
        {PhaseKind.PILOT: 101},
    ):
        with pytest.raises(Refused):
            rules.check_phases(wrong)
