"""Requirements of two councils that may not go together, found by rules of words.

A rule of words knows neither context nor intention: what is found is worth a look, and finding nothing
proves nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from procurement.rules.wording import sentences


@dataclass(frozen=True, slots=True)
class Topic:
    """Something on which requirements can differ, and the words for each position."""

    name: str
    positions: tuple[tuple[str, re.Pattern[str]], ...]


def _topic(name: str, **positions: str) -> Topic:
    compiled = ((value.replace("_", " "), re.compile(p, re.IGNORECASE)) for value, p in positions.items())
    return Topic(name, tuple(compiled))


# A topic has at most eight positions: they are bits of one byte.
TOPICS: Final = (
    _topic(
        "where it runs",
        on_premises=r"\bon[- ]prem(?:ises?|s)?\b|\bin (?:our|the council's) own data cent(?:re|er)\b"
        r"|\b(?:locally|self)[- ]hosted\b|\bhosted (?:locally|on our (?:own )?servers)\b",
        cloud=r"\bcloud\b|\bSaaS\b|\bsoftware as a service\b|\b(?:supplier|vendor)[- ]hosted\b"
        r"|\bhosted by the supplier\b",
    ),
    _topic(
        "where data is kept",
        UK_only=r"\b(?:UK|United Kingdom)[- ](?:only|based|hosted|data cent(?:re|er)s?)\b"
        r"|\b(?:host|hosted|held|kept|stored|stay|stays|remain|remains|processed|reside)\b[^.;]{0,40}"
        r"\b(?:UK|United Kingdom)\b(?! or)",
        UK_or_EEA=r"\b(?:UK or (?:the )?(?:EEA|EU)|EEA or UK|European Economic Area)\b",
        anywhere=r"\b(?:hosted|held|kept|stored|processed)\b[^.;]{0,30}"
        r"\b(?:anywhere|any country|worldwide)\b",
    ),
    _topic(
        "how people sign in",
        SAML=r"\bSAML\b",
        OpenID_Connect=r"\bOpen ?ID(?: Connect)?\b|\bOIDC\b|\bOAuth\b",
        LDAP=r"\bLDAPS?\b|\bKerberos\b",
    ),
    _topic(
        "format of exports",
        CSV=r"\bCSV\b",
        XML=r"\bXML\b",
        JSON=r"\bJSON\b",
        PDF=r"\bPDF(?:/A)?\b",
        spreadsheet=r"\bXLSX?\b|\bspreadsheets?\b",
    ),
    _topic(
        "format of maps",
        GeoJSON=r"\bGeoJSON\b",
        shapefile=r"\bshape ?files?\b",
        GeoPackage=r"\bGeoPackage\b|\bGPKG\b",
        WFS=r"\bWFS\b",
    ),
    _topic(
        "style of interfaces",
        REST=r"\bREST(?:ful)?\b",
        SOAP=r"\bSOAP\b",
        GraphQL=r"\bGraphQL\b",
        file_transfer=r"\bSFTP\b|\b(?:nightly|daily|batch) files?\b",
    ),
    _topic(
        "hours of support",
        at_all_hours=r"\b24\s?[/x×]\s?7\b|\b24 hours(?: a day)?\b|\baround the clock\b|\bat all hours\b",
        working_hours=r"\b(?:office|working|business|core) hours\b|\bMonday to Friday\b"
        r"|\b(?:0?9(?:[:.]00)?|8(?:[:.]30)?)\s?(?:am)? ?(?:to|-|–) ?(?:5|17)(?:[:.][03]0)?\s?(?:pm)?\b",
    ),
    _topic(
        "shared or own installation",
        own=r"\b(?:single|dedicated)[- ](?:tenan\w+|instance|environment)\b",
        shared=r"\bmulti[- ]?tenan\w+\b|\bshared (?:instance|platform|environment)\b",
    ),
)
_NOT: Final = re.compile(
    r"\b(?:must|shall|should|may|can|will|is|are)\s?(?:not|n't|never)\b|\bcannot\b|\bnever\b|\bno\b|\bwithout\b"
    r"|\bnot be\b",
    re.IGNORECASE,
)
_EMPTY: Final = frozenset({
    "a", "an", "and", "any", "all", "are", "as", "at", "be", "been", "being", "by", "can", "cannot",
    "do", "does", "for", "from", "has", "have", "in", "into", "is", "it", "its", "may", "must", "never",
    "no", "not", "of", "on", "only", "or", "our", "shall", "should", "so", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "to", "us", "very", "we", "will",
    "with", "without", "would",
})  # fmt: skip
_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[.'’/-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Stance:
    """What one line says on one topic: bits of the positions it asks for, and of those it rules out."""

    topic: int
    wants: int
    refuses: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two lines that may not go together."""

    about: str
    own: str
    other: str


def lines_of(must: Sequence[str], *texts: str) -> tuple[str, ...]:
    """Return what is required: the must lines, and the sentences of texts such as standards."""
    return (*must, *(sentence for text in texts for sentence in sentences(text)))


@functools.lru_cache(maxsize=20_000)
def stances(line: str) -> tuple[Stance, ...]:
    """Return what a line says on each topic that it touches."""
    negated = bool(_NOT.search(line))
    found: list[Stance] = []
    for number, topic in enumerate(TOPICS):
        bits = sum(1 << bit for bit, (_, words) in enumerate(topic.positions) if words.search(line))
        if bits:
            found.append(Stance(number, 0, bits) if negated else Stance(number, bits, 0))
    return tuple(found)


def masks(lines: Sequence[str]) -> tuple[bytes, bytes]:
    """Return all that lines ask for and all that they rule out, a byte of bits a topic."""
    wants, refuses = bytearray(len(TOPICS)), bytearray(len(TOPICS))
    for line in lines:
        for stance in stances(line):
            wants[stance.topic] |= stance.wants
            refuses[stance.topic] |= stance.refuses
    return bytes(wants), bytes(refuses)


def conflicts(own: Sequence[str], other: Sequence[str]) -> list[Conflict]:
    """Return where lines of two needs may conflict: at most one pair a topic, then opposite lines alike."""
    wants, refuses = masks(own)
    other_wants, other_refuses = masks(other)
    found: list[Conflict] = []
    for number, topic in enumerate(TOPICS):
        against = (wants[number] & other_refuses[number]) or (refuses[number] & other_wants[number])
        both = wants[number] and other_wants[number]
        if against or (both and not wants[number] & other_wants[number]):
            found.append(Conflict(topic.name, _line(own, number), _line(other, number)))
    said = {(conflict.own, conflict.other) for conflict in found}
    return found + [each for each in _opposites(own, other) if (each.own, each.other) not in said]


def agreements(own: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the topics on which both ask for something the same, with what that is."""
    wants, other_wants = masks(own)[0], masks(other)[0]
    found: list[str] = []
    for number, topic in enumerate(TOPICS):
        shared = wants[number] & other_wants[number]
        values = [value for bit, (value, _) in enumerate(topic.positions) if shared >> bit & 1]
        if values:
            found.append(f"{topic.name}: {', '.join(values)}")
    return found


def _line(lines: Sequence[str], topic: int) -> str:
    return next(line for line in lines if any(stance.topic == topic for stance in stances(line)))


@functools.lru_cache(maxsize=20_000)
def _phrase(line: str) -> tuple[frozenset[str], bool]:
    """The words of a line that carry its sense, and whether it says no."""
    kept = (word for word in _PLAIN.findall(line.lower().replace("n't", " not")) if word not in _EMPTY)
    return frozenset(kept), bool(_NOT.search(line))


def _opposites(own: Sequence[str], other: Sequence[str]) -> list[Conflict]:
    """Lines with the same words, of which one says no."""
    by_phrase = {_phrase(line): line for line in other}
    found: list[Conflict] = []
    for line in own:
        phrase, negated = _phrase(line)
        against = by_phrase.get((phrase, not negated))
        if phrase and against is not None:
            found.append(Conflict("opposite requirements", line, against))
    return found
