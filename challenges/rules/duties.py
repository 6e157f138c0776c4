"""What a challenge, its pilots and those who took them on owe: for whom, by when, and whether it was done.

Notices follow from the legal route; the days of the statement are the lead's own; that a result is published
within 60 days, and that use is asked about after a year, are our rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from challenges.rules.pilots import ASK_DAYS, PUBLISH_DAYS, PilotState, asked_from, publish_by
from challenges.rules.states import ChallengeState
from sourcing.rules import challenge_routes
from sourcing.rules.challenge_routes import ChallengeRoute
from sourcing.rules.duties import AHEAD, Duty, DutyState
from sourcing.rules.law import Law, Notice

STATEMENT: Final = ("The timeline of the statement", "Set by the lead council")
AGREEMENT: Final = ("The last day that was agreed", "The agreement of the pilot")
PUBLISHES: Final = (
    f"A result is published within {PUBLISH_DAYS} days of the end, however it went",
    "Our rule",
)
ASKS: Final = (f"Asked {ASK_DAYS} days after it came into use", "Our rule")
FROM_AGREED: Final = (
    "Counted from the day on which the first pilot was agreed here: if its contract was signed on another "
    "day, count from that"
)
# What is counted, in the table of limits of the law.
DETAILS: Final = "contract-details"


@dataclass(frozen=True, slots=True)
class Body:
    """Whose duty it is."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that the central platform published, as it was recorded."""

    reference: str
    on: date


@dataclass(frozen=True, slots=True)
class ChallengeFacts:
    """A challenge as far as duties depend on it.

    Attributes:
        first_notice: the notice that its statement waits for, as it was when it was written; or empty.
        notices: by their number, those that were recorded.
        agreed_on: when the first pilot was approved, and None before.
        started: a pilot runs, or did.
    """

    id: UUID
    title: str
    lead: Body
    state: ChallengeState
    route: str
    gross_pence: int
    first_notice: str
    published_on: date | None
    due_on: date | None
    showcase_on: date | None
    decision_on: date | None
    notices: Mapping[str, Told]
    agreed_on: date | None
    started: bool


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """A pilot as far as duties depend on it; `lead` decides what becomes of it, `runs` publishes."""

    id: UUID
    challenge_id: UUID
    title: str
    runs: Body
    lead: Body
    state: PilotState
    ends_on: date
    ended_on: date | None
    publish_by_on: date | None
    decided_on: date | None
    published_on: date | None


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """A council that took on what was tried; `still` is its answer a year later, or empty."""

    pilot_id: UUID
    challenge_id: UUID
    title: str
    by: Body
    from_on: date
    still: str
    still_on: date | None


def of_challenge(facts: ChallengeFacts, law: Law, today: date) -> list[Duty]:
    """Return what the lead of a challenge owes: its notices, and the days of its statement."""
    given_up = facts.state is ChallengeState.ENDED and facts.published_on is None
    if facts.state is ChallengeState.WITHDRAWN or given_up:
        return []
    return [*_notices(facts, law, today), *_days(facts, today)]


def of_pilot(facts: PilotFacts, today: date) -> list[Duty]:
    """Return what is owed for a pilot: by whoever runs it, and by the lead that decides."""
    if facts.state in (PilotState.DRAFT, PilotState.DROPPED):
        return []
    return [*_pilot(facts, today)]


def of_adoption(facts: AdoptionFacts, today: date) -> list[Duty]:
    """Return what a council owes that took on what was tried: to say later whether it still uses it."""
    asked = asked_from(facts.from_on)
    if asked > today + AHEAD:
        return []
    state = DutyState.UPCOMING if today < asked else DutyState.NOW
    return [
        Duty(
            code="still-in-use",
            body_code=facts.by.code,
            body_name=facts.by.name,
            name="Say whether it is still in use",
            notice="",
            due_on=facts.still_on or asked,
            state=DutyState.DONE if facts.still else state,
            rule=ASKS[0],
            source=ASKS[1],
            about=facts.title,
            done={"yes": "Still in use", "no": "No longer in use"}.get(facts.still, ""),
            challenge_id=facts.challenge_id,
            pilot_id=facts.pilot_id,
            place=f"/results/{facts.pilot_id}",
        )
    ]


def _notices(facts: ChallengeFacts, law: Law, today: date) -> Iterator[Duty]:
    chosen = challenge_routes.route(facts.route)
    if chosen is None:
        return
    on = facts.published_on or today
    for notice in challenge_routes.notices(law, chosen, value_gross_pence=facts.gross_pence, on=on):
        due, state, note = _standing(facts, chosen, notice, law)
        told = facts.notices.get(notice.code)
        yield Duty(
            code=notice.code.lower(),
            body_code=facts.lead.code,
            body_name=facts.lead.name,
            name=notice.name,
            notice=notice.code,
            due_on=told.on if told else due,
            state=DutyState.DONE if told else _late(state, due, today),
            rule=notice.due,
            source=notice.basis.source,
            note="" if told else note,
            about=facts.title,
            done=told.reference if told else "",
            challenge_id=facts.id,
            place=f"/challenges/{facts.id}/notices",
        )


def _standing(
    facts: ChallengeFacts, chosen: ChallengeRoute, notice: Notice, law: Law
) -> tuple[date | None, DutyState, str]:
    """Return by when a notice is due, how that stands, and what the day rests on."""
    if notice.code in (chosen.first_notice, facts.first_notice):
        out = facts.published_on is not None
        return None, DutyState.NOW if out else DutyState.PLANNED, "Before the challenge is published"
    if notice.code != "UK7":
        # Of the award: before a contract, which a pilot that runs has.
        return facts.decision_on, DutyState.NOW if facts.started else DutyState.PLANNED, ""
    if facts.agreed_on is None:
        return None, DutyState.PLANNED, ""
    if chosen.code == "below-threshold":
        return None, DutyState.NOW, FROM_AGREED
    limit = law.limit(DETAILS, facts.agreed_on)
    return facts.agreed_on + timedelta(days=limit.amount - 1), DutyState.UPCOMING, FROM_AGREED


def _late(state: DutyState, due_on: date | None, today: date) -> DutyState:
    """Return a state as it is today: what was to come by a day that has passed is late."""
    passed = due_on is not None and due_on < today
    return DutyState.OVERDUE if state is DutyState.UPCOMING and passed else state


def _days(facts: ChallengeFacts, today: date) -> Iterator[Duty]:
    """Yield the days of the statement: planned until it is published, done once the challenge went on."""
    states = {ChallengeState.STATEMENT: DutyState.PLANNED, ChallengeState.OPEN: DutyState.UPCOMING}
    state = states.get(facts.state, DutyState.DONE)
    closed = state is DutyState.DONE or (facts.due_on is not None and facts.due_on < today)
    for code, name, on, stands in (
        ("responses-due", "Responses are due", facts.due_on, DutyState.DONE if closed else state),
        # Nobody records that a showcase was held: it is done once its day has passed.
        ("showcase", "Hold the showcase", facts.showcase_on, _held(state, facts.showcase_on, today)),
        (
            "decision",
            "Decide which responses are tried",
            facts.decision_on,
            _late(state, facts.decision_on, today),
        ),
    ):
        if on and on <= today + AHEAD:
            yield Duty(
                code=code,
                body_code=facts.lead.code,
                body_name=facts.lead.name,
                name=name,
                notice="",
                due_on=on,
                state=stands,
                rule=STATEMENT[0],
                source=STATEMENT[1],
                about=facts.title,
                challenge_id=facts.id,
                place=f"/challenges/{facts.id}{'/judging' if code == 'decision' else ''}",
            )


def _held(state: DutyState, on: date | None, today: date) -> DutyState:
    return DutyState.DONE if state is DutyState.UPCOMING and on and on < today else state


def _pilot(facts: PilotFacts, today: date) -> Iterator[Duty]:
    ended, by = facts.ended_on, facts.publish_by_on or publish_by(facts.ends_on)
    ahead = DutyState.PLANNED if facts.state is PilotState.AGREED else DutyState.UPCOMING
    after = DutyState.UPCOMING if ended else DutyState.PLANNED
    for code, whose, name, due, done_on, state, rule in (
        ("pilot-end", facts.runs, "Record that the pilot ended", facts.ends_on, ended, ahead, AGREEMENT),
        (
            "pilot-decision",
            facts.lead,
            "Decide what becomes of the pilot",
            by,
            facts.decided_on,
            after,
            PUBLISHES,
        ),
        (
            "pilot-result",
            facts.runs,
            "Publish the result of the pilot",
            by,
            facts.published_on,
            after,
            PUBLISHES,
        ),
    ):
        if due <= today + AHEAD:
            yield Duty(
                code=code,
                body_code=whose.code,
                body_name=whose.name,
                name=name,
                notice="",
                due_on=done_on or due,
                state=DutyState.DONE if done_on else _late(state, due, today),
                rule=rule[0],
                source=rule[1],
                about=facts.title,
                challenge_id=facts.challenge_id,
                pilot_id=facts.id,
                place=f"/pilots/{facts.id}",
            )
