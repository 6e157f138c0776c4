"""Fitting a model of texts. Loads scikit-learn, so only the worker, commands and benchmarks call it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.similarity.model import TextModel, Vectors, normalised
from analytics.similarity.words import PIECES, WORD_PAIRS, fingerprints

DIMENSIONS: Final = 256
MOST_WORDS: Final = 150_000
MOST_PIECES: Final = 200_000
# The SVD's time grows with the texts that it reads; beyond these a sample gives the same directions.
MOST_DECOMPOSED: Final = 30_000
# Rows that are projected at once.
_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model, and (n, dimensions) the vectors of the texts and of the background that it was fitted on."""

    model: TextModel
    vectors: Vectors
    background: Vectors


def fit(
    texts: Sequence[str],
    background: Sequence[str] = (),
    *,
    seed: int,
    dimensions: int = DIMENSIONS,
    most_decomposed: int = MOST_DECOMPOSED,
) -> Fitted:
    """Fit a model on texts.

    Args:
        texts: (n,) the texts that are to be told apart, in an order that is the same from run to run.
        background: (m,) texts of the field from which words are learnt too. Where there are more of them than
            texts, both count the same together: otherwise the directions would tell the background apart.
        seed: of the randomised SVD and of the sample that it reads.
        dimensions: how long vectors are at most.
        most_decomposed: the SVD reads so many texts, drawn with the seed; words are counted in all.

    Raises:
        ValueError: there is nothing to learn words from.

    Source:
        TF-IDF with sublinear counts of words (1-2) and characters within words (3-5), then a truncated SVD:
        Deerwester et al. (1990), "Indexing by Latent Semantic Analysis", JASIS 41(6), 391-407; Halko,
        Martinsson and Tropp (2011), "Finding structure with randomness", SIAM Review 53(2), 217-288.
    """
    # Seconds to load, and a hundred megabytes: the web process never comes here.
    import scipy.sparse as sp  # noqa: PLC0415
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415

    everything = [*texts, *background]
    analysers = _analysers(len(everything))
    weights = _weights(len(texts), len(background))
    weighed = [_weighed(analyser.fit_transform(everything), weights) for analyser in analysers]
    counted: Any = sp.hstack([block for block, _ in weighed]).tocsr()
    read = _read(counted, weights, seed=seed, most=most_decomposed)
    size = min(dimensions, read.shape[0], read.shape[1] - 1)
    svd: Any = TruncatedSVD(size, random_state=seed).fit(read)
    parts = np.ascontiguousarray(svd.components_.T, dtype=np.float16)
    facts = {
        "seed": seed,
        "texts": len(texts),
        "background": len(background),
        "decomposed": int(read.shape[0]),
        "texts_sha256": hashlib.sha256("\0".join(everything).encode()).hexdigest(),
        "versions": {name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
    }
    marks = np.concatenate(
        [
            fingerprints(kind, analyser.get_feature_names_out().tolist())
            for kind, analyser in zip("wc", analysers, strict=True)
        ]
    )
    idf = np.concatenate([block_idf for _, block_idf in weighed])
    order = np.argsort(marks)
    model = TextModel(marks[order], idf[order], parts[order], frozenset(ENGLISH_STOP_WORDS), facts)
    vectors = _projected(counted, parts)
    return Fitted(model, vectors[: len(texts)], vectors[len(texts) :])


def _analysers(text_count: int) -> tuple[Any, Any]:
    """Return what counts words and pieces, damped; what a feature weighs is not its business."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    usual: dict[str, Any] = {"use_idf": False, "norm": None, "sublinear_tf": True, "dtype": np.float32}
    by_word = TfidfVectorizer(ngram_range=WORD_PAIRS, stop_words="english", max_features=MOST_WORDS, **usual)
    by_piece = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=PIECES,
        min_df=min(2, text_count),
        max_features=MOST_PIECES,
        **usual,
    )
    return by_word, by_piece


def _weights(text_count: int, background_count: int) -> NDArray[np.float32]:
    """Return what each row counts: texts as much as the background together, where they are fewer."""
    raised = max(1.0, background_count / text_count) if text_count else 1.0
    return np.concatenate([np.full(text_count, raised), np.ones(background_count)]).astype(np.float32)


def _weighed(damped: Any, weights: NDArray[np.float32]) -> tuple[Any, NDArray[np.float32]]:
    """Return rows of length 1 with rare features raised, and by how much each feature is."""
    frequency = np.bincount(
        damped.indices, np.repeat(weights, np.diff(damped.indptr)), minlength=damped.shape[1]
    )
    idf = (np.log((1 + weights.sum()) / (1 + frequency)) + 1).astype(np.float32)
    damped.data *= idf[damped.indices]
    lengths = np.sqrt(np.asarray(damped.multiply(damped).sum(axis=1)).ravel())
    damped.data /= np.repeat(np.where(lengths > 0, lengths, 1).astype(np.float32), np.diff(damped.indptr))
    return damped, idf


def _read(counted: Any, weights: NDArray[np.float32], *, seed: int, most: int) -> Any:
    """Return the rows that the SVD reads, a sample of many, each counting as its weight says."""
    rows = np.arange(counted.shape[0])
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return counted[rows].multiply(np.sqrt(weights[rows])[:, None]).tocsr()


def _projected(counted: Any, parts: Any) -> Vectors:
    # With the rounded parts that the model keeps, so that a text has the same vector now and later.
    whole = parts.astype(np.float32)
    rows = range(0, counted.shape[0], _AT_ONCE)
    return np.concatenate([normalised(np.asarray(counted[at : at + _AT_ONCE] @ whole)) for at in rows])
