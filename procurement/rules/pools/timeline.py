"""What happened in a pool, in words: one sentence for each action of the audit trail about pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# In braces: what the entry tells in its details, and `council`, the council that it is about.
SENTENCES: Final[Mapping[str, str]] = {
    "pool.commented": "wrote a comment",
    "pool.comment-removed": "removed their comment",
}
# Details that are somebody's own words: pages show them after the sentence, mail does not.
OWN_WORDS: Final = ("reason",)


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the audit trail about a pool.

    Attributes:
        council: short name of the council that the entry is about.
        of: short name of the council that the person acted for; empty for the service itself.
    """

    action: str
    details: Mapping[str, Any]
    council: str
    of: str


class _Told(dict[str, str]):
    """Details as a sentence takes them; what an entry does not tell is left empty."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(happening: Happening) -> str:
    """Return what was done, without who did it and without anybody's own words."""
    told = _Told({key: _plain(value) for key, value in happening.details.items() if key not in OWN_WORDS})
    told["council"] = happening.council or happening.of
    return " ".join(SENTENCES[happening.action].format_map(told).split())


def who(person_name: str, of: str) -> str:
    """Return who did something: a person with their council, or the service by itself."""
    return f"{person_name}, {of}" if of else "Buy Together"


def own_words(happening: Happening) -> str:
    """Return the reason that was given, or nothing."""
    return " ".join(str(happening.details[key]) for key in OWN_WORDS if happening.details.get(key))


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] -- JSON
    return "" if value is None else str(value)
