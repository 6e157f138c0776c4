"""From the first notice to the day by which tenders are in, for each procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from sourcing.rules import prepared
from sourcing.rules.counting import ONE_DAY, period_ends
from sourcing.rules.holidays import in_words
from sourcing.rules.law import Basis, Period
from sourcing.rules.periods import Circumstances, planned_notice_qualifies, shortest
from sourcing.rules.timetables import below
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.steps import Course, Rule
from values.refusals import Refused

STATED: Final = "The tender notice must say that this is relied on (regulation 18(2)(s))."
SECOND_STAGE: Final = "Ten days are enough where only suppliers that were pre-selected may tender (entry 3)."
END_OF_DAY: Final = "To the end of that day, London time."


def take_invitation(course: Course, asked: Asked) -> date | None:
    """Take the steps up to the day on which tenders are in, and return it; None where no notice is asked for.

    For a direct award it is the day of the transparency notice.

    Raises:
        Refused: a chosen day is too early.
    """
    if asked.publish is None:
        return None
    return _WAYS[asked.procedure](course, asked, asked.publish)


def _open(course: Course, asked: Asked, publish: date) -> date | None:
    at = _circumstances(course, asked, publish)
    _notice(course, "UK4", "tender-notice", "tender notice published", publish)
    return _tenders(course, asked, publish, shortest(course.law, "tendering", at, on=publish))


def _competitive_flexible(course: Course, asked: Asked, publish: date) -> date | None:
    at = _circumstances(course, asked, publish)
    _notice(course, "UK4", "tender-notice", "tender notice published", publish)
    period = shortest(course.law, "participation", at, on=publish)
    rule = _period_rule("requests-due", "requests to participate due", period)
    requests = course.earliest(
        rule,
        publish,
        lambda day: period_ends(day, period.days or 0),
        chosen=asked.requests_due,
        asked_as="requests_due",
    )
    invite = course.earliest(
        Rule(
            "invitation",
            "invitation to tender sent",
            "After the last day for requests to participate. How long choosing takes is for the council",
            replace(period.basis, source="Procurement Act 2023, section 20"),
        ),
        requests,
        lambda day: day + ONE_DAY,
        chosen=asked.invite,
        asked_as="invite",
    )
    second = shortest(course.law, "tendering", at, on=publish)
    note = "" if (second.days or 0) <= 10 else SECOND_STAGE
    return _tenders(course, asked, invite, second, note)


def _dynamic_market(course: Course, asked: Asked, publish: date) -> date | None:
    at = Circumstances(light_touch=asked.light_touch, dynamic_market=True)
    note = (
        "Applications for membership that are waiting are considered before anybody is left out (section 34)."
    )
    _notice(course, "UK4", "tender-notice", "tender notice published", publish, note)
    return _tenders(course, asked, publish, shortest(course.law, "tendering", at, on=publish))


def _framework(course: Course, asked: Asked, publish: date) -> date | None:
    ground = course.law.notice("UK6", publish).basis
    process = replace(ground, source="Procurement Act 2023, sections 45 and 46", note="")
    course.given(
        Rule(
            "framework-invitation",
            "suppliers of the framework invited",
            "The framework itself says how suppliers are chosen",
            replace(process, checked="read in the Act"),
        ),
        publish,
    )
    rule = Rule(
        "tenders-due",
        "tenders due",
        "No minimum period: section 54 is about competitive tendering procedures, and a call-off follows the "
        "framework",
        replace(process, checked="our reading"),
        "Choose a reasonable time. " + END_OF_DAY,
    )
    return course.earliest(rule, publish, lambda day: day, chosen=asked.tenders_due, asked_as="tenders_due")


def _direct(course: Course, asked: Asked, publish: date) -> date | None:
    note = prepared.ELSEWHERE_WORDS
    if asked.ground and (ground := course.law.ground(asked.ground)):
        note = f"Ground: {ground.name.lower()} ({ground.basis.source}). {note}"
    _notice(course, "UK5", "transparency-notice", "transparency notice published", publish, note)
    return publish


_WAYS: Final[Mapping[Procedure, Callable[[Course, Asked, date], date | None]]] = {
    Procedure.OPEN: _open,
    Procedure.COMPETITIVE_FLEXIBLE: _competitive_flexible,
    Procedure.DYNAMIC_MARKET: _dynamic_market,
    Procedure.FRAMEWORK: _framework,
    Procedure.DIRECT: _direct,
    Procedure.BELOW_THRESHOLD: below.take_notice,
}


def _circumstances(course: Course, asked: Asked, publish: date) -> Circumstances:
    return Circumstances(
        light_touch=asked.light_touch,
        urgent=asked.urgent,
        preselected=asked.preselected,
        negotiated=asked.negotiated,
        planned_notice=_planned(course, asked, publish),
        electronic=not asked.not_electronic,
        documents_at_once=not asked.documents_later,
    )


def _planned(course: Course, asked: Asked, publish: date) -> bool:
    """Take the planned procurement notice, if there is one, and tell whether it shortens the period."""
    if asked.planned_notice is None:
        return False
    if asked.planned_notice >= publish:
        raise Refused("A planned procurement notice comes before the tender notice.", "planned_notice")
    _notice(course, "UK3", "planned-notice", "planned procurement notice published", asked.planned_notice)
    qualifies = planned_notice_qualifies(
        course.law, planned_on=asked.planned_notice, tender_notice_on=publish
    )
    if not qualifies:
        apart = (publish - asked.planned_notice).days
        course.warnings.append(
            f"The planned procurement notice of {in_words(asked.planned_notice)} does not shorten the "
            f"tendering period: it lies {apart} days before the tender notice. We count at least 41 days, "
            "because “at least 40 days before” may mean clear days, and at most 12 months (section 15(3))."
        )
    return qualifies


def _notice(course: Course, number: str, code: str, name: str, on: date, note: str = "") -> None:
    notice = course.law.notice(number, on)
    course.given(
        Rule(code, name, f"{number}: {notice.due[0].lower()}{notice.due[1:]}", notice.basis, note), on
    )


def _tenders(
    course: Course, asked: Asked, invited: date | None, period: Period, note: str = ""
) -> date | None:
    rule = _period_rule("tenders-due", "tenders due", period, note)
    return course.earliest(
        rule,
        invited,
        lambda day: period_ends(day, period.days or 0),
        chosen=asked.tenders_due,
        asked_as="tenders_due",
    )


def _period_rule(code: str, name: str, period: Period, note: str = "") -> Rule:
    if period.days is None:
        words = f"No minimum period. {period.words}"
        notes = ["Choose a reasonable time."]
    else:
        words = f"{period.days} days, counted from the day after the invitation. {period.words}"
        notes: list[str] = []
    notes += [STATED] if period.in_notice else []
    notes += [note] if note else []
    basis: Basis = replace(period.basis, source=f"{period.basis.source}, entry {period.entry}")
    return Rule(code, name, words, basis, " ".join([*notes, END_OF_DAY]), period.code)
