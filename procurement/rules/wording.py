"""Wording of requirements that the Procurement Act 2023 restricts.

The law (section 56): a technical specification may not refer to design, a particular licensing model or
characteristics where performance or function would do; it may not refer to a trade mark, patent, origin or
supplier unless necessary, and then with "or equivalent"; a UK standard only where equivalents are accepted.
What is found here is worth a look by a person: a rule of words knows no necessity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SOURCE: Final = "Procurement Act 2023, section 56"
# Products that councils name often; a list can only ever know some, so finding none proves nothing.
BRANDS: Final = (
    "Microsoft",
    "Office 365",
    "Microsoft 365",
    "SharePoint",
    "Azure",
    "AWS",
    "Amazon Web Services",
    "Google",
    "Oracle",
    "SAP",
    "Salesforce",
    "ServiceNow",
    "Civica",
    "Northgate",
    "Capita",
    "Liquidlogic",
    "Mosaic",
    "Esri",
    "ArcGIS",
    "Idox",
    "Uniform",
    "Adobe",
    "Cisco",
    "Dell",
    "Lenovo",
    "Apple",
    "iPad",
    "iPhone",
    "Windows",
    "Power BI",
    "Unit4",
    "Xerox",
    "Ricoh",
)
# Words that are a brand only where they are written as one.
_COMMON: Final = frozenset({"Apple", "Windows", "Mosaic", "Uniform", "Oracle", "SAP"})
_EQUIVALENT: Final = re.compile(r"\bor\s+(?:an?\s+|its\s+)?(?:equivalent|equal)", re.IGNORECASE)
_LICENCE: Final = re.compile(
    r"\b(?:perpetual|subscription|open[- ]source|proprietary|concurrent|named[- ]user|per[- ](?:user|seat)"
    r"|site)"
    r"[- ](?:based[- ])?licen[cs]\w+|\blicen[cs]ing model\b",
    re.IGNORECASE,
)
_ORIGIN: Final = re.compile(
    r"\b(?:UK|British|English|European|US|American)[- ]+(?:made|built|manufactured|sourced)\b"
    r"|\b(?:made|manufactured|produced) in (?:the )?(?:UK|United Kingdom|Britain|England)\b"
    r"|\b(?:UK|British)[- ](?:suppliers?|firms?|compan(?:y|ies)) only\b",
    re.IGNORECASE,
)
# BS EN and BS ISO are the UK editions of standards that others have too.
_UK_STANDARD: Final = re.compile(
    r"\bBS\s?(?!EN\b|ISO\b|IEC\b)\d{3,5}(?:-\d+)?\b|\bPAS\s?\d{2,5}\b|\bKitemark\b"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law restricts, in words for people, with its source."""

    code: str
    words: str
    source: str = SOURCE


BRAND: Final = Rule(
    "brand", "A trade mark or supplier is named only where necessary, and then with “or equivalent”."
)
ORIGIN: Final = Rule("origin", "An origin is named only where necessary, and then with “or equivalent”.")
LICENCE: Final = Rule(
    "licence", "A particular licensing model is not asked for where performance or function would do."
)
UK_STANDARD: Final = Rule("uk_standard", "A UK standard is named only if equivalent standards are accepted.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that a rule restricts."""

    rule: Rule
    found: str
    sentence: str


def _brand_pattern(brand: str) -> re.Pattern[str]:
    flags = 0 if brand in _COMMON else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(brand)}(?!\w)", flags)


_PATTERNS: Final = (
    *((BRAND, _brand_pattern(brand)) for brand in BRANDS),
    (ORIGIN, _ORIGIN),
    (LICENCE, _LICENCE),
    (UK_STANDARD, _UK_STANDARD),
)


def findings(text: str) -> list[Finding]:
    """Return what in a text is worth a look, sentence by sentence, in the order of the text.

    "Or equivalent" excuses a brand, an origin and a UK standard of the same sentence; a licensing model is
    not excused by it.
    """
    found: list[Finding] = []
    for sentence in sentences(text):
        excused = bool(_EQUIVALENT.search(sentence))
        here = [
            (match.start(), Finding(rule, match.group(), sentence))
            for rule, pattern in _PATTERNS
            if rule is LICENCE or not excused
            for match in pattern.finditer(sentence)
        ]
        found += [finding for _, finding in sorted(here, key=lambda each: each[0])]
    return list(dict.fromkeys(found))


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, without those that are empty."""
    parts = re.split(r"(?<=[.;!?])\s+|\n+", text)
    return [part.strip() for part in parts if part.strip()]
