"""Whom a comment addresses: @ and the name of a person or a council that takes part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from values.refusals import Refused

# An @ inside a word is part of an address, and one before a space addresses nobody.
_SIGN: Final = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD: Final = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who acts for a member in a pool."""

    person_id: UUID
    name: str
    body_code: str
    body_name: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text addresses.

    Attributes:
        people: each once, in the order in which they come.
        spelled: the names as the text has them, without the @.
    """

    people: Sequence[UUID]
    spelled: Sequence[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as a page shows it: plain, or somebody's name."""

    text: str
    mention: bool = False


def resolve(text: str, participants: Sequence[Participant]) -> Mentions:
    """Return whom a text addresses.

    A person answers to their name, and to their name with the council in brackets; a council's name stands
    for all of its people. The longest name that fits counts, so that "@Ann Smithson" is not Ann Smith; case
    does not matter.

    Raises:
        Refused: a name means nobody who takes part, or people of different councils.
    """
    known = _known(participants)
    people: dict[UUID, None] = {}
    spelled: dict[str, None] = {}
    for at in _SIGN.finditer(text):
        found = _longest(text, at.end(), known)
        if found is None:
            word = _WORD.match(text, at.end())
            raise Refused(
                f"“@{word.group() if word else ''}” is nobody who takes part. Write a name as it "
                "stands under “Who can be mentioned”, or put a space after @",
                "text",
            )
        name, end = found
        _check_clear(text[at.end() : end], known[name])
        people |= dict.fromkeys(one.person_id for one in known[name])
        spelled[text[at.end() : end]] = None
    return Mentions(tuple(people), tuple(spelled))


def pieces(text: str, spelled: Sequence[str]) -> Sequence[Piece]:
    """Return a text in pieces, the names that it addresses apart; joined they are the text again."""
    found: list[Piece] = []
    done = 0
    for at in _SIGN.finditer(text):
        name = _longest(text, at.end(), spelled)
        if name is None:
            continue
        if at.start() > done:
            found.append(Piece(text[done : at.start()]))
        done = name[1]
        found.append(Piece(text[at.start() : done], mention=True))
    return [*found, Piece(text[done:])] if done < len(text) else found


def _known(participants: Sequence[Participant]) -> Mapping[str, Sequence[Participant]]:
    """Return whom each name means; a council's people count once, whether they are named like it or not."""
    known: defaultdict[str, dict[UUID, Participant]] = defaultdict(dict)
    for one in participants:
        for name in (one.name, f"{one.name} ({one.body_name})", one.body_name):
            known[name.lower()][one.person_id] = one
    return {name: tuple(meant.values()) for name, meant in known.items() if name}


def _longest(text: str, start: int, names: Iterable[str]) -> tuple[str, int] | None:
    """Return the longest of the names that stands at a place and ends where its word does, and its end."""
    fitting = (
        (name, match.end())
        for name in names
        if (match := re.compile(re.escape(name) + r"(?!\w)", re.IGNORECASE).match(text, start))
    )
    return max(fitting, key=lambda each: each[1], default=None)


def _check_clear(name: str, meant: Sequence[Participant]) -> None:
    """Refuse a name that people of different councils have.

    Raises:
        Refused: says how each of them is written.
    """
    if len({one.body_code for one in meant}) > 1:
        ways = " or ".join(sorted({f"“@{one.name} ({one.body_name})”" for one in meant}))
        raise Refused(f"“@{name}” could be people of different councils. Write {ways}", "text")
