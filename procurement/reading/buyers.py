"""Which body a register means by a buyer's name: councils are written in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_FILLING: Final = frozenset(
    [
        "the",
        "council",
        "borough",
        "city",
        "county",
        "district",
        "metropolitan",
        "mbc",
        "bc",
        "cc",
        "dc",
        "unitary",
        "authority",
        "of",
        "and",
    ]
)
_COUNTY: Final = re.compile(r"\bcounty\b|\bcc\b")
# A council's name, " and ", another's: both say what they are.
_SEVERAL: Final = re.compile(r"\bcouncil\b.*\band\b.*\bcouncil$")


def key(name: str) -> str:
    """Return a name as it is compared: without the words that say what kind of council it is.

    A county keeps that it is one, because a city can have its name.
    """
    plain = re.sub(r"[^a-z0-9]+", " ", name.lower().replace("&", " and "))
    words = [word for word in plain.split() if word not in _FILLING]
    return " ".join(words) + (" (county)" if _COUNTY.search(plain) else "")


def index(bodies: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return key → code for (code, name); a key that several codes share is left out."""
    found: dict[str, set[str]] = {}
    for code, name in bodies:
        found.setdefault(key(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def code_of(name: str, known: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the code of a buyer, or None and the reason (a code of `contracts.REASONS`)."""
    if not name.strip():
        return None, "no_buyer"
    if code := known.get(key(name)):
        return code, ""
    if code := known.get(key(name).removesuffix(" (county)")):
        return code, ""
    return None, "buyer_several" if _SEVERAL.search(name.lower().strip()) else "buyer_unknown"
