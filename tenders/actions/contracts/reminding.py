"""What a contract owes is written down once as its day comes near, so that its council hears of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.counting import working_days_before
from sourcing.rules.holidays import Unreached, in_words
from sourcing.rules.law import law
from store import audit
from tenders.queries import duties as queries
from tenders.rules.duties import Duty, DutyState
from values.actors import Actor

# Two workers at once would each write the same.
REMIND_LOCK: Final = 7_204_115_537
DAYS: Final = 5
ACTION: Final = "contract.duty_near"


async def remind(db: AsyncSession, actor: Actor, today: date) -> int:
    """Record each duty of a contract whose day is at most five working days ahead or has passed, once.

    What is planned and what was done or is not owed is left out.
    """
    await db.execute(select(func.pg_advisory_xact_lock(REMIND_LOCK)))
    near = [each for each in await queries.of_all_contracts(db, today) if is_near(each, today)]
    told = await queries.reminded(db, ACTION, [each.code for each in near])
    fresh = [each for each in near if (each.code, str(each.due_on)) not in told]
    for each in fresh:
        await audit.record(
            db,
            actor,
            ACTION,
            "tender",
            str(each.tender_id),
            body_code=each.body_code,
            contract_id=str(each.contract_id),
            contract=each.contract,
            code=each.code,
            due_on=str(each.due_on),
            duty=f"{each.name} ({each.notice})" if each.notice else each.name,
            by=in_words(each.due_on) if each.due_on else "",
        )
    return len(fresh)


def is_near(duty: Duty, today: date) -> bool:
    """Tell whether somebody is to be reminded of a duty by now."""
    if duty.due_on is None or duty.state not in (DutyState.UPCOMING, DutyState.OVERDUE, DutyState.NOW):
        return False
    try:
        return working_days_before(duty.due_on, DAYS, law().holidays) <= today
    except Unreached:
        return False
