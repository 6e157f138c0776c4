"""From tenders that are in to the notices after the signature, for contracts from the threshold on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sourcing.rules.counting import ONE_DAY, last_day, standstill_ends
from sourcing.rules.holidays import in_words
from sourcing.rules.law import Standstill
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.steps import Course, Rule
from values.refusals import Refused

# Awards under section 19, after which each supplier gets an assessment summary.
COMPETED: Final = (Procedure.OPEN, Procedure.COMPETITIVE_FLEXIBLE, Procedure.DYNAMIC_MARKET)
SUMMARIES: Final = "Procurement Act 2023, section 50(3); Procurement Regulations 2024, regulation 31(4)"
NO_TIME: Final = "No time for assessing is counted: the law sets none, and the council needs some."
COMES_AFTER: Final = {
    Procedure.FRAMEWORK: "UK6: before the contract is entered into",
    Procedure.DIRECT: "UK6: after the transparency notice, before the contract is entered into",
}
AFTER_SUMMARIES: Final = "UK6: after the assessment summaries, before the contract is entered into"


def take_award(course: Course, asked: Asked, tenders_in: date | None) -> None:
    """Take the steps from assessment to the contract details notice.

    Args:
        course: where they are taken.
        asked: what is asked.
        tenders_in: the day by which tenders are in, or of the transparency notice; None where the calendar
            begins later.

    Raises:
        Refused: a chosen day is too early, or a standstill too short.
    """
    if tenders_in is None and asked.award_notice is None:
        _sign(course, asked, asked.sign, "Whether a standstill had ended was not asked", _same_day)
        return
    noticed = _award_notice(course, asked, _summaries(course, asked, tenders_in))
    rule = standstill_rule(course, asked)
    if rule is None:
        words = "No standstill is asked for, so it may be signed on the day of the award notice, after it"
        _sign(course, asked, noticed, words, _same_day)
    else:
        ends = _standstill(course, asked, noticed, rule)
        _sign(course, asked, ends, "Not before the standstill has ended", _next_day)


def exception(asked: Asked) -> str | None:
    """Return the code of the exception by which standstill is not mandatory, or None."""
    if asked.procedure in (Procedure.FRAMEWORK, Procedure.DYNAMIC_MARKET):
        return asked.procedure.value
    if asked.light_touch:
        return "light-touch"
    if asked.urgent and asked.procedure is Procedure.DIRECT:
        return "extreme-urgency"
    return asked.ground if asked.ground in ("protect-life", "extreme-urgency") else None


def standstill_rule(course: Course, asked: Asked) -> Standstill | None:
    """Return the rule of the standstill that has to be kept, or None where there is none."""
    if exception(asked) is None:
        return course.law.standstill_rule("mandatory", asked.begins)
    return course.law.standstill_rule("voluntary", asked.begins) if asked.standstill_days else None


def _same_day(day: date) -> date:
    return day


def _next_day(day: date) -> date:
    return day + ONE_DAY


def _summaries(course: Course, asked: Asked, tenders_in: date | None) -> date | None:
    """Take the assessment summaries where the award was competed; return from when the notice may follow."""
    if asked.procedure not in COMPETED:
        return tenders_in
    award = course.law.notice("UK6", asked.begins).basis
    rule = Rule(
        "assessment-summaries",
        "assessment summaries sent",
        "To every supplier whose tender was assessed, all at the same time, before the contract award notice",
        replace(award, source=SUMMARIES, checked="read in the Act and in the regulations"),
    )
    if tenders_in is None:
        course.latest(rule, asked.award_notice, _same_day)
        return None
    taken = timedelta(days=asked.assessment_days)
    spent = f"{asked.assessment_days} days for assessing." if asked.assessment_days else NO_TIME
    return course.earliest(replace(rule, note=spent), tenders_in, lambda day: day + ONE_DAY + taken)


def _award_notice(course: Course, asked: Asked, ready: date | None) -> date | None:
    notice, note = course.law.notice("UK6", asked.begins), ""
    if code := exception(asked):
        why = course.law.standstill_rule(code, asked.begins)
        note = f"Standstill is not mandatory: {why.words[0].lower()}{why.words[1:]} ({why.basis.source})."
    words = COMES_AFTER.get(asked.procedure, AFTER_SUMMARIES)
    rule = Rule("award-notice", "contract award notice published", words, notice.basis, note)
    if ready is None and asked.award_notice:
        return course.given(rule, asked.award_notice)
    return course.earliest(rule, ready, _same_day, chosen=asked.award_notice, asked_as="award_notice")


def _standstill(course: Course, asked: Asked, noticed: date | None, rule: Standstill) -> date | None:
    least = rule.working_days or 0
    days = asked.standstill_days or least
    if days < least:
        raise Refused(
            f"A standstill is at least {least} working days ({rule.basis.source}).", "standstill_days"
        )
    holidays = course.law.holidays
    words = (
        f"{days} working days, that of the contract award notice included if it is one; bank holidays of any "
        "part of the United Kingdom do not count"
    )
    note = f"To the end of that day. Bank holidays as published on {in_words(holidays.as_of)}."
    return course.earliest(
        Rule("standstill-ends", "standstill ends", words, rule.basis, note, rule.code),
        noticed,
        lambda day: standstill_ends(day, days, holidays),
    )


def _sign(
    course: Course, asked: Asked, after: date | None, words: str, first: Callable[[date], date]
) -> None:
    kpis = course.law.sum("key-performance-indicators", asked.begins)
    exempt = asked.light_touch or asked.contract is ContractKind.CONCESSION
    if asked.value_gross is not None and kpis.is_reached(value_gross_pence=asked.value_gross) and not exempt:
        least = "At least three, published, before a contract over £5 million is entered into"
        rule = Rule("indicators", "key performance indicators set", least, kpis.basis, kpis.basis.note)
        course.latest(rule, after, lambda day: asked.sign or first(day))
    basis = replace(course.law.standstill_rule("mandatory", asked.begins).basis, note="")
    note = "" if asked.sign else "The first day on which it may be; what follows is counted from it."
    contract = Rule(
        "signature", "contract signed", words, replace(basis, source="Procurement Act 2023, section 51"), note
    )
    signed = course.earliest(contract, after, first, chosen=asked.sign, asked_as="sign")
    _publish_contract(course, asked, signed)


def _publish_contract(course: Course, asked: Asked, signed: date | None) -> None:
    touch = "-light-touch" if asked.light_touch else ""
    details = course.law.limit(f"contract-details{touch}", asked.begins)
    copy = course.law.limit(f"contract-copy{touch}", asked.begins)
    note = ""
    if asked.value_gross is None and signed:
        until = in_words(last_day(signed, copy.amount))
        note = f"A contract over £5 million is itself published by {until} ({copy.basis.source})."
    words = f"UK7: {details.amount} days {details.counts}"
    rule = Rule("details-notice", "contract details notice due", words, details.basis, note, details.code)
    course.latest(rule, signed, lambda day: last_day(day, details.amount))
    least = course.law.sum("contract-copy", asked.begins)
    if asked.value_gross is not None and least.is_reached(value_gross_pence=asked.value_gross):
        words = f"{copy.words}: {copy.amount} days {copy.counts}"
        rule = Rule("contract-copy", "contract published", words, copy.basis, "", copy.code)
        course.latest(rule, signed, lambda day: last_day(day, copy.amount))
