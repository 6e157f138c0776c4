"""Plain language: how old a reader must be, which words are jargon, which sentences are long.

Each finding points at its place in a text. It is advice and stops nobody.

Source:
    Kincaid, Fishburne, Rogers and Chissom (1975), "Derivation of New Readability Formulas for Navy Enlisted
    Personnel", Research Branch Report 8-75: grade = 0.39 words/sentences + 11.8 syllables/words - 15.59. A
    reading age is the grade plus five, as children start school at five.
"""

from __future__ import annotations

import csv
import enum
import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

# GOV.UK, "Writing for GOV.UK": sentences of more than 25 words are hard to follow for many.
LONG_SENTENCE_WORDS: Final = 25
# GOV.UK asks for a reading age of nine; a statement for firms may ask for some more, and then says so.
HIGH_READING_AGE: Final = 14
# Below this a formula about averages says nothing.
LEAST_WORDS: Final = 30
YEARS_BEFORE_SCHOOL: Final = 5

_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ0-9]+(?:[’'-][A-Za-zÀ-ÿ0-9]+)*")
# A sentence ends with its mark, or with its line: lists have lines without marks.
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]*")
_VOWELS: Final = re.compile(r"[aeiouyà-ÿ]+")


class Kind(enum.StrEnum):
    """What a finding is about."""

    READING_AGE = "reading-age"
    SENTENCE = "sentence"
    JARGON = "jargon"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is hard to read.

    Attributes:
        start, end: its place in the text, in characters.
        quote: the words at that place; of a long text, its beginning.
        advice: what it means or what to do.
    """

    kind: Kind
    start: int
    end: int
    quote: str
    advice: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of jargon, what it means, and what to say instead."""

    term: str
    meaning: str
    instead: str


@functools.cache
def jargon() -> Mapping[str, Term]:
    """Return the words of jargon by themselves in lower case; short forms keep their capitals."""
    rows = csv.DictReader((files("challenges") / "data" / "jargon.csv").read_text("utf-8").splitlines())
    terms = [Term(row["term"], row["meaning"], row["instead"]) for row in rows]
    return {_key(each.term): each for each in terms}


def _key(term: str) -> str:
    return term if _is_short_form(term) else term.lower()


def _is_short_form(term: str) -> bool:
    return sum(letter.isupper() for letter in term) > 1


@functools.cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(jargon().values(), key=lambda each: -len(each.term))
    parts = [
        re.escape(each.term) if _is_short_form(each.term) else f"(?i:{re.escape(each.term)})"
        for each in longest
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])")


def word_count(text: str) -> int:
    """Return how many words a text has; a word with a hyphen or an apostrophe is one."""
    return len(_WORD.findall(text))


def syllables(word: str) -> int:
    """Return about how many syllables a word has: groups of vowels, without a silent e at the end."""
    bare = word.lower().strip("’'")
    if bare.isdigit():
        return 1
    found = len(_VOWELS.findall(bare))
    silent = (bare.endswith("e") and not bare.endswith(("le", "ee"))) or bare.endswith(("es", "ed"))
    if silent and found > 1 and not bare.endswith(("ses", "ces", "zes", "xes", "ches", "shes", "ted", "ded")):
        found -= 1
    return max(found, 1)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends."""
    for match in _SENTENCE.finditer(text):
        if _WORD.search(match.group()):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield start, match.start() + len(match.group().rstrip())


def reading_age(text: str) -> float | None:
    """Return the age from which a text can be read; None where it is too short to say.

    Never below five: the formula goes below zero for very short words and sentences.
    """
    words = _WORD.findall(text)
    if len(words) < LEAST_WORDS:
        return None
    parts = max(1, sum(1 for _ in sentences(text)))
    spoken = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / parts + 11.8 * spoken / len(words) - 15.59
    return max(grade, 0.0) + YEARS_BEFORE_SCHOOL


def findings(text: str) -> list[Finding]:
    """Return what is hard to read in a text, in the order of their places; the whole comes first."""
    age = reading_age(text)
    whole = []
    if age is not None and age > HIGH_READING_AGE:
        advice = f"Reading age {age:.0f}: shorter sentences and shorter words would bring more readers along"
        whole = [Finding(Kind.READING_AGE, 0, len(text), _shortened(text), advice)]
    return whole + sorted([*_long(text), *_jargon(text)], key=lambda each: (each.start, each.kind))


def _long(text: str) -> Iterator[Finding]:
    for start, end in sentences(text):
        count = word_count(text[start:end])
        if count > LONG_SENTENCE_WORDS:
            advice = f"{count} words in one sentence: make two of it"
            yield Finding(Kind.SENTENCE, start, end, _shortened(text[start:end]), advice)


def _jargon(text: str) -> Iterator[Finding]:
    for match in _pattern().finditer(text):
        term = jargon()[_key(match.group()) if _key(match.group()) in jargon() else match.group().lower()]
        advice = f"It means: {term.meaning}. Instead: {term.instead}"
        yield Finding(Kind.JARGON, match.start(), match.end(), match.group(), advice)


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= 12 else " ".join(words[:12]) + " …"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `number` is that of the finding that begins with it, `hard` that one covers it."""

    text: str
    hard: bool
    number: int | None


def marked(text: str) -> list[Piece]:
    """Return a text in pieces, so that a page can mark what findings are about; joined, they are the text.

    The finding about the whole has no mark: it would cover all others.
    """
    places = [
        (number, each) for number, each in enumerate(findings(text), 1) if each.kind is not Kind.READING_AGE
    ]
    edges = sorted({0, len(text), *(edge for _, each in places for edge in (each.start, each.end))})
    begins = {}
    for number, each in places:
        begins.setdefault(each.start, number)
    return [
        Piece(
            text[first:last],
            any(each.start <= first and last <= each.end for _, each in places),
            begins.get(first),
        )
        for first, last in itertools.pairwise(edges)
    ]
