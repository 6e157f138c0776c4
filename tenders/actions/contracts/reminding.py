"""What a contract owes is written down once as its day comes near, so that its council hears of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import working_days_before
from sourcing.rules.holidays import Unreached, in_words
from sourcing.rules.law import law
from store import audit
from store.audit import Entry
from store.db import take_turns
from tenders.queries import duties as queries
from tenders.rules.duties import Duty, DutyState
from values.actors import Actor

DAYS: Final = 5
ACTION: Final = "contract.duty_near"


async def remind(db: AsyncSession, actor: Actor, today: date) -> int:
    """Record each duty of a contract whose day is at most five working days ahead or has passed, once.

    What is planned and what was done or is not owed is left out.
    """
    # Two workers at once would each write the same.
    await take_turns(db, "tenders.reminding")
    near = [each for each in await queries.of_all_contracts(db, today) if is_near(each, today)]
    told = await queries.reminded(db, ACTION, [each.code for each in near])
    fresh = [each for each in near if (each.code, str(each.due_on)) not in told]
    await audit.record_all(db, actor, [_reminder(each) for each in fresh])
    return len(fresh)


def _reminder(duty: Duty) -> Entry:
    said = {
        "body_code": duty.body_code,
        "contract_id": str(duty.contract_id),
        "contract": duty.contract,
        "code": duty.code,
        "due_on": str(duty.due_on),
        "duty": f"{duty.name} ({duty.notice})" if duty.notice else duty.name,
        "by": in_words(duty.due_on) if duty.due_on else "",
    }
    return Entry(ACTION, "tender", str(duty.tender_id), said)


def is_near(duty: Duty, today: date) -> bool:
    """Tell whether somebody is to be reminded of a duty by now."""
    if duty.due_on is None or duty.state not in (DutyState.UPCOMING, DutyState.OVERDUE, DutyState.NOW):
        return False
    try:
        return working_days_before(duty.due_on, DAYS, law().holidays) <= today
    except Unreached:
        return False
