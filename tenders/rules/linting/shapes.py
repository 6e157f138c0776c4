"""Values that are there and have not the form of what they are: codes, addresses, identifiers, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from tenders.rules.areas import SHAPE
from tenders.rules.content import Content
from tenders.rules.linting.findings import OURS, REGULATIONS, Finding, Part, blocks, look

_NOTICE: Final = f"{REGULATIONS}regulation 18(2)"
_PARTY: Final = f"{REGULATIONS}regulation 13"
# A check digit may follow.
CPV: Final = re.compile(r"[0-9]{8}(?:-[0-9])?")
EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+")
# Letters and digits in groups; the second is how identifiers of the platform in published data look.
IDENTIFIER: Final = re.compile(r"[A-Za-z0-9]+(?:[-/.:_ ][A-Za-z0-9()]+)*")
OF_PLATFORM: Final = re.compile(r"P[A-Z]{3}-[0-9]{4}-[A-Z]{4}")
_LINK: Final = re.compile(r"(?:\b[a-z][a-z+]*:/{1,3}|\bwww\.)[^\s<>\"”’)]*", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)


def findings(content: Content) -> Iterator[Finding]:
    """Yield values that cannot be what they should be."""
    yield from _buyers(content)
    yield from _lots(content)
    for part, where, text in _texts(content):
        for link in broken_links(text):
            yield blocks(
                "link",
                part,
                f"{where}: “{link}” is no whole link. Write it as https://, a host and what follows.",
                OURS,
            )


def broken_links(text: str) -> list[str]:
    """Return what looks like a link in a text and leads nowhere."""
    found = (each.rstrip(".,;:!?") for each in _LINK.findall(text))
    return [link for link in found if not _whole(link)]


def _whole(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(host or ""))


def _buyers(content: Content) -> Iterator[Finding]:
    shared = Counter(buyer.identifier for buyer in content.buyers if buyer.identifier)
    for buyer in content.buyers:
        if buyer.email and not EMAIL.fullmatch(buyer.email):
            yield blocks(
                "email",
                Part.BUYERS,
                f"{buyer.name}: “{buyer.email}” is no e-mail address. Enter one such as "
                "procurement@example.org.",
                _PARTY,
            )
        if not buyer.identifier:
            continue
        said = f"{buyer.name}: “{buyer.identifier}”"
        if not IDENTIFIER.fullmatch(buyer.identifier):
            yield blocks(
                "identifier",
                Part.BUYERS,
                f"{said} cannot be an identifier: it is letters and digits in groups, on one line.",
                _PARTY,
            )
        elif not OF_PLATFORM.fullmatch(buyer.identifier):
            yield look(
                "identifier-form",
                Part.BUYERS,
                f"{said} is not as identifiers of the central platform look, such as PBBB-1111-DDDD. "
                "Compare it.",
                OURS,
            )
        if shared[buyer.identifier] > 1:
            yield blocks(
                "identifier-shared", Part.BUYERS, f"{said} is the identifier of two councils.", _PARTY
            )


def _lots(content: Content) -> Iterator[Finding]:
    for lot in content.lots:
        where = f"Lot {lot.number}"
        if lot.cpv and not CPV.fullmatch(lot.cpv):
            yield blocks(
                "cpv-form", Part.LOTS, f"{where}: “{lot.cpv}” is no CPV code. Enter eight digits.", _NOTICE
            )
        wrong = [code for code in lot.areas if not SHAPE.fullmatch(code)]
        if wrong:
            yield blocks(
                "area-form",
                Part.LOTS,
                f"{where}: “{wrong[0]}” is no code of an area. Enter it as UK, a letter and up to two signs.",
                _NOTICE,
            )


def _texts(content: Content) -> Iterator[tuple[Part, str, str]]:
    terms, course = content.terms, content.course
    yield Part.BASICS, "The description", content.description
    yield Part.BASICS, "The risks", content.risks
    yield Part.BASICS, "The reason for not dividing into lots", content.no_lots_reason
    yield Part.PROCEDURE, "How the procedure goes", course.stages
    yield Part.PROCEDURE, "What is said of market engagement", content.engagement_words
    yield Part.AWARD, "The method", content.method
    for lot in content.lots:
        yield Part.LOTS, f"Lot {lot.number}", f"{lot.description}\n{lot.options}"
    for each in content.requirements:
        yield Part.REQUIREMENTS, f"Requirement {each.position}", each.text
    for each in content.criteria:
        part = Part.CONDITIONS if each in content.conditions else Part.AWARD
        yield part, f"“{each.title}”", f"{each.description}\n{each.standard}"
    yield Part.TERMS, "How requests are submitted", terms.requests_how
    yield Part.TERMS, "The electronic auction", terms.auction_words
    yield Part.TERMS, "The further notice", terms.recurs_words
    yield Part.TERMS, "Technical specifications", terms.specifications
    yield Part.TERMS, "Payment terms", terms.payment_terms
