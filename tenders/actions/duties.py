"""An officer records what became of a duty of their council, or takes that back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.law import law
from spend.queries import own_code
from store import audit
from tenders.models import DutyRecord
from tenders.queries import duties as queries
from tenders.rules import duties as rules
from tenders.rules.duties import Outcome
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today


async def record(
    db: AsyncSession, actor: Actor, code: str, due_on: date, *, outcome: Outcome, words: str
) -> None:
    """Record that the actor's council did what it owed by a day, or did not owe it.

    Raises:
        NotAllowed: not an officer of a council.
        Missing: the council owes no such thing by that day.
        Refused: it was recorded already, or nothing was said.
    """
    body_code = await _own(db, actor)
    if not await _owed(db, body_code, code, due_on):
        raise Missing("duty")
    if not words.strip():
        raise Refused("Say where it was published, or why it is not owed", "words")
    values = {"outcome": outcome.value, "words": words.strip(), "person_name": actor.name}
    made = await db.scalar(
        insert(DutyRecord)
        .values(body_code=body_code, code=code, due_on=due_on, **values)
        .on_conflict_do_nothing()
        .returning(DutyRecord.code)
    )
    if made is None:
        raise Refused("Somebody of your council has recorded this already.")
    await _audit(db, actor, "duty.recorded", code, due_on, outcome=outcome.value)


async def take_back(db: AsyncSession, actor: Actor, code: str, due_on: date) -> None:
    """Take a record back: the duty stands as it did before.

    Raises:
        NotAllowed: not an officer of a council.
        Missing: nothing was recorded.
    """
    body_code = await _own(db, actor)
    gone = await db.scalar(
        delete(DutyRecord)
        .where(DutyRecord.body_code == body_code, DutyRecord.code == code, DutyRecord.due_on == due_on)
        .returning(DutyRecord.code)
    )
    if gone is None:
        raise Missing("duty")
    await _audit(db, actor, "duty.taken_back", code, due_on)


async def _owed(db: AsyncSession, body_code: str, code: str, due_on: date) -> bool:
    """Tell whether a council owes something by a day: whatever it buys, or for a contract of its own."""
    today = london_today()
    if ":" not in code:
        return any(each.code == code and each.due_on == due_on for each in rules.of_councils(law(), today))
    return any(
        (each.code, each.due_on, each.body_code) == (code, due_on, body_code)
        for each in await queries.duties(db, today, body_code=body_code)
    )


async def _own(db: AsyncSession, actor: Actor) -> str:
    code = await own_code(db, actor)
    if code is None or not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a council can do this.")
    return code


async def _audit(
    db: AsyncSession, actor: Actor, action: str, code: str, due_on: date, **details: str
) -> None:
    assert actor.organisation_id is not None
    told = {"duty": code, "due_on": due_on.isoformat(), **details}
    await audit.record(db, actor, action, "organisation", actor.organisation_id, **told)
