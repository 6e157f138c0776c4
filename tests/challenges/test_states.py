"""The states of challenges: rules and trigger say the same, and no walk leaves the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from challenges.rules import states
from challenges.rules.states import CHALLENGE_MOVES, ChallengeState
from values.refusals import Refused

OVER = (ChallengeState.ROUTE, ChallengeState.WITHDRAWN, ChallengeState.ENDED)


async def test_the_database_knows_the_same_moves(owner):
    pairs = {f"{state.value} {to.value}" for state, tos in CHALLENGE_MOVES.items() for to in tos}
    assert set(await owner.fetchval("select app.challenge_moves()")) == pairs


@given(st.lists(st.sampled_from(ChallengeState), max_size=40))
def test_no_walk_leaves_the_table(wanted):
    walked = [ChallengeState.STATEMENT]
    for to in wanted:
        try:
            states.check_move(walked[-1], to)
        except Refused:
            assert to not in CHALLENGE_MOVES[walked[-1]]
            continue
        assert walked[-1] not in OVER
        walked.append(to)
    # Nothing comes twice: what was published is never written anew, and an end is an end.
    assert len(set(walked)) == len(walked)
    # There is no pilot that nobody judged, and no decision about what nobody measured.
    order = [state for state in CHALLENGE_MOVES if state in walked and state not in OVER]
    assert [state for state in walked if state not in OVER] == order
    if ChallengeState.DECISION in walked:
        assert {ChallengeState.OPEN, ChallengeState.JUDGED, ChallengeState.MEASURED} <= set(walked)
