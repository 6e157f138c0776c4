"""Who hears of a challenge, and in which words: people of its sponsors, and those who follow it.

Nothing here tells of responses: the entries that this reads hold nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from challenges.rules import happenings
from notifications.rules.telling import Reason, Wording


@dataclass(frozen=True, slots=True)
class Challenged:
    """An entry about a challenge.

    Attributes:
        about: the short name of the council that it is about; empty where it is about none.
        of: the short name of the council of whoever did it.
        followers: who follows the challenge today, where it is published.
    """

    entry_id: int
    at: datetime
    challenge_id: UUID
    title: str
    person_id: UUID | None
    person_name: str
    action: str
    details: Mapping[str, Any]
    about: str
    of: str
    followers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Sponsoring:
    """An officer or approver of a sponsor, as they are today."""

    challenge_id: UUID
    person_id: UUID


# The part of the challenge that an entry leads to, for people of its sponsors.
TOLD: Final[Mapping[str, str]] = {
    "challenge.approved": "/approval",
    "challenge.refused": "/approval",
    "challenge.published": "",
    "challenge.ended": "",
    "challenge.withdrawn": "",
    "challenge.deadline_moved": "",
    "challenge.sponsor_joined": "/sponsors",
    "challenge.sponsor_left": "/sponsors",
    "challenge.due_passed": "/responses",
    "challenge.phases_fixed": "/judging",
    "challenge.phase_begun": "/judging",
    "challenge.times_drawn": "/judging",
    "challenge.phase_decided": "/judging",
    "challenge.judged": "/judging",
    "challenge.pilot_started": "/pilots",
    "challenge.result_published": "/pilots",
    "challenge.result_due": "/pilots",
    "challenge.use_asked": "/pilots",
    "question.published": "/questions",
}
# What those who follow hear, in words of its own.
FOLLOWED: Final[Mapping[str, tuple[str, str]]] = {
    "question.published": ("/questions", "Answers to questions about a challenge were published"),
    "challenge.deadline_moved": ("", "The deadline of the challenge is later now"),
    "challenge.withdrawn": ("", "The councils withdrew the challenge: nobody can respond any more"),
    "challenge.due_passed": ("", "The challenge takes no responses any more"),
    "challenge.phase_decided": ("/judging", "A phase of the challenge was decided"),
    "challenge.result_published": ("/pilots", "The result of a pilot was published"),
    "challenge.use_asked": (
        "/pilots",
        "If your council took on what was tried: say whether it is still in use",
    ),
}
# What people of firms hear whose responses are in the phase that an entry names.
ANSWERED: Final[Mapping[str, tuple[str, str]]] = {
    "challenge.phase_decided": ("/outcome", "Read what came of your firm’s response, and why"),
    "challenge.times_drawn": ("/outcome", "Your firm has its time at the showcase"),
}


def notices(
    entries: Sequence[Challenged],
    sponsors: Sequence[Sponsoring],
    entrants: Mapping[str, Sequence[UUID]],
) -> Sequence[Wording]:
    """Return the notices that entries make, never for who did it; whom two reasons reach, the first.

    `entrants` are the people of firms whose responses are in a phase, by its id.
    """
    return [*_of_sponsors(entries, sponsors), *_of_entrants(entries, entrants), *_of_followers(entries)]


def _of_entrants(entries: Sequence[Challenged], entrants: Mapping[str, Sequence[UUID]]) -> list[Wording]:
    return [
        _wording(each, person_id, Reason.RESPONDS, text, place)
        for each in entries
        if each.action in ANSWERED
        for place, text in [ANSWERED[each.action]]
        for person_id in entrants.get(each.details.get("phase_id", ""), ())
    ]


def _of_sponsors(entries: Sequence[Challenged], sponsors: Sequence[Sponsoring]) -> list[Wording]:
    return [
        _wording(each, one.person_id, Reason.SPONSORS, words(each), TOLD[each.action])
        for each in entries
        if each.action in TOLD
        for one in sponsors
        if one.challenge_id == each.challenge_id and one.person_id != each.person_id
    ]


def _of_followers(entries: Sequence[Challenged]) -> list[Wording]:
    return [
        _wording(each, person_id, Reason.FOLLOWS_CHALLENGE, text, place)
        for each in entries
        if each.action in FOLLOWED
        for place, text in [FOLLOWED[each.action]]
        for person_id in each.followers
        if person_id != each.person_id
    ]


def _wording(each: Challenged, person_id: UUID, reason: Reason, text: str, place: str) -> Wording:
    return Wording(
        person_id,
        each.entry_id,
        each.at,
        each.title,
        reason,
        text,
        f"/challenges/{each.challenge_id}{place}",
        challenge_id=each.challenge_id,
    )


def words(told: Challenged) -> str:
    """Return a notice's sentence. It holds nobody's own words: it is also sent by mail."""
    who = f"{told.person_name} of {told.of}" if told.of else "Buy Together"
    return f"{who} {happenings.sentence(told.action, told.details, told.about or told.of)}"
