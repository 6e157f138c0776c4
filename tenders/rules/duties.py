"""What is due when, for whom: of a tender by its timetable and notices, of a council by the calendar."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sourcing.rules import obligations
from sourcing.rules.duties import AHEAD, Duty, DutyState
from sourcing.rules.law import Law
from sourcing.rules.obligations import Event, Obligation
from sourcing.rules.overrides import Overrides
from sourcing.rules.timetables.asked import Procedure
from sourcing.rules.timetables.steps import Kind, Step
from tenders.rules import timetabling
from tenders.rules.content import Content, Model
from tenders.rules.states import TenderState

YEAR: Final = timedelta(days=365)
# What every council owes is shown as far back, so that what was forgotten last month is still seen.
BACK: Final = timedelta(days=90)


class Outcome(enum.StrEnum):
    """What a council recorded of a duty of its own."""

    DONE = "done"
    NOT_OWED = "not_owed"


@dataclass(frozen=True, slots=True)
class Published:
    """A notice that the central platform published: its reference, and on which day."""

    reference: str
    on: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an officer recorded of a duty of their council: where it was done, or why it is not owed."""

    outcome: Outcome
    words: str


# By what is owed and the last day of it.
Records = Mapping[tuple[str, date], Recorded]


@dataclass(frozen=True, slots=True)
class Owing:
    """A tender as far as duties depend on it.

    Attributes:
        ended_on: when it was terminated.
        notices: by their number, those that the platform published.
        early: the numbers of notices before the tender notice that were prepared, confirmed or not.
        signed: councils whose contract is recorded: what follows from it is owed by the contract.
    """

    tender_id: UUID
    content: Content
    state: TenderState
    published_on: date | None
    ended_on: date | None
    notices: Mapping[str, Published]
    overrides: Overrides
    signed: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()


def of_tender(owing: Owing, law: Law, today: date) -> list[Duty]:
    """Return what a tender owes: the notices of the procurement, and what follows from its planned days.

    Days after the award rest on planned days: none of them is late before a contract is signed.
    """
    if owing.state is TenderState.TERMINATED:
        return list(_of_ended(owing, law))
    return [*_notices(owing, law, today), *_planned(owing, law, today)]


def of_councils(law: Law, today: date) -> list[Obligation]:
    """Return what every council owes around a day, whatever it buys."""
    return obligations.of_council(law, today - BACK, today + YEAR)


def of_council(code: str, name: str, law: Law, today: date, records: Records) -> list[Duty]:
    """Return what a council owes whatever it buys, with what its officers recorded of it."""
    return [
        Duty(
            code=each.code,
            body_code=code,
            body_name=name,
            name=each.name,
            notice=each.notice,
            due_on=each.due_on,
            state=_state(each, today, record),
            rule=each.rule,
            source=each.basis.source,
            note=each.note,
            done=record.words if record else "",
        )
        for each in of_councils(law, today)
        for record in [records.get((each.code, each.due_on or today))]
    ]


def _state(each: Obligation, today: date, record: Recorded | None) -> DutyState:
    if record:
        return DutyState(record.outcome.value)
    return DutyState.OVERDUE if each.due_on and each.due_on < today else DutyState.UPCOMING


def _of_ended(owing: Owing, law: Law) -> Iterator[Duty]:
    if owing.published_on is None or owing.ended_on is None:
        return
    each = obligations.after(law, Event.NOT_AWARDED, owing.ended_on)
    yield _duty(owing, each, owing.ended_on, DutyState.NOW)


def _notices(owing: Owing, law: Law, today: date) -> Iterator[Duty]:
    content = owing.content
    procedure = content.course.procedure
    on = owing.published_on or content.notice_on(today)
    planned = {"UK4": content.dates.publish_on, "UK6": content.dates.award_on}
    # Where a notice of market engagement was published without this service, or its reasons stand in the
    # tender, nothing is left to do; one that was prepared here waits for its confirmation.
    engaged, intended = "UK2" in owing.early, "UK3" in owing.early
    for each in obligations.of_procurement(law, procedure, on=on, engaged=engaged, planned=intended):
        waits = each.notice in owing.early and owing.published_on is None
        yield _duty(owing, each, planned.get(each.notice), DutyState.NOW if waits else DutyState.PLANNED)


def _duty(owing: Owing, each: Obligation, on: date | None, state: DutyState) -> Duty:
    done = owing.notices.get(each.notice)
    lead = owing.content.lead
    return Duty(
        code=each.code,
        body_code=lead.code if lead else "",
        body_name=lead.name if lead else "",
        name=each.name,
        notice=each.notice,
        due_on=done.on if done else on,
        state=DutyState.DONE if done else state,
        rule=each.rule,
        source=each.basis.source,
        note=each.note,
        tender_id=owing.tender_id,
        about=owing.content.title,
        done=done.reference if done else "",
    )


def _planned(owing: Owing, law: Law, today: date) -> Iterator[Duty]:
    content = owing.content
    if content.course.procedure is Procedure.BELOW_THRESHOLD:
        return
    found = timetabling.calendar(
        content, law, today, published_on=owing.published_on, overrides=owing.overrides
    )
    steps = found.timetable.steps if found.timetable else ()
    for step in steps:
        if step.kind is Kind.LATEST and step.on and step.on <= today + AHEAD:
            yield from _of_step(owing, step)


def _of_step(owing: Owing, step: Step) -> Iterator[Duty]:
    """Yield the duty of each council that signs: each where contracts are parallel, else the lead."""
    content = owing.content
    each_signs = content.course.model is Model.PARALLEL
    for buyer in content.buyers:
        if (buyer.leads or each_signs) and buyer.code not in owing.signed:
            yield Duty(
                code=step.code,
                body_code=buyer.code,
                body_name=buyer.name,
                name=step.name[:1].upper() + step.name[1:],
                notice="",
                due_on=step.on,
                state=DutyState.PLANNED,
                rule=step.rule,
                source=step.source,
                note=step.note,
                tender_id=owing.tender_id,
                about=content.title,
            )
