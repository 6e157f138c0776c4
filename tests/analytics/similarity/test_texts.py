"""Texts as vectors: the same pieces as scikit-learn, the same vector now and later, in any process."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from analytics.similarity import model as models
from analytics.similarity import words
from analytics.similarity.fitting import fit
from analytics.similarity.quality import mean_average_precision

TEXTS = [
    "Library management system for all branches",
    "Library self service kiosks",
    "Street lighting maintenance",
    "Maintenance of street lights and columns",
    "Adult social care case records",
    "Records of children in care",
    "Waste collection rounds and bins",
    "Collection of household waste",
]
BACKGROUND = [
    "Library software package",
    "Refuse disposal and treatment",
    "Road lighting",
    "Case management",
] * 4


@pytest.fixture(scope="module")
def fitted():
    return fit(TEXTS, BACKGROUND, seed=1, dimensions=12)


@given(st.text(max_size=80))
def test_words_and_pieces_are_those_of_scikit_learn(text):
    by_word = TfidfVectorizer(ngram_range=(1, 2), stop_words="english").build_analyzer()
    by_piece = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()
    assert words.words(text, ENGLISH_STOP_WORDS) == by_word(text)
    assert sorted(words.pieces(text)) == sorted(by_piece(text))


def test_a_new_text_has_the_vector_that_the_fit_gave_it(fitted):
    assert np.allclose(fitted.model.vectors(TEXTS), fitted.vectors, atol=1e-5)
    assert np.allclose(fitted.model.vectors(BACKGROUND), fitted.background, atol=1e-5)


def test_what_belongs_together_is_nearest(fitted):
    near = fitted.vectors @ fitted.vectors.T - 2 * np.eye(len(TEXTS))
    assert near.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4, 7, 6]


def test_a_model_comes_back_from_its_file_as_it_was(fitted, tmp_path):
    place = tmp_path / "a.model"
    place.write_bytes(fitted.model.as_bytes())
    back = models.opened(place)
    assert back.facts == fitted.model.facts
    assert back.facts["seed"] == 1
    assert set(back.facts["versions"]) == {"numpy", "scipy", "scikit-learn"}
    assert np.array_equal(back.vectors(TEXTS), fitted.model.vectors(TEXTS))
    place.write_bytes(b"something else, and long enough to be read")
    with pytest.raises(ValueError, match="not a model"):
        models.opened(place)


def test_the_same_seed_makes_the_same_model(fitted):
    again = fit(TEXTS, BACKGROUND, seed=1, dimensions=12)
    assert models.sha256_of(again.model.as_bytes()) == models.sha256_of(fitted.model.as_bytes())


def test_of_many_texts_the_decomposition_reads_a_sample():
    drawn = fit(TEXTS, BACKGROUND, seed=1, dimensions=6, most_decomposed=10)
    assert drawn.model.facts["decomposed"] == 10
    assert len(drawn.vectors) == len(TEXTS)


@settings(max_examples=30)
@given(text=st.text(max_size=200))
def test_a_vector_has_length_one_or_nothing_is_known(fitted, text):
    length = float(np.linalg.norm(fitted.model.vector(text)))
    assert length == pytest.approx(1, abs=1e-4) or length == 0


def test_no_text_and_unknown_words_have_no_direction(fitted):
    assert not fitted.model.vector("").any()
    assert fitted.model.vectors([]).shape == (0, fitted.model.dimensions)


def test_average_precision_is_that_of_the_textbook():
    scores = np.array([[0, 3, 2, 1], [3, 0, 2, 1], [1, 3, 0, 2], [1, 2, 3, 0]], float)
    kinds = np.array([0, 1, 0, 1])
    got = mean_average_precision(
        lambda start, end: scores[start:end],
        lambda asked: kinds == kinds[asked],
        lambda _: np.ones(4, bool),
        count=4,
        k=3,
    )
    # Found at rank 2, 3, 3, 2.
    assert got.map_at_k == pytest.approx((1 / 2 + 1 / 3 + 1 / 3 + 1 / 2) / 4)
    assert got.asked_count == 4
