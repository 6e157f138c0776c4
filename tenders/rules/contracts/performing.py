"""How a contract is performed: readings of its indicators, assessments over a period, breaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sourcing.rules.counting import last_day_of_months
from tenders.rules.contracts.life import Facts, Life, Reading
from values.refusals import Refused

# Procurement Regulations 2024, regulation 39(5); the codes of the UK extension are paired by their order,
# which is our reading.
RATING_WORDS: Final[Mapping[str, str]] = {
    "good": "Good",
    "approaching": "Approaching target",
    "improvement": "Requires improvement",
    "inadequate": "Inadequate",
    "other": "Other",
}
CONSEQUENCE_WORDS: Final[Mapping[str, str]] = {
    "terminated": "A breach ended the contract",
    "partly-terminated": "A breach ended a part of the contract",
    "damages": "Damages were awarded for a breach",
    "settlement": "A breach was settled by an agreement",
    "not-improved": "Performance did not become satisfactory after a proper chance to improve",
}


def check_reading(facts: Facts, reading: Reading, today: date) -> None:
    """Refuse a reading of no indicator, or of days that are not the contract's or not over.

    Raises:
        Refused: with what is wrong.
    """
    if reading.kpi_number not in {each.number for each in facts.kpis}:
        raise Refused("The contract has no such indicator", "kpi_number")
    if reading.rating not in RATING_WORDS:
        raise Refused("Choose a rating", "rating")
    _check_span(facts, reading.from_on, reading.until_on, today)


def current(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings that count, by period and indicator: of the same period the latest.

    Args:
        readings: in the order in which they were recorded.
    """
    found = {(each.until_on, each.from_on, each.kpi_number): each for each in readings}
    return [found[key] for key in sorted(found)]


def within(readings: Sequence[Reading], from_on: date, until_on: date) -> list[Reading]:
    """Return the readings that count of periods that lie within a span."""
    return [each for each in current(readings) if from_on <= each.from_on and each.until_on <= until_on]


def next_span(life: Life, today: date) -> tuple[date, date]:
    """Return the days that the next assessment is about: from the day after the last one.

    It reaches to today at most, and over twelve months at most (section 71(2)); to the end where the contract
    has ended.
    """
    done = max((each.until_on for each in life.assessments), default=None)
    first = done + timedelta(days=1) if done else life.facts.signed_on
    ended = life.ended
    last = min(ended.ended_on if ended else today, last_day_of_months(first, 12))
    return first, max(first, last)


def check_assessment(life: Life, from_on: date, until_on: date, today: date) -> None:
    """Refuse an assessment that leaves an indicator or a day out.

    Raises:
        Refused: with what is missing.
    """
    facts = life.facts
    if not facts.kpis:
        raise Refused("The contract has no indicators to assess performance by.")
    _check_span(facts, from_on, until_on, today)
    if until_on > last_day_of_months(from_on, 12):
        raise Refused("An assessment is about at most twelve months (section 71(2))", "until_on")
    if any(each.until_on >= until_on for each in life.assessments):
        raise Refused("These days were assessed already", "until_on")
    read = {each.kpi_number for each in within(life.readings, from_on, until_on)}
    missing = [each.title for each in facts.kpis if each.number not in read]
    if missing:
        raise Refused(f"Nothing was recorded in these days of: {', '.join(missing)}.")


def check_breach(life: Life, applies_on: date, consequence: str, today: date) -> None:
    """Refuse a breach of a contract that section 71 does not reach, or of a day that cannot be.

    Raises:
        Refused: with why.
    """
    facts = life.facts
    if facts.light_touch or not facts.covered:
        raise Refused("Section 71 is not for light touch contracts and those below the threshold.")
    if consequence not in CONSEQUENCE_WORDS:
        raise Refused("Choose what came of it", "consequence")
    if applies_on > today:
        raise Refused("The day cannot be in the future", "applies_on")
    if applies_on < facts.signed_on:
        raise Refused("The contract was not signed by that day", "applies_on")


def _check_span(facts: Facts, from_on: date, until_on: date, today: date) -> None:
    if until_on < from_on:
        raise Refused("The last day must not come before the first", "until_on")
    if from_on < facts.signed_on:
        raise Refused("The contract was not signed by the first day", "from_on")
    if until_on > today:
        raise Refused("The last day cannot be in the future", "until_on")
