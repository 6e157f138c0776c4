"""The states of tenders: the rules and the database's trigger say the same, and no walk leaves the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenders.rules import states
from tenders.rules.states import CHANGEABLE, TENDER_MOVES, TenderState
from values.refusals import Refused


async def test_the_database_knows_the_same_moves(owner):
    pairs = {f"{state.value} {to.value}" for state, tos in TENDER_MOVES.items() for to in tos}
    assert set(await owner.fetchval("select app.tender_moves()")) == pairs


@given(st.lists(st.sampled_from(TenderState), max_size=40))
def test_no_walk_leaves_the_table(wanted):
    state, published = TenderState.DRAFT, False
    for to in wanted:
        try:
            states.check_move(state, to)
        except Refused:
            assert to not in TENDER_MOVES[state]
            continue
        # Content that was published is never changed again, and an end is an end.
        assert not (published and to in CHANGEABLE)
        assert state not in (TenderState.TERMINATED, TenderState.CONTRACTS)
        published |= to is TenderState.PUBLISHED
        state = to
    # Whoever got past publication was published: there is no way around it.
    assert published or state in CHANGEABLE | {TenderState.TERMINATED}


@pytest.mark.parametrize("state", [each for each in TenderState if TENDER_MOVES[each]])
def test_terminated_can_be_reached_from_any_state_before_contracts(state):
    states.check_move(state, TenderState.TERMINATED)
