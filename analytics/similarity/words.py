"""What a text is made of: its words, pairs of words, and pieces of words.

The same pieces as scikit-learn's analysers give (a test compares both), without loading scikit-learn: one
new text gets its vector in a process that never fitted anything.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

WORD_PAIRS: Final = (1, 2)
PIECES: Final = (3, 5)
FIRST_CHARACTERS: Final = 600
_WORD: Final = re.compile(r"(?u)\b\w\w+\b")
_SPACES: Final = re.compile(r"\s\s+")


def text_of(title: str, description: str) -> str:
    """Return what stands for a requirement: its title twice, then the first 600 characters that describe it.

    Source:
        The weighting that did best on council notices; see `docs/matching.md`.
    """
    return f"{title}. {title}. {description[:FIRST_CHARACTERS]}"


def words(text: str, stop_words: Collection[str]) -> list[str]:
    """Return words of two letters and more, and pairs of neighbours, in lower case without stop words.

    Source:
        scikit-learn, `TfidfVectorizer(ngram_range=(1, 2), stop_words=...)`.
    """
    single = [word for word in _WORD.findall(text.lower()) if word not in stop_words]
    return single + [f"{first} {second}" for first, second in itertools.pairwise(single)]


def pieces(text: str) -> list[str]:
    """Return runs of three to five characters within each word, a space standing for its ends.

    Source:
        scikit-learn, `TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))`.
    """
    found: list[str] = []
    for word in _SPACES.sub(" ", text.lower()).split():
        padded = f" {word} "
        for size in range(PIECES[0], PIECES[1] + 1):
            if len(padded) <= size:
                # A word that is no longer than the run counts once.
                found.append(padded)
                break
            found += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return found


def fingerprints(kind: str, terms: Collection[str]) -> NDArray[np.uint64]:
    """Return a number for each term, by which a model knows it.

    Args:
        kind: "w" for words, "c" for pieces: the same letters as a word and as a piece are two features.
        terms: (n,) any texts.

    Returns:
        (n,) the first 8 bytes of BLAKE2b. Among 300,000 terms two share one with odds of 1 to 400 million.
    """
    digests = b"".join(hashlib.blake2b(f"{kind}:{term}".encode(), digest_size=8).digest() for term in terms)
    return np.frombuffer(digests, dtype="<u8")
