"""What a response says, what it lacks, and how what was handed in is written down."""

from __future__ import annotations

import enum
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from challenges.rules import states
from challenges.rules.content import Section
from challenges.rules.language import word_count
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused

CHANGED_MEANWHILE: Final = (
    "A colleague has saved this since you opened it. Copy what you wrote, then open the page again."
)
# Without letters and digits that are taken for each other.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Kind(enum.StrEnum):
    """What a receipt is for."""

    SUBMITTED = "submitted"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    LATE = "late"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.SUBMITTED: "Response submitted",
    Kind.REPLACED: "Response replaced",
    Kind.WITHDRAWN: "Response withdrawn",
    Kind.LATE: "Came too late, and was not taken",
}
# The nine levels as research programmes use them, in words of our own.
READINESS: Final[Mapping[int, str]] = {
    1: "1: we have an idea",
    2: "2: we know how it could work",
    3: "3: we have shown that its parts can work",
    4: "4: it works where we test",
    5: "5: it works where conditions are like real ones",
    6: "6: a prototype was tried by people like yours",
    7: "7: a prototype was tried in real work",
    8: "8: it is finished and tested",
    9: "9: somebody uses it every day",
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """The short answers of a response; `product` and `team` tell who responds."""

    product: str
    price_low_pence: int | None
    price_high_pence: int | None
    price_words: str
    readiness: int | None
    team: str


@dataclass(frozen=True, slots=True)
class Assured:
    """A line of a firm's assurance, as it goes with a response."""

    name: str
    answer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What a response lacks, and the field that it leads to."""

    field: str
    message: str


def new_code() -> str:
    """Return a name for a response that tells nothing."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def check_may_respond(actor: Actor) -> UUID:
    """Return the firm of somebody who can respond.

    Raises:
        NotAllowed: the actor does not act for a supplier.
    """
    if actor.organisation_id is None or actor.person_id is None or not actor.has(Role.SUPPLIER):
        raise NotAllowed("Only people of a supplier can respond.")
    return actor.organisation_id


def check_open(state: str, due_at: datetime | None, now: datetime) -> None:
    """Refuse a change of a draft once responses do not count any more.

    Raises:
        Refused: the deadline has passed, or the challenge is not open.
    """
    if not states.takes_responses(state, due_at, now):
        raise Refused("This challenge takes no responses any more.")


def missing(sections: Sequence[Section], answers: Mapping[int, str], said: Particulars) -> list[Missing]:
    """Return what is in the way of handing a response in, in the order of its page."""
    found: list[Missing] = []
    for position, section in enumerate(sections, 1):
        count = word_count(answers.get(position, ""))
        if not count:
            found.append(Missing(f"answer{position}", f"Answer “{section.title}”"))
        elif count > section.most_words:
            more = count - section.most_words
            found.append(
                Missing(
                    f"answer{position}",
                    f"“{section.title}” has {count} words, {more} more than "
                    f"the {section.most_words} that count",
                )
            )
    if not said.product:
        found.append(Missing("product", "Say what your product or service is called"))
    if said.price_high_pence is None:
        found.append(Missing("price_high", "Say what the pilot would cost at most"))
    if said.readiness is None:
        found.append(Missing("readiness", "Say how far it is"))
    return found


def check_whole(sections: Sequence[Section], answers: Mapping[int, str], said: Particulars) -> None:
    """Refuse to hand in what is not whole.

    Raises:
        Refused: with what is missing first.
    """
    if lacking := missing(sections, answers, said):
        raise Refused(f"{lacking[0].message}.", lacking[0].field)


def content_of(
    sections: Sequence[Section], answers: Mapping[int, str], said: Particulars, assured: Sequence[Assured]
) -> dict[str, Any]:
    """Return what judges read of a response: without the name of the product, and of whoever made it."""
    return {
        "sections": [
            {"title": section.title, "words": answers[position]}
            for position, section in enumerate(sections, 1)
        ],
        "price_low_pence": said.price_low_pence,
        "price_high_pence": said.price_high_pence,
        "price_words": said.price_words,
        "readiness": said.readiness,
        "assurance": [
            {"name": each.name, "answer": each.answer, "evidence": each.evidence} for each in assured
        ],
    }


def digest(challenge_id: UUID, code: str, content: Mapping[str, Any], said: Particulars) -> bytes:
    """Return the SHA-256 of all that is handed in, in one spelling: what a receipt vouches for."""
    whole = {
        "challenge": str(challenge_id),
        "response": code,
        "content": content,
        "product": said.product,
        "team": said.team,
    }
    return hashlib.sha256(
        json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).digest()
