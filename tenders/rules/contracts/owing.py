"""What a contract owes from its signature to its end, and whether it was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sourcing.rules import obligations
from sourcing.rules.counting import last_day_of_months
from sourcing.rules.duties import AHEAD, Duty, DutyState
from sourcing.rules.law import Law
from sourcing.rules.obligations import Event, Obligation
from tenders.rules.contracts.life import Breach, Changed, Life, Told
from tenders.rules.duties import Records

NOT_RECORDED: Final = "Its last day has passed: record how it ended, or the change that made it longer"


def of_contract(life: Life, law: Law, today: date, records: Records) -> list[Duty]:
    """Return what a contract owes as far ahead as anybody plans, with what became of it.

    Args:
        life: the contract.
        law: the tables.
        today: the day from which late and to come are told apart.
        records: what officers of its council recorded, by code and last day.
    """
    found = [*_by_law(life, law, today), *_of_breaches(life, law), *_of_changes(life, law)]
    return [_with_state(each, today, records) for each in found]


def code_of(code: str, life: Life) -> str:
    """Return the code by which a duty of a contract is told from those of others."""
    return f"{code}:{life.facts.contract_id}"


def _by_law(life: Life, law: Law, today: date) -> Iterator[Duty]:
    facts, ends = life.facts, life.ends_on
    # What ends in more than two years is not planned by a list; the assessments go on until then.
    until = max(today + AHEAD, ends or today)
    for each in obligations.of_contract(law, life.obliged(ends), until=until):
        if each.due_on and each.due_on > today + AHEAD:
            continue
        done = _done(life, each)
        due = facts.details_due_on if each.code == "contract-details" else each.due_on
        planned = each.code == "termination" or (each.code == "performance" and each.due_on == ends)
        state = DutyState.PLANNED if planned and not life.ended else DutyState.UPCOMING
        note = each.note
        if planned and not life.ended and ends and ends < today:
            state, note = DutyState.NOW, f"{NOT_RECORDED}. {note}".removesuffix(". ")
        if due is None:
            state = DutyState.NOW
        yield _duty(life, replace(each, due_on=due, note=note), done, state)


def _done(life: Life, each: Obligation) -> Told | None:
    contract = life.facts.contract_id
    if each.code == "contract-details":
        return life.published("UK7", contract)
    if each.code == "contract-copy":
        return _copied(life, "contract", contract)
    if each.code == "termination" and life.ended:
        return life.published("UK11", life.ended.id)
    if each.code == "performance" and each.due_on:
        return _assessed(life, each.due_on)
    return None


def _copied(life: Life, kind: str, about: object) -> Told | None:
    found = next((x for x in life.copies if x.kind == kind and x.about_id == about and x.on), None)
    return Told("", found.about_id, found.reference, found.on) if found else None


def _assessed(life: Life, due: date) -> Told | None:
    """Return the notice of an assessment that counts for the twelve months that end on a day.

    On the end of a contract the last assessment counts, and no other.
    """
    ended = life.ended
    years = 1
    while last_day_of_months(life.facts.signed_on, 12 * years) < due:
        years += 1
    first = last_day_of_months(life.facts.signed_on, 12 * (years - 1)) + timedelta(days=1)
    for each in life.assessments:
        on_the_end = ended is not None and due == ended.ended_on
        counts = each.last if on_the_end else first <= each.until_on <= due
        if counts and (told := life.published("UK9", each.id)):
            return told
    return None


def _of_breaches(life: Life, law: Law) -> Iterator[Duty]:
    for each in life.breaches:
        ended = each.consequence == "terminated"
        event = Event.BREACH_ENDED_IT if ended else Event.BREACH
        owed = obligations.after(law, event, each.applies_on)
        yield _duty(life, replace(owed, code=f"{owed.code}-{each.id}"), _breach_told(life, each), None)


def _breach_told(life: Life, each: Breach) -> Told | None:
    if each.consequence == "terminated" and life.ended:
        return life.published("UK11", life.ended.id)
    return life.published("UK9", each.id)


def _of_changes(life: Life, law: Law) -> Iterator[Duty]:
    for each in life.changes:
        if each.needs_notice and each.state in ("approved", "made"):
            yield _change_notice(life, law, each)
        if each.text_is_published and each.made_on:
            owed = obligations.after(law, Event.CHANGED, each.made_on)
            copied = replace(owed, code=f"{owed.code}-{each.id}", name=f"{owed.name} {each.number}")
            yield _duty(life, copied, _copied(life, "change", each.id), None)


def _change_notice(life: Life, law: Law, each: Changed) -> Duty:
    notice = law.notice("UK10", each.made_on or life.facts.signed_on)
    owed = Obligation(
        f"uk10-{each.id}",
        "UK10",
        f"{notice.name}, change {each.number}",
        None,
        None,
        notice.due,
        notice.basis,
    )
    return _duty(life, owed, life.published("UK10", each.id), DutyState.NOW)


def _duty(life: Life, each: Obligation, done: Told | None, state: DutyState | None) -> Duty:
    facts = life.facts
    return Duty(
        code=code_of(each.code, life),
        body_code=facts.body_code,
        body_name=facts.body_name,
        name=each.name,
        notice=each.notice,
        due_on=each.due_on or (done.on if done else None),
        state=DutyState.DONE if done else state or DutyState.UPCOMING,
        rule=each.rule,
        source=each.basis.source,
        note=each.note,
        tender_id=facts.tender_id,
        about=facts.tender_title,
        done=done.reference if done else "",
        contract_id=facts.contract_id,
        contract=facts.reference,
        person=life.manager,
        person_id=life.manager_id,
    )


def _with_state(each: Duty, today: date, records: Records) -> Duty:
    record = records.get((each.code, each.due_on)) if each.due_on else None
    if record and each.state is not DutyState.DONE:
        return replace(each, state=DutyState(record.outcome.value), done=record.words)
    if each.state is DutyState.UPCOMING and each.due_on and each.due_on < today:
        return replace(each, state=DutyState.OVERDUE)
    return each
