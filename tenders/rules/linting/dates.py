"""Days: those that a notice needs, in their order, and no shorter than the law allows (section 54)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sourcing.rules.law import Law
from sourcing.rules.overrides import Overrides
from sourcing.rules.timetables.asked import Procedure
from tenders.rules import timetabling
from tenders.rules.content import Content
from tenders.rules.linting import value
from tenders.rules.linting.findings import ACT, OURS, REGULATIONS, Finding, Part, blocks, look

_PERIODS = f"{ACT}section 54"
_NOTICE = f"{REGULATIONS}regulation 18(2)"


def findings(
    content: Content, law: Law, today: date, overrides: Overrides | None = None
) -> Iterator[Finding]:
    """Yield the days that are missing, in the wrong order, or too early."""
    yield from _missing(content)
    yield from _order(content, today)
    found = timetabling.calendar(content, law, today, overrides=overrides)
    if found.refused is not None and not _said_elsewhere(content, law, today):
        yield blocks("period", Part.DATES, found.refused.message, _PERIODS)
    if content.course.urgent and not content.course.urgency_reason:
        yield blocks(
            "urgency",
            Part.PROCEDURE,
            "Say why urgency makes the longer period impractical: the notice says that it is relied on.",
            f"{_PERIODS}; {REGULATIONS}regulation 18(2)(s)",
        )
    if found.timetable is not None:
        for step in found.timetable.steps:
            if step.not_computed:
                yield look(
                    "not-computed", Part.DATES, f"{step.name.capitalize()}: {step.not_computed}", step.source
                )
                return


def _missing(content: Content) -> Iterator[Finding]:
    dates = content.dates
    for code, found, words, source in (
        ("no-publish", dates.publish_on, "Set the day of the tender notice.", OURS),
        ("no-due", dates.tenders_due_at, "Set the day and hour by which tenders are due.", _NOTICE),
        ("no-award", dates.award_on, "Estimate the day of the award.", _NOTICE),
        ("no-start", dates.starts_on, "Set the first day of the contract.", _NOTICE),
        ("no-end", dates.ends_on, "Set the last day of the contract, without extensions.", _NOTICE),
    ):
        if found is None:
            yield blocks(code, Part.DATES, words, source)
    flexible = content.course.procedure is Procedure.COMPETITIVE_FLEXIBLE
    if flexible and not content.course.stages:
        yield blocks(
            "no-stages",
            Part.PROCEDURE,
            "Describe the stages of the competitive flexible procedure: negotiation, refinement, how "
            "many suppliers "
            "go on and by which criteria.",
            f"{ACT}section 20; {REGULATIONS}regulation 19",
        )


def _order(content: Content, today: date) -> Iterator[Finding]:
    dates, due = content.dates, timetabling.due_on(content)
    if dates.publish_on and dates.publish_on < today:
        yield look(
            "publish-past",
            Part.DATES,
            "The day of the tender notice has passed. Days are counted from today instead.",
            OURS,
        )
    pairs = (
        (dates.publish_on, due, "Tenders are due before the tender notice is published."),
        (due, dates.award_on, "The award is estimated before tenders are due."),
        (dates.award_on, dates.starts_on, "The contract begins before the estimated award."),
        (dates.starts_on, dates.ends_on, "The contract ends before it begins."),
        (dates.ends_on, dates.extended_until, "Extensions end before the contract does."),
    )
    for earlier, later, words in pairs:
        if earlier and later and later < earlier:
            yield blocks("order", Part.DATES, words, OURS)


def _said_elsewhere(content: Content, law: Law, today: date) -> bool:
    """Tell whether a timetable is refused for what another finding says: the order of days, or the value."""
    below = content.course.procedure is Procedure.BELOW_THRESHOLD
    too_much = below and bool(value.standing(content, law, today).public)
    return too_much or any(each.blocks for each in _order(content, today))
