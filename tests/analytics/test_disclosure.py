"""No total is told from which one council's part could be worked out, not even by one of the others."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import LEAST_CONTRIBUTORS, singled_out, why_not

NAMES = "abcdefgh"
TOTALS = st.lists(st.sets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=5)


def even(names):
    return dict.fromkeys(names, 100)


def test_few_councils_are_not_told():
    assert "fewer than" in why_not(even("abc"), [])
    assert why_not(even("abcd"), []) is None
    assert LEAST_CONTRIBUTORS == 4


def test_one_that_makes_up_nearly_all_is_not_told():
    assert "nearly all" in why_not({"a": 1000, "b": 50, "c": 40, "d": 30}, [])
    assert why_not({"a": 1000, "b": 500, "c": 150, "d": 60}, []) is None


def test_one_more_council_is_not_told_by_itself():
    assert "worked out" in why_not(even("abcde"), [set("abcd")])
    # Two at once: each of the two would know the other.
    assert "worked out" in why_not(even("abcdef"), [set("abcd")])
    assert why_not(even("abcdefg"), [set("abcd")]) is None


def test_one_that_left_is_not_told_by_what_stays():
    assert "worked out" in why_not(even("abcd"), [set("abcde")])


def test_a_changed_estimate_is_another_contributor():
    assert "worked out" in why_not(even(["a2", "b", "c", "d"]), [{"a1", "b", "c", "d"}])


def test_three_totals_can_say_together_what_no_two_do():
    told = [set("cdef"), set("cxyz")]
    assert not singled_out(told)
    # The first and the second less the third leave c alone, twice.
    assert singled_out([*told, set("defxyz")]) == {"c"}


def test_the_same_total_again_says_nothing_new():
    assert why_not(even("abcd"), [set("abcd")]) is None


def test_a_contribution_lies_above_zero():
    with pytest.raises(ValueError, match="above zero"):
        why_not({"a": 0, "b": 1, "c": 1, "d": 1}, [])


@given(TOTALS)
@settings(max_examples=200)
def test_who_is_singled_out_is_what_linear_algebra_says(totals):
    matrix = np.array([[name in total for name in NAMES] for total in totals], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    expected = set()
    for size in (1, 2):
        for chosen in itertools.combinations(range(len(NAMES)), size):
            rest = np.delete(matrix, chosen, axis=1)
            if np.linalg.matrix_rank(rest) < rank:
                space = [n for n in chosen if matrix[:, n].any()]
                expected |= {NAMES[n] for n in space}
    assert singled_out(totals) <= expected
    assert bool(singled_out(totals)) == bool(expected)


@given(TOTALS, st.lists(st.integers(1, 1000), min_size=len(NAMES), max_size=len(NAMES)))
@settings(max_examples=100)
def test_an_insider_never_finds_another(totals, amounts):
    """Tell totals one by one under the rule; then nobody's least and greatest possible part are the same."""
    told = []
    for total in totals:
        chosen = {name: amounts[NAMES.index(name)] for name in total}
        if why_not(chosen, told) is None:
            told.append(set(total))
    matrix = np.array([[name in total for name in NAMES] for total in told], dtype=float)
    if not len(matrix):
        return
    for insider, other in itertools.permutations(range(len(NAMES)), 2):
        known = np.vstack([matrix, np.eye(len(NAMES))[insider]])
        target = np.eye(len(NAMES))[other]
        if matrix[:, other].any():
            assert np.linalg.matrix_rank(np.vstack([known, target])) > np.linalg.matrix_rank(known)
