"""Questions of suppliers: when one may be asked, what betrays its asker, when its answer may stay private."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from values.refusals import Refused

MOST_CHARACTERS: Final = 4000
# More than anybody needs, and few enough that nobody is buried.
MOST_FROM_ONE: Final = 100
SOURCE: Final = "Procurement Act 2023, section 94"


class Ground(enum.StrEnum):
    """Why an answer may be withheld from all others (section 94); there are no other grounds."""

    COMMERCIAL = "commercial"
    NATIONAL_SECURITY = "national-security"


GROUND_WORDS: Final = {
    Ground.COMMERCIAL: "Sensitive commercial information that an overriding public interest withholds",
    Ground.NATIONAL_SECURITY: "National security",
}


class State(enum.StrEnum):
    """How far a question has come."""

    ASKED = "asked"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    PRIVATE = "private"
    WITHDRAWN = "withdrawn"


STATE_WORDS: Final = {
    State.ASKED: "Waiting for an answer",
    State.DRAFTED: "Answer drafted",
    State.PUBLISHED: "Answered to all",
    State.PRIVATE: "Answered to its asker alone",
    State.WITHDRAWN: "Withdrawn by its asker",
}

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ADDRESS: Final = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_TELEPHONE: Final = re.compile(r"(?<!\d)(\+44|0)[\d ()-]{9,14}(?!\d)")


def check_asking(words: str, now: datetime, until: datetime | None, *, asked: int) -> str:
    """Return a question's words as they are kept.

    Raises:
        Refused: there are none or too many, it is too late, or its organisation asked too often.
    """
    words = words.strip()
    if not words:
        raise Refused("Enter a question.", "words")
    if len(words) > MOST_CHARACTERS:
        raise Refused(f"Ask in at most {MOST_CHARACTERS:,} characters.", "words")
    check_open(now, until)
    if asked >= MOST_FROM_ONE:
        raise Refused(f"An organisation can ask at most {MOST_FROM_ONE} questions here.", "words")
    return words


def check_open(now: datetime, until: datetime | None) -> None:
    """Refuse a question that comes too early or too late; the last moment is before `until`."""
    if until is None or now >= until:
        raise Refused("The time for questions is over.", "words")


def betrayals(words: str, suppliers: Iterable[str]) -> list[str]:
    """Return what in a question may tell who asked it: addresses, telephone numbers, names of suppliers.

    The asker's own name is not looked for in particular: whoever could ask that could find out by guessing.
    """
    found = [
        match.group().strip() for pattern in (_MAIL, _ADDRESS, _TELEPHONE) if (match := pattern.search(words))
    ]
    plain = words.casefold()
    found += [name for name in suppliers if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", plain)]
    return found


def check_answer(
    words: str, answer: str, ground: Ground | None, basis: str, found: Iterable[str], *, checked: bool
) -> None:
    """Refuse a draft that cannot be published.

    Args:
        words: the question as it is to be read.
        answer: what the buyers say.
        ground: why the answer goes to the asker alone, where it does.
        basis: what makes that ground hold here; everybody reads it.
        found: what may betray the asker.
        checked: an officer read that and says that it betrays nobody.

    Raises:
        Refused: something is missing, or may betray who asked.
    """
    if not words.strip():
        raise Refused("Enter the question as all may read it.", "words")
    if not answer.strip():
        raise Refused("Enter an answer.", "answer")
    if ground and not basis.strip():
        raise Refused(
            f"Say what makes this ground hold here: the fact and its basis are published ({SOURCE}).", "basis"
        )
    if basis.strip() and not ground:
        raise Refused(f"Choose the ground on which the answer stays private ({SOURCE}).", "ground")
    named = ", ".join(found)
    if named and not checked and not ground:
        raise Refused(
            f"This may tell who asked: {named}. Use other words, or confirm that it does not.",
            "words",
        )


def state_of(*, answered: bool, published_at: datetime | None, ground: str | None, withdrawn: bool) -> State:
    """Return how far a question has come."""
    if withdrawn:
        return State.WITHDRAWN
    if published_at:
        return State.PRIVATE if ground else State.PUBLISHED
    return State.DRAFTED if answered else State.ASKED
