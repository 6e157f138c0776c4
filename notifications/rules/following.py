"""Who hears of a tender because they follow it, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from notifications.rules.telling import Reason, Wording
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class Followed:
    """An entry about a tender, and those who follow it."""

    entry_id: int
    at: datetime
    tender_id: UUID
    title: str
    by: UUID | None
    action: str
    details: Mapping[str, Any]
    people: tuple[UUID, ...]


def notices(entries: Sequence[Followed]) -> Sequence[Wording]:
    """Return the notices that entries make for those who follow, never for who did it.

    That a tender takes questions at all goes without saying; that it takes them longer is news.
    """
    return [
        Wording(
            person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.FOLLOWS_TENDER,
            words(each),
            f"/tenders/{each.tender_id}{HREFS[each.action]}",
            tender_id=each.tender_id,
        )
        for each in entries
        if each.action != "subject.questions-until" or each.details.get("moved")
        for person_id in each.people
        if person_id != each.by
    ]


def _answered(details: Mapping[str, Any]) -> str:
    first, last = details.get("first"), details.get("last")
    if first == last:
        return f"Question {first} was answered"
    return f"Questions {first} to {last} were answered"


def _later(details: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(details["until"]).astimezone(LONDON)
    return f"Tenders are due later now: {at:%H:%M} on {at.day} {at:%B %Y}"


def _corrected(_details: Mapping[str, Any]) -> str:
    return "The tender was corrected: read what changed. A bid that is in can be replaced until the deadline"


def _ended(_details: Mapping[str, Any]) -> str:
    return "The tender was terminated: nothing will be awarded under it"


def _published(_details: Mapping[str, Any]) -> str:
    return "What was planned has become a tender: read it, and until when tenders are due"


def _until(_details: Mapping[str, Any]) -> str:
    return "Suppliers can ask questions for longer"


# What is told, and the part of the tender that it leads to.
WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "question.published": _answered,
    "subject.questions-until": _until,
    "tender.corrected": _corrected,
    "tender.deadline_extended": _later,
    "tender.published": _published,
    "tender.terminated": _ended,
}
HREFS: Final[Mapping[str, str]] = {
    "question.published": "/questions",
    "subject.questions-until": "/questions",
    "tender.corrected": "/corrections",
    "tender.deadline_extended": "",
    "tender.published": "",
    "tender.terminated": "",
}


def words(followed: Followed) -> str:
    """Return a notice's sentence. It holds nobody's own words: it is also sent by mail."""
    return WORDS[followed.action](followed.details)
