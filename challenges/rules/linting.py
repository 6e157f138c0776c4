"""What a statement lacks, and what in it does not fit together; each finding leads to its place."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from challenges.rules.content import Content
from challenges.rules.effort import ADVISED_MINUTES, minutes_to_answer
from sourcing.rules.law import Law
from sourcing.rules.thresholds import ContractKind, threshold
from values.money import format_pence
from values.refusals import Refused
from values.years import LONDON


class Part(enum.StrEnum):
    """A page of the statement."""

    PROBLEM = "problem"
    AFTER = "after"
    LAW = "law"
    DATES = "dates"
    RESPONSE = "response"


PART_WORDS: Final = {
    Part.PROBLEM: "The problem, and what should be different",
    Part.AFTER: "What there is to work with, money, and what follows",
    Part.LAW: "The legal route",
    Part.DATES: "Dates",
    Part.RESPONSE: "What a response says, and how it is judged",
}
# Of the participation period, for a route whose responses are requests to participate.
_PARTICIPATION: Final = "participation"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing or does not fit.

    Attributes:
        field: its name in the form, or empty.
        blocks: it is in the way of approval; else it is advice.
        rule: where in the law it stands, or empty.
    """

    part: Part
    field: str
    message: str
    blocks: bool = True
    rule: str = ""


def lacks(content: Content, law: Law, now: datetime) -> list[Lack]:
    """Return what is in the way of approving a statement, and what is worth a look, page by page."""
    return [
        *_texts(content),
        *_money(content),
        *_route(content, law, now.astimezone(LONDON).date()),
        *_dates(content, now),
        *_period(content, law, now),
        *_response(content),
    ]


def blocking(found: list[Lack]) -> list[Lack]:
    """Return what is in the way."""
    return [each for each in found if each.blocks]


def _texts(content: Content) -> Iterator[Lack]:
    needed = {
        "problem": (Part.PROBLEM, "Say what goes wrong"),
        "people": (Part.PROBLEM, "Say who has the problem"),
        "tried": (Part.PROBLEM, "Say what was tried, or that nothing was"),
        "outcomes": (Part.PROBLEM, "Say what should be different"),
        "interfaces": (Part.AFTER, "Say which data and systems there are, or that there are none"),
        "constraints": (Part.AFTER, "Say what cannot be changed, or that everything can"),
        "after_success": (Part.AFTER, "Say what happens if it works"),
    }
    for field, (part, message) in needed.items():
        if not getattr(content, field).strip():
            yield Lack(part, field, message)


def _money(content: Content) -> Iterator[Lack]:
    if content.budget_gross_pence is None:
        yield Lack(Part.AFTER, "budget_gross_pence", "Say what you pay for a pilot, even if it is nothing")
    elif content.budget_gross_pence == 0 and (content.lawful is None or content.lawful.buys):
        yield Lack(
            Part.AFTER,
            "budget_gross_pence",
            "Without money for a pilot, small firms cannot try",
            blocks=False,
        )


def _route(content: Content, law: Law, today: date) -> Iterator[Lack]:
    route = content.lawful
    if route is None:
        yield Lack(Part.LAW, "route", "Choose the legal route")
        return
    if not content.route_reason.strip():
        yield Lack(Part.LAW, "route_reason", "Say why this route fits")
    source = route.basis.source
    if not route.verified:
        yield Lack(
            Part.LAW,
            "route",
            "This route is not verified: let your legal adviser confirm that it can be used here",
            blocks=False,
            rule=source,
        )
    if not route.buys and content.gross_pence:
        yield Lack(
            Part.LAW,
            "route",
            "Nothing can be bought by market engagement: choose another route, or take the sums out",
            rule=source,
        )
    if route.code == "below-threshold":
        yield from _below(content, law, today)


def _below(content: Content, law: Law, today: date) -> Iterator[Lack]:
    kind = ContractKind.GOODS_OR_SERVICES
    try:
        row = threshold(law, kind, light_touch=False, commenced_on=today)
    except Refused as refused:
        yield Lack(Part.LAW, "route", refused.message)
        return
    if content.gross_pence >= row.value_gross_pence:
        yield Lack(
            Part.LAW,
            "route",
            f"Pilot and what may follow come to {format_pence(content.gross_pence)} with VAT, which reaches "
            f"the threshold of {format_pence(row.value_gross_pence)}",
            rule=row.basis.source,
        )


def _dates(content: Content, now: datetime) -> Iterator[Lack]:
    due = content.responses_due_at
    asked = content.questions_until
    if due is None:
        yield Lack(Part.DATES, "responses_due_on", "Say until when firms can respond")
    elif due <= now:
        yield Lack(Part.DATES, "responses_due_on", "The deadline for responses has passed already")
    if asked is None:
        yield Lack(Part.DATES, "questions_on", "Say until when firms can ask")
    elif asked <= now:
        yield Lack(Part.DATES, "questions_on", "The last time for questions has passed already")
    elif due and asked >= due:
        yield Lack(Part.DATES, "questions_on", "Questions must end before responses are due")
    yield from _order(content)


def _order(content: Content) -> Iterator[Lack]:
    due = content.responses_due_at
    steps = [
        ("responses_due_on", "responses are due", due.astimezone(LONDON).date() if due else None),
        ("showcase_on", "the showcase", content.showcase_on),
        ("decision_on", "the decision", content.decision_on),
        ("pilot_from_on", "the first day of the pilot", content.pilot_from_on),
        ("pilot_until_on", "the last day of the pilot", content.pilot_until_on),
    ]
    known = [(field, name, on) for field, name, on in steps if on is not None]
    for (_, earlier, first), (field, later, second) in itertools.pairwise(known):
        if second < first:
            yield Lack(Part.DATES, field, f"{later[0].upper()}{later[1:]} comes before {earlier}")
    if content.decision_on is None:
        yield Lack(Part.DATES, "decision_on", "Say by when you decide")
    if (content.lawful is None or content.lawful.buys) and content.pilot_from_on is None:
        yield Lack(Part.DATES, "pilot_from_on", "Say when a pilot could begin", blocks=False)


def _period(content: Content, law: Law, now: datetime) -> Iterator[Lack]:
    """Compare the time for responses with the participation period, where they are requests to take part."""
    if content.route != "competitive-flexible" or content.responses_due_at is None:
        return
    period = next(each for each in law.periods if each.code == _PARTICIPATION)
    today = now.astimezone(LONDON).date()
    # The period begins with the day after the invitation (section 54).
    earliest = today + timedelta(days=period.days or 0)
    if content.responses_due_at.astimezone(LONDON).date() < earliest:
        yield Lack(
            Part.DATES,
            "responses_due_on",
            f"Published today, responses cannot be due before {earliest.day} {earliest:%B %Y}: "
            f"{period.days} days",
            rule=period.basis.source,
        )


def _response(content: Content) -> Iterator[Lack]:
    if not content.sections:
        yield Lack(Part.RESPONSE, "", "Say what a response consists of")
    if not content.criteria:
        yield Lack(Part.RESPONSE, "", "Say how responses are judged")
    elif (total := sum(each.weight for each in content.criteria)) != 100:
        yield Lack(Part.RESPONSE, "", f"The weights of the criteria sum to {total}, not to 100")
    if not content.phases:
        yield Lack(Part.RESPONSE, "", "Say in which phases responses are judged, on the tab “Judging”")
    minutes = minutes_to_answer(content.most_words)
    if minutes > ADVISED_MINUTES:
        yield Lack(
            Part.RESPONSE,
            "",
            f"To write {content.most_words} words takes about {minutes} minutes: ask for less",
            blocks=False,
        )
