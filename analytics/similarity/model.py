"""A fitted model of texts: the features it knows, what each weighs, how a new text gets its vector."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.similarity.words import fingerprints, pieces, words

_MAGIC: Final = b"btsimilar1"
_ALIGNED: Final = 64

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextModel:
    """TF-IDF of words and of pieces of words, brought down to a few dimensions by a truncated SVD.

    Attributes:
        known: (n_features,) fingerprints of the features, ascending.
        idf: (n_features,) inverse document frequency of each.
        parts: (n_features, dimensions) what each feature adds to a vector, as float16.
        stop_words: words that do not count.
        facts: what a reader may want to know of it: seed, versions of libraries, number of texts, a
            fingerprint of the texts.
    """

    known: NDArray[np.uint64]
    idf: NDArray[np.float32]
    parts: NDArray[np.float16]
    stop_words: frozenset[str]
    facts: Mapping[str, Any]

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return int(self.parts.shape[1])

    def vector(self, text: str) -> Vectors:
        """Return the vector of one text without fitting anything again.

        Args:
            text: any text; see `words.text_of` for a requirement's.

        Returns:
            (dimensions,) of length 1, so that a dot product is a cosine; zeros where nothing in the text is
            known.

        Source:
            Salton and Buckley (1988), "Term-weighting approaches in automatic text retrieval", Information
            Processing & Management 24(5), 513-523; Deerwester et al. (1990), "Indexing by Latent Semantic
            Analysis", JASIS 41(6), 391-407.
        """
        total = np.zeros(self.dimensions, np.float32)
        for kind, terms in (("w", words(text, self.stop_words)), ("c", pieces(text))):
            total += self._block(kind, terms)
        return normalised(total[None, :])[0]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return (n, dimensions), the vector of each text."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([self.vector(text) for text in texts])

    def _block(self, kind: str, terms: Sequence[str]) -> Vectors:
        counts = Counter(terms)
        marks = fingerprints(kind, counts)
        places = np.searchsorted(self.known, marks)
        places[places == len(self.known)] = 0
        here = self.known[places] == marks
        if not here.any():
            return np.zeros(self.dimensions, np.float32)
        often = np.fromiter(counts.values(), np.float32, len(counts))[here]
        weights = (1 + np.log(often)) * self.idf[places[here]]
        weights /= math.sqrt(float(weights @ weights))
        return weights @ self.parts[places[here]].astype(np.float32)

    def as_bytes(self) -> bytes:
        """Return the model as a file holds it: a line of JSON, then its arrays as they lie in memory."""
        header = json.dumps(
            {
                "features": len(self.known),
                "dimensions": self.dimensions,
                "stop_words": sorted(self.stop_words),
                "facts": dict(self.facts),
            },
            sort_keys=True,
        ).encode()
        start = _MAGIC + len(header).to_bytes(8, "little") + header
        start += bytes(-len(start) % _ALIGNED)
        arrays = (self.known.astype("<u8"), self.idf.astype("<f4"), self.parts.astype("<f2"))
        return start + b"".join(array.tobytes() for array in arrays)


def opened(path: Path) -> TextModel:
    """Open a model's file; its arrays stay on disk, and one text reads the few rows that it needs.

    Raises:
        ValueError: the file holds something else.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("not a model of texts")
        length = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(length))
        place = file.tell()
    place += -place % _ALIGNED
    count, dimensions = header["features"], header["dimensions"]

    def array(dtype: str, shape: tuple[int, ...]) -> Any:
        nonlocal place
        mapped = np.memmap(path, np.dtype(dtype), "r", place, shape)
        place += mapped.nbytes
        return mapped

    return TextModel(
        # Searched at random for every feature, so read whole: eight bytes each.
        np.array(array("<u8", (count,))),
        np.array(array("<f4", (count,))),
        array("<f2", (count, dimensions)),
        frozenset(header["stop_words"]),
        header["facts"],
    )


def sha256_of(content: bytes) -> str:
    """Return the hash by which a model's file is named."""
    return hashlib.sha256(content).hexdigest()


def normalised(vectors: Vectors) -> Vectors:
    """Return (n, d) vectors brought to length 1; those of zeros stay so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
