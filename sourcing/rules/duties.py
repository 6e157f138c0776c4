"""A duty of a council: what is due when, for whom, under which rule, and how it stands."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

# As far ahead as anybody plans by a list; what comes later stands in the timetable of each tender.
AHEAD: Final = timedelta(days=2 * 365)


class DutyState(enum.StrEnum):
    """How a duty stands."""

    DONE = "done"
    NOT_OWED = "not_owed"
    OVERDUE = "overdue"
    NOW = "now"
    UPCOMING = "upcoming"
    PLANNED = "planned"


STATE_WORDS: Final[Mapping[DutyState, tuple[str, str]]] = {
    DutyState.DONE: ("Done", "green"),
    DutyState.NOT_OWED: ("Not owed", "grey"),
    DutyState.OVERDUE: ("Past its day", "orange"),
    DutyState.NOW: ("Due now", "orange"),
    DutyState.UPCOMING: ("To come", "blue"),
    DutyState.PLANNED: ("Planned", "grey"),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of a council.

    Attributes:
        code: what it is, in one word; with council, tender and day it is told from every other.
        notice: its number on Find a Tender, or empty.
        due_on: its last day, or the day that it is planned for; None where the law names none.
        about: title of the tender or challenge; empty where it is owed whatever the council buys.
        pilot_id: of the challenge that it is owed for; None where it is owed for the challenge itself.
        done: by which reference, or what was recorded in its place.
        contract: reference of the contract that it is owed for; empty where it is none's.
        person: who looks after that contract.
        place: the page of the challenge, pilot or result where it is done.
    """

    code: str
    body_code: str
    body_name: str
    name: str
    notice: str
    due_on: date | None
    state: DutyState
    rule: str
    source: str
    note: str = ""
    tender_id: UUID | None = None
    about: str = ""
    done: str = ""
    contract_id: UUID | None = None
    contract: str = ""
    person: str = ""
    person_id: UUID | None = None
    challenge_id: UUID | None = None
    pilot_id: UUID | None = None
    place: str = ""

    @property
    def recordable(self) -> bool:
        """Whether an officer can say what became of it: a council’s own, or a contract’s with a day."""
        return self.due_on is not None and (self.of_council or self.contract_id is not None)

    @property
    def of_council(self) -> bool:
        """Whether it is owed whatever the council buys."""
        return self.tender_id is None and self.challenge_id is None

    @property
    def href(self) -> str:
        """Where what it is about stands; empty for what a council owes whatever it buys."""
        if self.tender_id is None:
            return self.place
        tender = f"/tenders/{self.tender_id}"
        return f"{tender}/contracts/{self.contract_id}" if self.contract_id else tender

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return STATE_WORDS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done, as far as this service knows."""
        return self.state not in (DutyState.DONE, DutyState.NOT_OWED)


def in_order(duties: Sequence[Duty]) -> list[Duty]:
    """Return duties by urgency: what is due now or overdue, then by day, and what has none last."""
    urgent = (DutyState.NOW, DutyState.OVERDUE)
    return sorted(
        duties,
        key=lambda each: (
            each.state not in urgent,
            each.due_on or date.max,
            each.body_name,
            each.about,
            each.code,
        ),
    )
