"""Which requirements of several councils are the same line in other words.

Careful rather than clever: two lines are one only if they share nearly all words, if one says no more than a
little beyond the other, and if numbers, denials and bounds are the same. What is not recognised stays two
lines, and a person sees both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final, TypeVar

# Words that a requirement is wrapped in, and that say nothing about what is required.
_FILLERS: Final = """
    a an and any are as at be by can do does for from has have in is it its must need needs of on or our shall
    should solution supplier system that the their they this to we which will with would able allow allows
    provide provides support supports
"""
FILLERS: Final = frozenset(_FILLERS.split())
# One of these more or less makes another requirement of a line.
_DECISIVE: Final = """
    no not never none without cannot only except unless outside inside within before after under over above
    below more less most least fewer up down all each every optional until during
"""
DECISIVE: Final = frozenset(_DECISIVE.split())
# Of all different words of two lines, so many must stand in both.
LEAST_SHARED: Final = 0.8
# "Organisation" and "organization": as alike as that, and with the same beginning.
SPELLED_ALIKE: Final = 0.84
BEGINNING: Final = 4
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")

Key = TypeVar("Key")


def words(text: str) -> frozenset[str]:
    """Return the words that tell a line from others; plurals are taken as singular, "can't" as "cannot"."""
    found = (word.replace("’", "'") for word in _WORD.findall(text.casefold()))
    plain = ("cannot" if word.endswith("n't") else word.removesuffix("'s") for word in found)
    return frozenset(_singular(word) for word in plain if word not in FILLERS)


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


def alikeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how alike two lines are, 0 to 1; 0 where something decisive or a whole word is another."""
    if not first or not second or _decisive(first) != _decisive(second):
        return 0.0
    fewer, more = sorted((first - second, second - first), key=lambda words: (len(words), sorted(words)))
    respelled = [word for word in fewer if any(_same_word(word, other) for other in more)]
    if len(respelled) < len(fewer):
        return 0.0
    shared = len(first & second) + len(respelled)
    return shared / (shared + len(more) - len(respelled))


def _decisive(found: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in found if word in DECISIVE or word[0].isdigit())


def _same_word(first: str, second: str) -> bool:
    if first[:BEGINNING] != second[:BEGINNING]:
        return False
    # Which of two comes first would matter to the matcher.
    one, other = sorted((first, second))
    return SequenceMatcher(None, one, other).ratio() >= SPELLED_ALIKE


def same_line(text: str, others: Iterable[tuple[Key, str]]) -> Key | None:
    """Return the key of the line that a text is the same as, or None; of several the first most alike."""
    own, best, most = words(text), None, 0.0
    for key, other in others:
        equal = other.casefold().split() == text.casefold().split()
        share = 1.0 if equal else alikeness(own, words(other))
        if share >= LEAST_SHARED and share > most:
            best, most = key, share
    return best
