"""When a published tender can be corrected, and whether suppliers are left enough time.

Section 31 of the Procurement Act 2023 lets the terms of a procurement be changed before the first deadline,
has the notice published again, and asks to consider more time. It names no number of days.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sourcing.rules.timetables.asked import Procedure
from tenders.rules.content import Content
from tenders.rules.correcting import places
from tenders.rules.correcting.places import Change
from tenders.rules.linting.findings import Finding
from tenders.rules.states import TenderState
from values.refusals import Refused
from values.years import LONDON, london_today

# Our own measure, for the Act has none here: the shortest tendering period that section 54 has for tenders
# that are not negotiated (entries 4 and 5), counted from the day after, as periods are.
ENOUGH_DAYS: Final = 10
TIME_SOURCE: Final = (
    "Procurement Act 2023, section 31: more time is to be considered; it names no number. The "
    f"{ENOUGH_DAYS} days are this service’s own measure, after the shortest periods of section 54"
)
# Where the notice of a correction is asked for. How the platform wants it entered is not verified.
NOTICE_SOURCE: Final = "Procurement Act 2023, section 31 (the platform’s own field is not verified)"
LONGEST_REASON: Final = 2000


class CorrectionState(enum.StrEnum):
    """How far a correction is. It is *publishing* within one transaction only."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATE_WORDS: Final[Mapping[CorrectionState, tuple[str, str]]] = {
    CorrectionState.DRAFT: ("Draft", "grey"),
    CorrectionState.IN_APPROVAL: ("In approval", "yellow"),
    CorrectionState.APPROVED: ("Approved, not published", "teal"),
    CorrectionState.PUBLISHING: ("Being published", "teal"),
    CorrectionState.PUBLISHED: ("Published", "green"),
    CorrectionState.WITHDRAWN: ("Withdrawn", "grey"),
}
# Until one of these, another correction has to wait.
OPEN: Final = frozenset({CorrectionState.DRAFT, CorrectionState.IN_APPROVAL, CorrectionState.APPROVED})


def check_can_correct(state: str, content: Content, now: datetime) -> None:
    """Refuse a correction once it would come too late.

    Raises:
        Refused: the tender is not published, its deadline has passed, or the first deadline of a competitive
            flexible procedure has.
    """
    if TenderState(state) is not TenderState.PUBLISHED:
        raise Refused("A tender can be corrected while it is published and takes bids.")
    dates = content.dates
    if dates.tenders_due_at is None or now >= dates.tenders_due_at:
        raise Refused("The deadline has passed: what bids were written against stands.")
    flexible = content.course.procedure is Procedure.COMPETITIVE_FLEXIBLE
    if flexible and dates.requests_due_on and london_today(now) > dates.requests_due_on:
        raise Refused(
            "The time for requests to participate has passed. From then on a change may not be substantial "
            "(Procurement Act 2023, section 31), and that is not for a program to judge."
        )


def days_left(due_at: datetime, on: date) -> int:
    """Return how many days suppliers have: from the day after to the day of the deadline."""
    return (due_at.astimezone(LONDON).date() - on).days


def check_time(due_at: datetime, until: datetime | None, enough: str, now: datetime) -> None:
    """Refuse to leave suppliers little time without a word why it is enough.

    Args:
        due_at: the deadline.
        until: a later one that comes with the correction.
        enough: why the time that is left is enough; everybody reads it.
        now: when it is looked at.

    Raises:
        Refused: with how many days would be left.
    """
    if until is not None and until <= due_at:
        raise Refused("The deadline can be moved to later only.", "day")
    left = days_left(until or due_at, london_today(now))
    if left < ENOUGH_DAYS and not enough.strip():
        days = "1 day" if left == 1 else f"{left} days"
        raise Refused(
            f"Suppliers would have {days} left. Move the deadline to at least {ENOUGH_DAYS} days from now, "
            "or say why the time is enough",
            "enough",
        )


def check_changes(content: Content, changes: Sequence[Change]) -> None:
    """Refuse a correction of nothing, or of what the tender no longer says.

    Raises:
        Refused: with which.
    """
    if not changes:
        raise Refused("Nothing is corrected yet. A later deadline alone is moved under Bids.")
    for each in changes:
        if not places.stands(content, each):
            where = places.name_of(content, each.place, each.number)
            raise Refused(f"{where} says something else by now. Take that change out and make it again.")


def check_nothing_new(before: Sequence[Finding], after: Sequence[Finding]) -> None:
    """Refuse a correction by which something comes to be in the way that was not when it was published.

    Raises:
        Refused: with the first of it.
    """
    known = {(each.code, each.words) for each in before}
    new = [each for each in after if each.blocks and (each.code, each.words) not in known]
    if new:
        raise Refused(f"{new[0].words} ({new[0].source})")


def check_state(state: str, *wanted: CorrectionState) -> None:
    """Refuse a step that does not follow from how far a correction is.

    Raises:
        Refused: with how far it is.
    """
    if CorrectionState(state) not in wanted:
        now = STATE_WORDS[CorrectionState(state)][0].lower()
        raise Refused(f"This correction is {now}: that step is not open.")
