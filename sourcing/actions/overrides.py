"""A named officer sets another day or number than the law's tables give, with a reason, and takes it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions.subjects import one_at_a_time
from sourcing.models import LawOverride
from sourcing.queries import overrides as queries
from sourcing.queries.subjects import acted_for
from sourcing.rules.law import law
from sourcing.rules.overrides import Override
from sourcing.rules.timetables.asked import Asked
from sourcing.rules.timetables.making import timetable
from store import audit
from values.actors import Actor
from values.refusals import Missing, Refused

REPLACED = "Another value was set"


async def set_override(
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    asked: Asked,
    *,
    code: str,
    value: date | int,
    reason: str,
) -> None:
    """Set a day for a step, or a number of days for a row of the tables; what held before is withdrawn.

    Args:
        db: the transaction.
        actor: the officer who answers for it.
        subject_id: for what it holds.
        asked: the subject's procurement, whose timetable it must fit.
        code: of the step or of the row.
        value: a day or a number.
        reason: why the tables do not fit here.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is no officer of a body that acts for it.
        Refused: name or reason is missing, the timetable has no such step or number, or contradicts it.
    """
    found = await acted_for(db, actor, subject_id)
    await one_at_a_time(db, subject_id)
    override = Override(value, actor.name, reason.strip())
    held = await queries.overrides_of(db, subject_id)
    timetable(asked, law(), {**held, code: override})
    if code in held:
        await _withdraw(db, actor, subject_id, code, REPLACED)
    day, days = (None, value) if isinstance(value, int) else (value, None)
    await db.execute(
        insert(LawOverride)
        .values(
            subject_id=subject_id,
            code=code,
            on_day=day,
            days=days,
            reason=override.reason,
            officer_id=actor.person_id,
            officer_name=actor.name,
            organisation_id=actor.organisation_id,
        )
        .inline()
    )
    before = {"before": _told(held[code].value)} if code in held else {}
    details = {"code": code, "value": _told(value), "reason": override.reason} | before
    await audit.record(db, actor, "override.set", found.kind, subject_id, **details)


async def withdraw_override(
    db: AsyncSession, actor: Actor, subject_id: UUID, *, code: str, reason: str
) -> None:
    """Let the tables count again for a step or a row.

    Raises:
        Missing: there is no such subject for the actor, or nothing is set for this code.
        NotAllowed: the actor is no officer of a body that acts for it.
        Refused: there is no reason.
    """
    found = await acted_for(db, actor, subject_id)
    if not reason.strip():
        raise Refused("Say why the tables are to count again.", "reason")
    if not await _withdraw(db, actor, subject_id, code, reason.strip()):
        raise Missing("override")
    await audit.record(
        db, actor, "override.withdrawn", found.kind, subject_id, code=code, reason=reason.strip()
    )


async def _withdraw(db: AsyncSession, actor: Actor, subject_id: UUID, code: str, reason: str) -> bool:
    done = await db.execute(
        update(LawOverride)
        .where(
            LawOverride.subject_id == subject_id,
            LawOverride.code == code,
            LawOverride.withdrawn_at.is_(None),
        )
        .values(
            withdrawn_at=func.statement_timestamp(),
            withdrawn_by_id=actor.person_id,
            withdrawn_by_name=actor.name,
            withdrawn_reason=reason,
        )
        .returning(LawOverride.id)
    )
    return done.first() is not None


def _told(value: date | int) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
