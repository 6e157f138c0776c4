"""Does a tender fit us? Points to answer, made from its content, and what the answers come to in words.

It helps a firm to decide; nothing is decided by it, and no tender is hidden because of an answer.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tenders.rules.content import Content, Criterion, Lot, Requirement
from values.money import format_pence
from values.years import LONDON, london_today


class Fit(enum.StrEnum):
    """What a firm says of one point."""

    YES = "yes"
    NOT_YET = "not_yet"
    CANNOT = "cannot"


FIT_WORDS: Final[Mapping[Fit, str]] = {Fit.YES: "Yes", Fit.NOT_YET: "Not yet", Fit.CANNOT: "Cannot"}


class Group(enum.StrEnum):
    """Points that belong together, in the order of the page."""

    CONDITIONS = "Conditions of participation"
    LOTS = "Lots"
    STANDARDS = "Standards and interfaces that are required"
    MUSTS = "Other requirements that must be met"
    BUSINESS = "Size, dates and place"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to ask oneself; `key` is the same for as long as the tender is public."""

    key: str
    group: Group
    question: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a firm said of a point."""

    fit: Fit | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to.

    Attributes:
        verdict: one sentence.
        advice: what can be done about it; may be empty.
        missing: points that are not met yet.
        barred: points that cannot be met.
        answered, points: how far one is.
    """

    verdict: str
    advice: str
    missing: Sequence[Point]
    barred: Sequence[Point]
    answered: int
    points: int


# Words by which a requirement is about a standard or an interface. What they miss stands with the others.
_STANDARDS: Final = re.compile(
    r"\b(api|apis|interfaces?|standards?|iso|bs en|wcag|cyber essentials|openid|saml|oauth|hl7|fhir|ocds|odf"
    r"|csv|json|xml|open referral|uprn|inspire|gds|certif\w+|accredit\w+|protocols?|format|formats)\b",
    re.IGNORECASE,
)


def points(content: Content, regions: Sequence[str]) -> list[Point]:
    """Return all that a firm can ask itself about a tender.

    Args:
        content: what was published.
        regions: names of the regions that the buyers lie in.
    """
    found = [
        *map(_condition, content.conditions),
        *(_lot(lot) for lot in content.lots),
        *(_requirement(each) for each in content.requirements if each.must),
        *_business(content, regions),
    ]
    order = list(Group)
    return sorted(found, key=lambda point: order.index(point.group))


def _condition(each: Criterion) -> Point:
    detail = ". ".join(part.rstrip(".") for part in (each.description, each.standard) if part)
    return Point(f"condition_{each.number}", Group.CONDITIONS, f"{each.title}: do you meet this?", detail)


def _lot(lot: Lot) -> Point:
    value = f"{format_pence(lot.gross_pence)} with VAT and options" if lot.gross_pence is not None else ""
    suits = "Said to suit small firms or voluntary bodies" if lot.small_firms else ""
    detail = ". ".join(part.rstrip(".") for part in (lot.description, value, suits) if part)
    return Point(f"lot_{lot.number}", Group.LOTS, f"Lot {lot.number}, {lot.title}: could you do it?", detail)


def _requirement(each: Requirement) -> Point:
    group = Group.STANDARDS if _STANDARDS.search(each.text) else Group.MUSTS
    lot = f"For lot {each.lot}" if each.lot else ""
    return Point(f"requirement_{each.position}", group, f"{each.text}: do you offer this?", lot)


def _business(content: Content, regions: Sequence[str]) -> Iterator[Point]:
    dates, gross = content.dates, content.gross_pence
    if gross is not None:
        yield Point(
            "value",
            Group.BUSINESS,
            "Can your firm carry contracts of this size?",
            f"{format_pence(gross)} with VAT, options and extensions, for {len(content.buyers)} councils "
            "in all; as estimated, not promised.",
        )
    if dates.starts_on:
        until = f" to {_day(dates.ends_on)}" if dates.ends_on else ""
        longer = f", perhaps until {_day(dates.extended_until)}" if dates.extended_until else ""
        yield Point(
            "dates", Group.BUSINESS, "Can you deliver then?", f"{_day(dates.starts_on)}{until}{longer}."
        )
    if regions:
        yield Point("regions", Group.BUSINESS, "Can you serve these places?", f"{', '.join(regions)}.")


def result(asked: Sequence[Point], answers: Mapping[str, Answer]) -> Result:
    """Return what the answers come to. One lot that can be done is enough; of the rest everything counts."""
    said = {point.key: answers[point.key].fit for point in asked if point.key in answers}
    lots = [point for point in asked if point.group is Group.LOTS]
    wanted = _wanted(asked, lots, said)
    missing = [point for point in wanted if said.get(point.key) is Fit.NOT_YET]
    barred = [point for point in wanted if said.get(point.key) is Fit.CANNOT]
    answered = sum(fit is not None for fit in said.values())
    verdict, advice = _words(missing, barred, left=len(asked) - answered)
    return Result(verdict, advice, missing, barred, answered, len(asked))


def _wanted(asked: Sequence[Point], lots: Sequence[Point], said: Mapping[str, Fit | None]) -> list[Point]:
    """Return the points that matter: a lot that is left aside does not, where another is possible."""
    possible = [lot for lot in lots if said.get(lot.key) is not Fit.CANNOT]
    aside = {lot.key for lot in lots if lot not in possible} if possible else set[str]()
    return [point for point in asked if point.key not in aside]


def _words(missing: Sequence[Point], barred: Sequence[Point], *, left: int) -> tuple[str, str]:
    together = "Ask the buyers whether they mean it so, or look for a partner who brings it."
    if barred:
        one = len(barred) == 1
        return (
            f"As you answered, {len(barred)} {'thing stands' if one else 'things stand'} in the way.",
            together,
        )
    if left:
        points_left = f"{left} {'point is' if left == 1 else 'points are'}"
        return f"Nothing stands in the way so far; {points_left} not answered yet.", ""
    if missing:
        things = f"{len(missing)} {'thing is' if len(missing) == 1 else 'things are'}"
        return (
            f"It would fit once {things} there that you do not have yet.",
            "Some conditions need to be met only by the award or the start of the contract: look at each.",
        )
    return "As you answered, it fits.", ""


def days_left(until: datetime | None, now: datetime) -> str:
    """Return how long there is until a moment, in words."""
    if until is None:
        return "Not set"
    local = until.astimezone(LONDON)
    said = f"{_day(local.date())} at {local:%H:%M}"
    if until <= now:
        return f"Over since {said}"
    days = (local.date() - london_today(now)).days
    if days == 0:
        return f"Today, until {local:%H:%M}"
    return f"{days} {'day' if days == 1 else 'days'} left, until {said}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
