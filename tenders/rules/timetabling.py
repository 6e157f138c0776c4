"""The lawful calendar of a tender: its days given to the rules of timetables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sourcing.rules.law import Law
from sourcing.rules.overrides import Overrides
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.making import Timetable
from sourcing.rules.timetables.making import timetable as made
from tenders.rules.content import Content
from values.refusals import Refused
from values.years import LONDON


@dataclass(frozen=True, slots=True)
class Calendar:
    """What was asked and what came of it: a timetable, or why there is none."""

    asked: Asked
    timetable: Timetable | None
    refused: Refused | None


def calendar(
    content: Content,
    law: Law,
    today: date,
    *,
    published_on: date | None = None,
    overrides: Overrides | None = None,
) -> Calendar:
    """Return the calendar of a tender, from the day of its notice: as it was, as planned, or else today.

    The end of the contract stays out below the threshold, where the Act asks for no notice of it.
    """
    asked = _asked(content, published_on or content.notice_on(today))
    try:
        return Calendar(asked, made(asked, law, overrides), None)
    except Refused as refused:
        return Calendar(asked, None, refused)


def due_on(content: Content) -> date | None:
    """Return the London day on which tenders are due."""
    due = content.dates.tenders_due_at
    return due.astimezone(LONDON).date() if due else None


def _asked(content: Content, publish: date) -> Asked:
    course, dates = content.course, content.dates
    flexible = course.procedure is Procedure.COMPETITIVE_FLEXIBLE
    competed = course.procedure is not Procedure.BELOW_THRESHOLD
    return Asked(
        procedure=course.procedure,
        publish=publish,
        award_notice=dates.award_on,
        requests_due=dates.requests_due_on if flexible else None,
        invite=dates.invite_on if flexible else None,
        tenders_due=due_on(content),
        ends=dates.ends_on if competed else None,
        planned_notice=dates.planned_notice_on if competed else None,
        value_gross=content.gross_pence,
        contract=course.kind,
        light_touch=course.light_touch,
        urgent=course.urgent and competed,
        documents_later=course.documents_later and competed,
        preselected=course.preselected and flexible,
        negotiated=course.negotiated and flexible,
    )
