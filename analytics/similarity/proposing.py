"""Proposing one kind of texts to another: what fits stands first, with why, and nothing is left out.

Words and pieces of words are weighed by how rare they are among the texts at hand, so that nothing has to be
fitted before: there are some hundred texts, and not a hundred thousand.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.similarity.words import pieces, words

# Chosen on generated worlds that the test does not use: more would let a category that is said wrongly stand
# above a text that fits.
SAME_CATEGORY: Final = 0.06
SIBLING_CATEGORY: Final = 0.02
# Below this, in another category, a proposal would be chance: it stays in the list and is not proposed.
LEAST_POINTS: Final = 0.1
MOST_SHARED: Final = 4
# Words without which English does not do; they say nothing about what a text is about.
COMMON: Final = frozenset(
    [
        "about",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "each",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "more",
        "most",
        "must",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "same",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "under",
        "until",
        "up",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A text with the categories that it is about."""

    text: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How well one text fits the one asked for.

    Attributes:
        index: of the text among those that were offered.
        points: its likeness, with what categories add.
        shared: words in both, those that say most first.
        category: "same", "sibling" or nothing.
    """

    index: int
    points: float
    shared: tuple[str, ...]
    category: str

    @property
    def worth_a_look(self) -> bool:
        """Whether it is proposed; all others stay in the list."""
        return self.points >= LEAST_POINTS or self.category == "same"


def ranked(asked: Offered, offered: Sequence[Offered], groups: Mapping[str, str]) -> list[Proposal]:
    """Return all texts that are offered, the best fit first; of equals the earlier.

    Args:
        asked: the text that something is proposed to.
        offered: (n,) what may be proposed.
        groups: category to its group; two of one group are siblings.

    Returns:
        (n,) proposals: TF-IDF cosines of words and of pieces, half each, plus what categories add.

    Source:
        Salton and Buckley (1988), "Term-weighting approaches in automatic text retrieval", Information
        Processing & Management 24(5), 513-523.
    """
    everything = [asked, *offered]
    by_word = _weighed([_counted(each.text)[0] for each in everything])
    by_piece = _weighed([_counted(each.text)[1] for each in everything])
    found = []
    for index, each in enumerate(offered):
        parts = _parts(by_word[0], by_word[index + 1])
        likeness = (sum(parts.values()) + sum(_parts(by_piece[0], by_piece[index + 1]).values())) / 2
        category = _category(asked.categories, each.categories, groups)
        added = {"same": SAME_CATEGORY, "sibling": SIBLING_CATEGORY}.get(category, 0.0)
        single = sorted((word for word in parts if " " not in word), key=lambda word: (-parts[word], word))
        found.append(Proposal(index, likeness + added, tuple(single[:MOST_SHARED]), category))
    return sorted(found, key=lambda each: (-each.points, each.index))


@functools.lru_cache(maxsize=1024)
def _counted(text: str) -> tuple[Counter[str], Counter[str]]:
    return Counter(words(text, COMMON)), Counter(pieces(text))


def _category(asked: frozenset[str], offered: frozenset[str], groups: Mapping[str, str]) -> str:
    if asked & offered:
        return "same"
    near = {groups[code] for code in asked if code in groups}
    return "sibling" if near & {groups[code] for code in offered if code in groups} else ""


def _weighed(counted: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Return texts as weights of length 1: damped counts, raised by how rare a term is."""
    seen = Counter(term for counts in counted for term in counts)
    rows = []
    for counts in counted:
        row = {
            term: (1 + math.log(often)) * (math.log((1 + len(counted)) / (1 + seen[term])) + 1)
            for term, often in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in row.values())) or 1.0
        rows.append({term: weight / length for term, weight in row.items()})
    return rows


def _parts(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    few, many = sorted((first, second), key=len)
    return {term: weight * many[term] for term, weight in few.items() if term in many}
