"""Below the threshold: from the notice to the signature, and the one notice that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sourcing.rules.counting import ONE_DAY
from sourcing.rules.timetables.asked import Asked
from sourcing.rules.timetables.steps import Course, Rule

PART_6: Final = "Procurement Act 2023, Part 6 (sections 84 to 88)"


def take_notice(course: Course, asked: Asked, publish: date) -> date | None:
    """Take the notice and the last day for tenders, which is returned.

    Raises:
        Refused: the last day for tenders lies before the notice.
    """
    least = course.law.sum("below-threshold-notice", asked.begins)
    note = "Needed where the contract is advertised; not where chosen suppliers alone are invited."
    if not _is_notifiable(course, asked):
        note = "Not needed for this value."
    basis = replace(least.basis, source="Procurement Act 2023, section 87(1) and (4)")
    words = "UK4: before a contract of £30,000 or more is advertised"
    course.given(
        Rule("tender-notice", "below-threshold tender notice published", words, basis, note), publish
    )
    rule = Rule(
        "tenders-due",
        "tenders due",
        "No minimum period: time limits are reasonable, and the same for each supplier",
        replace(basis, source="Procurement Act 2023, section 87(6)"),
        "Choose a reasonable time. To the end of that day, London time.",
    )
    return course.earliest(rule, publish, lambda day: day, chosen=asked.tenders_due, asked_as="tenders_due")


def take_award(course: Course, asked: Asked, tenders_in: date | None) -> None:
    """Take the decision, the signature and the contract details notice.

    Raises:
        Refused: a chosen day is too early.
    """
    basis = replace(course.law.sum("below-threshold-notice", asked.begins).basis, note="")
    words = "Below the threshold the Act asks for no contract award notice and for no standstill"
    rule = Rule("award-decided", "award decided", words, replace(basis, source=PART_6))
    decided = tenders_in or asked.sign
    if tenders_in:
        taken = ONE_DAY + timedelta(days=asked.assessment_days)
        decided = course.earliest(
            rule, tenders_in, lambda day: day + taken, chosen=asked.award_notice, asked_as="award_notice"
        )
    elif asked.award_notice:
        decided = course.given(rule, asked.award_notice)
    contract = Rule("signature", "contract signed", "After the decision", rule.basis)
    signed = course.earliest(contract, decided, lambda day: day, chosen=asked.sign, asked_as="sign")
    if _is_notifiable(course, asked):
        words = "UK7: as soon as reasonably practicable after this day, for a contract of £30,000 or more"
        source = "Procurement Act 2023, section 87(3) and (4)"
        rule = Rule(
            "details-notice",
            "contract details notice due",
            words,
            replace(basis, source=source),
            "The law names no last day.",
        )
        course.earliest(rule, signed, lambda day: day)


def _is_notifiable(course: Course, asked: Asked) -> bool:
    least = course.law.sum("below-threshold-notice", asked.begins)
    return asked.value_gross is None or least.is_reached(value_gross_pence=asked.value_gross)
