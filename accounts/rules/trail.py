"""Entries of the audit trail in words: a slice has a sentence for each of its actions; this fills it in."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from values.dates import instant

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")


class _Told(dict[str, str]):
    """Details as a sentence takes them; what an entry does not tell is left empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Words:
    """How a slice says what was done.

    Attributes:
        sentences: by the action. In braces: what the entry tells in its details, and `council`, the council
            that it is about; `numbers` is from `first` to `last`, which may be the same.
        otherwise: for an action that a later version wrote. A test finds actions without a sentence; a page
            must not fail for one.
        own: details that are somebody's own words: pages show them after the sentence, mail does not.
    """

    sentences: Mapping[str, str]
    otherwise: str
    own: tuple[str, ...] = ("reason",)

    def sentence(self, action: str, details: Mapping[str, Any], council: str) -> str:
        """Return what was done, without who did it and without anybody's own words."""
        told = _Told({key: _plain(value) for key, value in details.items() if key not in self.own})
        told["council"] = council
        if "first" in told and "last" in told:
            first, last = told["first"], told["last"]
            told["numbers"] = first if first == last else f"{first} to {last}"
        return " ".join(self.sentences.get(action, self.otherwise).format_map(told).split())

    def own_words(self, details: Mapping[str, Any]) -> str:
        """Return the reason that was given, or nothing."""
        return " ".join(str(details[key]) for key in self.own if details.get(key))


def who(person_name: str, of: str) -> str:
    """Return who did something: a person with their council, or the service by itself."""
    return f"{person_name}, {of}" if of else "Buy Together"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] -- JSON
    text = "" if value is None else str(value)
    if _INSTANT.fullmatch(text):
        # Somebody's own words may look like an instant and be none.
        with contextlib.suppress(ValueError):
            return instant(datetime.fromisoformat(text))
    return text
