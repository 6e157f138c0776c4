"""What a contract owes, and its council whatever it buys, is written down once as its day comes near."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import working_days_before
from sourcing.rules.duties import Duty, DutyState
from sourcing.rules.holidays import Unreached, in_words
from sourcing.rules.law import law
from store import audit
from store.audit import Entry
from store.db import take_turns
from tenders.queries import duties as queries
from tenders.rules.touching import trigger
from values.actors import Actor

DAYS: Final = 5
ACTION: Final = "contract.duty_near"
OF_COUNCIL: Final = "council.duty_near"


async def remind(db: AsyncSession, actor: Actor, today: date) -> int:
    """Record each duty of a contract whose day is at most five working days ahead or has passed, once.

    What is planned and what was done or is not owed is left out.
    """
    # Two workers at once would each write the same.
    await take_turns(db, "tenders.reminding")
    near = [each for each in await queries.of_all_contracts(db, today) if is_near(each, today)]
    told = await queries.reminded(db, ACTION, [each.code for each in near])
    fresh = [each for each in near if _key(each) not in told]
    await audit.record_all(db, actor, [_reminder(each) for each in fresh])
    return len(fresh) + await _remind_councils(db, actor, today)


async def _remind_councils(db: AsyncSession, actor: Actor, today: date) -> int:
    """Record each duty of a council as a whole that a contract here touches, as its day comes near, once."""
    touched = await queries.of_touched_councils(db, today)
    near = [(each, tender_id) for each, tender_id in touched if is_near(each, today)]
    told = await queries.reminded(db, OF_COUNCIL, [each.code for each, _ in near])
    fresh = [(each, tender_id) for each, tender_id in near if _key(each) not in told]
    entries = [
        Entry(OF_COUNCIL, "tender", str(tender_id), {**_said(each), "trigger": trigger(each, law())})
        for each, tender_id in fresh
    ]
    await audit.record_all(db, actor, entries)
    return len(entries)


def _key(duty: Duty) -> tuple[str, str, str]:
    return duty.code, str(duty.due_on), duty.body_code


def _reminder(duty: Duty) -> Entry:
    said = {**_said(duty), "contract_id": str(duty.contract_id), "contract": duty.contract}
    return Entry(ACTION, "tender", str(duty.tender_id), said)


def _said(duty: Duty) -> dict[str, str]:
    return {
        "body_code": duty.body_code,
        "code": duty.code,
        "due_on": str(duty.due_on),
        "duty": f"{duty.name} ({duty.notice})" if duty.notice else duty.name,
        "by": in_words(duty.due_on) if duty.due_on else "",
    }


def is_near(duty: Duty, today: date) -> bool:
    """Tell whether somebody is to be reminded of a duty by now."""
    if duty.due_on is None or duty.state not in (DutyState.UPCOMING, DutyState.OVERDUE, DutyState.NOW):
        return False
    try:
        return working_days_before(duty.due_on, DAYS, law().holidays) <= today
    except Unreached:
        return False
