"""Scores of pairs and what labels do to them: a label moves the weights, and never beyond sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.similarity import ranking
from analytics.similarity.nearest import Field, agreeing, best, conflicting
from analytics.similarity.ranking import NAMES, PRIOR, Features, Label, learn, log_odds, score_points

SHARES = st.floats(0, 1)
FEATURES = st.tuples(*[SHARES] * 8)
LABELS = st.lists(st.builds(Label, FEATURES, st.booleans()), max_size=40)
GOOD = ("text", "window", "same_category", "sibling_category", "volume", "same_region", "agreements")


def test_without_labels_the_prior_stands():
    assert learn([]) == PRIOR


@given(FEATURES, st.booleans())
def test_a_label_moves_its_pair_towards_what_was_said(features, alike):
    before = log_odds(PRIOR, Features(*features))
    after = log_odds(learn([Label(features, alike)]), Features(*features))
    assert (after - before) * (1 if alike else -1) > 0


@given(LABELS)
@settings(max_examples=60)
def test_signs_stay_and_weights_stay_near_enough(labels):
    weights = dict(zip(NAMES, learn(labels), strict=True))
    for name, prior in zip(NAMES, PRIOR, strict=True):
        assert 0.25 - 1e-9 <= weights[name] / prior <= 3 + 1e-9


@given(LABELS, FEATURES, st.sampled_from(GOOD), SHARES)
@settings(max_examples=60)
def test_more_of_a_good_thing_never_lowers_a_score_and_a_conflict_never_raises_it(
    labels, features, name, more
):
    weights, pair = learn(labels), Features(*features)
    better = pair._replace(**{name: max(more, getattr(pair, name))})
    assert log_odds(weights, better) >= log_odds(weights, pair)
    worse = pair._replace(conflicts=max(more, pair.conflicts))
    assert log_odds(weights, worse) <= log_odds(weights, pair)


@given(st.lists(FEATURES, min_size=1, max_size=3))
def test_few_labels_move_the_weights_little(features):
    weights = learn([Label(each, alike=False) for each in features])
    for weight, prior in zip(weights, PRIOR, strict=True):
        assert abs(weight - prior) <= 0.75 * abs(prior) + 1e-9


def test_many_labels_teach_what_they_have_in_common():
    alike = (0.9, 0.1, 1.0, 0.0, 0.5, 0.0, 0.0, 0.0)
    apart = (0.2, 0.9, 1.0, 0.0, 0.5, 1.0, 0.0, 0.0)
    weights = learn([Label(alike, alike=True), Label(apart, alike=False)] * 40)
    good, bad = score_points(weights, Features(*alike)), score_points(weights, Features(*apart))
    assert good > score_points(PRIOR, Features(*alike)) - 1e-9
    assert bad < score_points(PRIOR, Features(*apart))
    assert good > 90 > 25 > bad


@given(FEATURES)
def test_a_score_lies_between_nothing_and_a_hundred(features):
    assert 0 < score_points(PRIOR, Features(*features)) < 100


@pytest.mark.parametrize("wrong", [(0.1,) * 7, (float("nan"),) * 8])
def test_labels_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="feature"):
        learn([Label(wrong, alike=True)])


def test_a_volume_that_is_not_said_is_neither_for_nor_against():
    first, second = np.array([10, 10, 10, 0, np.nan]), np.array([20, 10, np.nan, 5, np.nan])
    assert ranking.volume_share(first, second, np.ones(5, bool)).tolist() == [0.5, 1.0, 0.5, 0.5, 0.5]
    assert ranking.volume_share(first, second, np.zeros(5, bool)).tolist() == [0.5] * 5


BITS = st.integers(0, 255)


@given(BITS, BITS, BITS, BITS)
def test_a_conflict_is_one_from_both_sides(wants, refuses, other_wants, other_refuses):
    there = conflicting(wants, refuses, other_wants, other_refuses)
    assert there == conflicting(other_wants, other_refuses, wants, refuses)
    assert not (
        agreeing(wants, other_wants) and there and not (wants & other_refuses or refuses & other_wants)
    )


def made_field(rng: np.random.Generator, count: int) -> Field:
    vectors = rng.normal(size=(count, 8)).astype(np.float32)
    start = rng.integers(740_000, 740_900, count).astype(np.float32)
    category = rng.integers(0, 6, count).astype(np.int32)
    return Field(
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        group=category // 3,
        category=category,
        body=rng.integers(0, 9, count).astype(np.int32),
        region=rng.integers(-1, 3, count).astype(np.int32),
        unit=category,
        start=start,
        end=start + rng.integers(0, 500, count).astype(np.float32),
        volume=np.where(rng.random(count) < 0.2, np.nan, rng.integers(1, 900, count)).astype(np.float32),
        wants=rng.integers(0, 4, (count, 3)).astype(np.uint8),
        refuses=rng.integers(0, 2, (count, 3)).astype(np.uint8),
    )


def by_hand(field: Field, need: int, other: int) -> float:
    """The log-odds of one pair in plain words; minus infinity where the two cannot match."""
    cosine = float(field.vectors[need] @ field.vectors[other])
    same = field.category[need] == field.category[other]
    if field.body[need] == field.body[other] or field.group[need] != field.group[other]:
        return -np.inf
    if not same and cosine < 0.3:
        return -np.inf
    days = min(field.end[need], field.end[other]) - max(field.start[need], field.start[other]) + 1
    topics = [(field.wants[n, t], field.refuses[n, t]) for t in range(3) for n in (need, other)]
    pairs = list(zip(topics[::2], topics[1::2], strict=True))
    features = Features(
        text=max(cosine, 0.0),
        window=ranking.window_share(days),
        same_category=float(same),
        sibling_category=float(not same),
        volume=float(ranking.volume_share(field.volume[need], field.volume[other], same)),
        same_region=float(field.region[need] == field.region[other] >= 0),
        conflicts=ranking.topic_share(sum(conflicting(*a, *b) for a, b in pairs)),
        agreements=ranking.topic_share(sum(agreeing(a[0], b[0]) for a, b in pairs)),
    )
    return float(log_odds(PRIOR, features))


@pytest.mark.parametrize("seed", range(3))
def test_the_best_are_those_that_comparing_one_by_one_finds(seed):
    field = made_field(np.random.default_rng(seed), 60)
    found: dict[int, list[tuple[int, float]]] = {}
    for block in best(field, field, PRIOR, most=60):
        for need, other, odds in zip(block.need, block.other, block.log_odds, strict=True):
            found.setdefault(int(need), []).append((int(other), float(odds)))
    for need in range(60):
        odds = {other: by_hand(field, need, other) for other in range(60) if other != need}
        expected = {other for other, value in odds.items() if np.isfinite(value)}
        assert {other for other, _ in found.get(need, [])} == expected
        for other, value in found.get(need, []):
            assert value == pytest.approx(odds[other], abs=1e-3)
        values = [value for _, value in found.get(need, [])]
        assert values == sorted(values, reverse=True)


def test_no_more_are_kept_than_asked_for_and_they_are_the_best():
    field = made_field(np.random.default_rng(9), 80)
    everything = {
        (int(need), int(other)): float(odds)
        for block in best(field, field, PRIOR, most=80)
        for need, other, odds in zip(block.need, block.other, block.log_odds, strict=True)
    }
    for block in best(field, field, PRIOR, most=5):
        for need in np.unique(block.need):
            kept = block.log_odds[block.need == need]
            ranked = sorted((v for (n, _), v in everything.items() if n == need), reverse=True)
            assert len(kept) == min(5, len(ranked))
            assert kept[0] == pytest.approx(ranked[0], abs=1e-4)
