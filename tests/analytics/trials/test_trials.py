"""Methods of pilots on made-up readings whose truth is known: what they claim, they keep."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.trials import comparing, differences, series, wording
from analytics.trials.effects import Effect

GUIDE = Path(__file__).parents[3] / "docs/pilot-methods.md"
READINGS = st.lists(st.integers(-500, 500), min_size=4, max_size=12)


def test_the_worked_examples_of_the_guide_are_true():
    found = doctest.testfile(str(GUIDE), module_relative=False)
    assert found.attempted >= 15
    assert found.failed == 0
    # Every method has its own.
    text = GUIDE.read_text()
    for name in (
        "means",
        "pairs",
        "ranks",
        "shares",
        "counts",
        "by_council",
        "permuted",
        "wild",
        "interrupted",
    ):
        assert f".{name}(" in text, name


def held(make, truth, rounds=400):
    """Return how often the interval held the truth."""
    found = [make() for _ in range(rounds)]
    return sum(each.low <= truth <= each.high for each in found) / rounds


def correlated(rng, length, rho):
    """Readings of which each hangs on the one before, from its own long run on."""
    noise = rng.normal(size=length)
    noise[0] /= np.sqrt(1 - rho * rho)
    for at in range(1, length):
        noise[at] += rho * noise[at - 1]
    return noise


rng = np.random.default_rng(26)
# The truth is 0 in each second cell: an interval that leaves it out there has found what is not there.
CELLS = {
    "means": (lambda: comparing.means(rng.normal(0, 1, 6), rng.normal(2, 3, 6)), 2.0),
    "means, nothing, skewed": (
        lambda: comparing.means(rng.lognormal(0, 1, 12), rng.lognormal(0, 1, 12)),
        0.0,
    ),
    "pairs": (lambda: comparing.pairs(rng.normal(0, 1, 5), rng.normal(2, 1, 5)), 2.0),
    "pairs, nothing": (lambda: comparing.pairs(rng.normal(0, 1, 8), rng.normal(0, 1, 8)), 0.0),
    "ranks, nothing, skewed": (lambda: comparing.ranks(rng.lognormal(0, 1, 5), rng.lognormal(0, 1, 6)), 0.0),
    "shares": (lambda: comparing.shares((rng.binomial(40, 0.1), 40), (rng.binomial(50, 0.3), 50)), 0.2),
    "shares, nothing": (
        lambda: comparing.shares((rng.binomial(60, 0.5), 60), (rng.binomial(60, 0.5), 60)),
        0.0,
    ),
    "counts": (lambda: comparing.counts((rng.poisson(30), 30), (rng.poisson(30), 60)), 0.5),
    "counts, nothing": (lambda: comparing.counts((rng.poisson(25), 5), (rng.poisson(25), 5)), 1.0),
    "one pilot council": (lambda: differences.by_council(rng.normal(1, 1, 1), rng.normal(0, 1, 5)), 1.0),
    "two, nothing": (lambda: differences.by_council(rng.normal(0, 1, 2), rng.normal(0, 1, 5)), 0.0),
    "five, unlike": (lambda: differences.by_council(rng.normal(1, 3, 5), rng.normal(0, 1, 10)), 1.0),
}


@pytest.mark.parametrize("cell", CELLS)
def test_intervals_hold_as_often_as_they_say(cell):
    make, truth = CELLS[cell]
    # Three standard errors of 900 rounds; exact methods may hold more often than they must.
    assert 0.928 <= held(make, truth, 900) <= 0.999


@pytest.mark.parametrize(
    ("length", "rho", "effect"), [(8, 0.4, 0.0), (24, 0.0, 2.0), (24, 0.4, 0.0), (24, 0.7, 2.0)]
)
def test_a_series_whose_readings_hang_on_each_other_finds_no_more_than_there_is(length, rho, effect):
    def make():
        readings = correlated(rng, 2 * length, rho) + 0.1 * np.arange(2 * length)
        readings[length:] += effect
        return series.interrupted(readings[:length], readings[length:])

    # Three standard errors of 200 rounds.
    assert held(make, effect, 200) >= 0.903


def test_a_season_is_taken_out_where_readings_last_three():
    at = np.arange(36)
    readings = rng.normal(size=36) + 6 * np.sin(np.pi * at / 6) + 2.0 * (at >= 20)
    plain = series.interrupted(readings[:20], readings[20:])
    without = series.interrupted(readings[:20], readings[20:], season=12)
    assert without.high - without.low < 0.6 * (plain.high - plain.low)
    assert "seasons" not in without.assumption
    short = series.interrupted(readings[:20], readings[20:30], season=12)
    assert "seasons are not taken out" in short.assumption


def test_few_councils_are_held_by_permutation_and_many_by_the_wild_bootstrap():
    def few():
        return differences.permuted(rng.normal(1, 1, 2), rng.normal(0, 1, 5))

    def many():
        return differences.wild(rng.normal(0, 1, 5), rng.normal(0, 1, 10), draws=399)

    assert held(few, 1.0, 150) >= 0.89
    assert held(many, 0.0, 60) >= 0.86


def test_a_permutation_counts_what_a_hand_would():
    # Of 21 choices of two councils among seven, this one alone is as extreme.
    found = differences.permuted([10, 11], [0, 1, 2, 3, 4])
    assert found.p == pytest.approx(1 / 21)
    assert found.clear
    assert differences.permuted([10], [0, 1, 2, 3]).not_computed.startswith("only 5 choices")


@settings(max_examples=60)
@given(READINGS, READINGS, st.integers(-1000, 1000), st.integers(1, 50))
def test_what_is_moved_or_scaled_moves_and_scales_with_it(before, after, shift, scale):
    for method in (comparing.means, comparing.ranks, differences.by_council):
        found = method(before, after)
        if found.not_computed:
            continue
        assert found.low - 1e-9 <= found.estimate <= found.high + 1e-9
        moved = method([scale * each + shift for each in before], [scale * each + shift for each in after])
        for name in ("estimate", "low", "high"):
            assert getattr(moved, name) == pytest.approx(scale * getattr(found, name), rel=1e-6, abs=1e-6)
        back = method(after, before)
        if not back.not_computed and method is not differences.by_council:
            assert (back.low, back.high) == pytest.approx((-found.high, -found.low), rel=1e-6, abs=1e-6)


def test_too_few_readings_are_told_instead_of_a_figure():
    few = (
        comparing.means([1, 2, 3], [4, 5, 6]),
        comparing.pairs([1, 2, 3], [4, 5, 7]),
        comparing.ranks([1, 2, 3], [4, 5, 6]),
        comparing.shares((1, 9), (5, 30)),
        comparing.counts((3, 10), (4, 10)),
        comparing.counts((0, 10), (14, 10)),
        comparing.means([1, 1, 1, 1], [2, 2, 2, 2]),
        differences.by_council([1.0], [1.0, 2.0, 3.0]),
        differences.wild([1.0, 2.0], [1.0, 2.0, 3.0, 5.0]),
        series.interrupted(range(7), range(20)),
        series.interrupted(range(20), range(7)),
        series.interrupted(range(10), range(10, 20)),
    )
    for each in few:
        assert (each.estimate, each.low, each.high) == (None, None, None)
        assert wording.words(each, "days").startswith("Not computed, because ")
        assert wording.against(each, -1) == "whether it did what was promised is not known"


def test_words_claim_no_more_than_the_interval():
    def said(estimate, low, high, **more):
        return Effect("means", "nothing else changed", 12, estimate, low, high, **more)

    assert wording.words(said(-12, -21, -3), "minutes a week") == (
        "Fell by 12 minutes a week, between 3 and 21; assumes that nothing else changed."
    )
    unclear = wording.words(said(-1.5, -8, 4), "days")
    assert "between a fall of 8 and a rise of 4, so that the readings do not tell" in unclear
    assert "times as many calls" in wording.words(said(0.5, 0.3, 0.8, ratio=True), "calls")
    for each, promised, told in (
        (said(-12, -21, -3), -2, "at least"),
        (said(-12, -21, -3), -10, "within the interval"),
        (said(-12, -21, -3), -30, "less than"),
        (said(5, 4, 6), 3, "at least"),
        (said(5, 4, 6), 8, "less than"),
        (said(0.5, 0.3, 0.8, ratio=True), 0.9, "at least"),
    ):
        assert told in wording.against(each, promised)
    for forbidden in ("prove", "caused", "thanks to"):
        assert forbidden not in unclear.lower()
