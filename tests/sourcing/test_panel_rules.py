"""What a panel may become, what a conflict means, how far scores lie apart: without a database."""

from __future__ import annotations

from fractions import Fraction
from statistics import median
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules import panels, scores
from sourcing.rules.panels import MOVES, Lacks, PanelState, Standing
from sourcing.rules.scores import WantedQuestion
from values.refusals import NotAllowed, Refused

FORMING, SCORING, MODERATING, SETTLED = PanelState
ANN, BEN, CAT, DAN = (UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize("old", list(PanelState))
@pytest.mark.parametrize("new", list(PanelState))
def test_a_panel_goes_one_step_or_back_to_moderation(old, new):
    if new in MOVES[old]:
        panels.check_move(old, new, Lacks(), reason="Sums were wrong")
    else:
        with pytest.raises(Refused, match="cannot be done now"):
            panels.check_move(old, new, Lacks(), reason="Sums were wrong")


@pytest.mark.parametrize(
    ("old", "new", "lacks", "said"),
    [
        (SCORING, MODERATING, Lacks(due=3, unscored=1), "not locked yet: 3"),
        (SCORING, MODERATING, Lacks(unscored=2), "nobody scored who may: 2"),
        (MODERATING, SETTLED, Lacks(undeclared=4, unsettled=1), "not made or decided: 4"),
        (MODERATING, SETTLED, Lacks(unsettled=5), "without a consensus: 5"),
        (SETTLED, MODERATING, Lacks(), "Say why"),
    ],
)
def test_what_is_lacking_is_said(old, new, lacks, said):
    with pytest.raises(Refused, match=said):
        panels.check_move(old, new, lacks)


@pytest.mark.parametrize(
    ("counts", "said"),
    [((0, 1, 2), "questions"), ((1, 0, 2), "nobody to assess"), ((1, 1, 1), "at least 2 assessors")],
)
def test_a_panel_does_not_begin_without(counts, said):
    questions, candidates, assessors = counts
    with pytest.raises(Refused, match=said):
        panels.check_begin(questions=questions, candidates=candidates, assessors=assessors)
    panels.check_begin(questions=1, candidates=1, assessors=2)


def test_names_are_lifted_once_after_all_declared_and_for_a_reason():
    panels.check_lift(SCORING, Lacks(due=9), lifted=False, reason="Site visits")
    for state, lacks, lifted, reason in (
        (SCORING, Lacks(), True, "Again"),
        (FORMING, Lacks(), False, "Early"),
        (SCORING, Lacks(undeclared=1), False, "Early"),
        (MODERATING, Lacks(), False, " "),
    ):
        with pytest.raises(Refused):
            panels.check_lift(state, lacks, lifted=lifted, reason=reason)


@pytest.mark.parametrize(
    ("state", "standing", "conflict", "nature", "said"),
    [
        (FORMING, Standing.UNDECLARED, False, "", "while the panel"),
        (SETTLED, Standing.CLEAR, False, "", "while the panel"),
        (SCORING, Standing.WAITING, False, "", "waits for a decision"),
        (SCORING, Standing.BARRED, False, "", "may not score"),
        (SCORING, Standing.UNDECLARED, True, " ", "what the conflict is"),
        (SCORING, Standing.UNDECLARED, False, "My brother", "that there is a conflict"),
    ],
)
def test_declarations_that_are_refused(state, standing, conflict, nature, said):
    with pytest.raises(Refused, match=said):
        panels.check_declare(state, standing, conflict=conflict, nature=nature)


def test_who_decides_about_a_conflict():
    def decide(decider: UUID, declarer: UUID, *, approves: bool = False, **more: object) -> None:
        values = {"conflict": True, "decided": False, "reason": "Because"} | more
        panels.check_decide(decider, declarer, ANN, approves=approves, **values)  # pyright: ignore[reportArgumentType]

    decide(ANN, BEN)
    decide(CAT, ANN, approves=True)
    for decider, declarer, approves in (
        (BEN, BEN, True),
        (ANN, ANN, True),
        (CAT, BEN, True),
        (CAT, ANN, False),
    ):
        with pytest.raises(NotAllowed):
            decide(decider, declarer, approves=approves)
    for more in ({"conflict": False}, {"decided": True}, {"reason": " "}):
        with pytest.raises(Refused):
            decide(ANN, BEN, **more)


@pytest.mark.parametrize(
    "wanted",
    [
        (),
        (WantedQuestion("a", "A", 5), WantedQuestion("a ", "B", 5)),
        (WantedQuestion(" ", "A", 5),),
        (WantedQuestion("a", " ", 5),),
        (WantedQuestion("a", "A", 0),),
        (WantedQuestion("a", "A", 5, 6),),
    ],
)
def test_questions_that_do_not_do(wanted):
    with pytest.raises(Refused):
        scores.check_questions(wanted)


@pytest.mark.parametrize(("points", "reason"), [(-1, "x"), (6, "x"), (3, " ")])
def test_points_that_do_not_do(points, reason):
    with pytest.raises(Refused):
        scores.check_points(points, 5, reason)


def test_scores_and_consensus_out_of_turn():
    def score(state=SCORING, standing=Standing.CLEAR, *, assesses=True, out=False, locked=False):
        scores.check_score(state, standing, assesses=assesses, out=out, locked=locked)

    score()
    score(standing=Standing.MITIGATED)
    for refusal, more in (
        (NotAllowed, {"assesses": False}),
        (NotAllowed, {"standing": Standing.BARRED}),
        (Refused, {"state": MODERATING}),
        (Refused, {"standing": Standing.UNDECLARED}),
        (Refused, {"standing": Standing.WAITING}),
        (Refused, {"out": True}),
        (Refused, {"locked": True}),
    ):
        with pytest.raises(refusal):
            score(**more)
    scores.check_agree(MODERATING, Standing.CLEAR, declared=True, out=False)
    for refusal, state, standing, declared, out in (
        (Refused, SCORING, Standing.CLEAR, True, False),
        (NotAllowed, MODERATING, Standing.BARRED, True, False),
        (Refused, MODERATING, Standing.CLEAR, False, False),
        (Refused, MODERATING, Standing.UNDECLARED, True, False),
        (Refused, MODERATING, Standing.CLEAR, True, True),
    ):
        with pytest.raises(refusal):
            scores.check_agree(state, standing, declared=declared, out=out)
    for missing, locking in ((1, 3), (0, 0)):
        with pytest.raises(Refused):
            scores.check_lock(missing, locking)


def test_a_spread_worked_by_hand():
    found = scores.spread({ANN: 1, BEN: 4, CAT: 5, DAN: 5})
    half = Fraction(1, 2)
    differing = ((ANN, Fraction(-7, 2)), (BEN, -half), (CAT, half), (DAN, half))
    assert found == scores.Spread(1, 5, Fraction(9, 2), 4, differing)
    assert scores.spread({ANN: 3, BEN: 3}) == scores.Spread(3, 3, Fraction(3), 0, ())
    assert scores.spread({}) is None


@given(st.lists(st.integers(0, 20), min_size=1, max_size=9))
def test_a_spread_is_what_it_says_in_any_order(points):
    given_ = {uuid4(): each for each in points}
    found = scores.spread(given_)
    assert found
    assert found.lowest <= found.middle <= found.highest
    assert found.middle == Fraction(median(points)).limit_denominator(2)
    assert found == scores.spread(dict(reversed(given_.items())))
    assert {person for person, _ in found.differing} == {
        person for person, each in given_.items() if each != found.middle
    }
