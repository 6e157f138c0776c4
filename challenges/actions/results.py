"""Money, readings and the account of a pilot; what was decided, its publication, and who took it on."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import evidencing
from challenges.actions.piloting import run_by
from challenges.models import (
    Pilot,
    PilotAdoption,
    PilotEffect,
    PilotMeasureChange,
    PilotMilestone,
    PilotReading,
)
from challenges.queries import open_results, pilots
from challenges.rules import measuring, states
from challenges.rules import pilots as rules
from challenges.rules.measuring import Reading
from challenges.rules.pilots import PilotState
from sourcing.actions import following
from spend.queries import own_code
from store import audit
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today

RUNS = (PilotState.AGREED, PilotState.RUNNING, PilotState.ENDED)


async def pay(
    db: AsyncSession, actor: Actor, pilot_id: UUID, position: int, *, paid_on: date, evidence: str
) -> None:
    """Record that a milestone was paid, and what showed that it was reached.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it was paid already, or on a day to come.
    """
    await run_by(db, actor, pilot_id, PilotState.RUNNING, PilotState.ENDED, PilotState.DECIDED)
    if paid_on > london_today():
        raise Refused("Enter when it was paid: not a day that is still to come.", "paid_on")
    paid = await db.execute(
        update(PilotMilestone)
        .where(
            PilotMilestone.pilot_id == pilot_id,
            PilotMilestone.position == position,
            PilotMilestone.paid_on.is_(None),
        )
        .values(paid_on=paid_on, evidence=evidence)
        .returning(PilotMilestone.position)
    )
    if paid.first() is None:
        raise Refused("This milestone was paid already.")
    await audit.record(
        db, actor, "pilot.paid", "pilot", pilot_id, number=position, paid_on=paid_on.isoformat()
    )


async def record_readings(
    db: AsyncSession, actor: Actor, pilot_id: UUID, position: int, *, lines: str
) -> int:
    """Record the readings of lines with date, site, value, cases and evidence; all of them, or none.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: with the lines that are wrong.
    """
    await run_by(db, actor, pilot_id, *RUNS)
    measure = await pilots.measure(db, pilot_id, position)
    sites = await pilots.sites(db, pilot_id)
    found = measuring.readings_of(lines, measure, sites, london_today())
    await _add(db, actor, pilot_id, position, found)
    await audit.record(db, actor, "pilot.read", "pilot", pilot_id, number=position, readings=len(found))
    return len(found)


async def correct(
    db: AsyncSession,
    actor: Actor,
    pilot_id: UUID,
    reading_id: UUID,
    *,
    value: float,
    cases: float | None,
    reason: str,
) -> None:
    """Put another reading in the place of one; the earlier one stays, and the reason beside it.

    Raises:
        Missing: there is no such reading that counts.
        NotAllowed: not an officer of the council that runs it.
    """
    await run_by(db, actor, pilot_id, *RUNS)
    old = next((each for each in await pilots.readings(db, pilot_id) if each.id == reading_id), None)
    if old is None or not old.counts:
        raise Missing("reading")
    new = Reading(old.site, old.read_on, value, cases, old.evidence)
    measuring.check_reading(await pilots.measure(db, pilot_id, old.position), new)
    [new_id] = await _add(db, actor, pilot_id, old.position, [new], corrects=old.id, reason=reason)
    await evidencing.carry_over(db, old.id, new_id)
    await audit.record(db, actor, "pilot.corrected", "pilot", pilot_id, number=old.position, reason=reason)


async def _add(
    db: AsyncSession, actor: Actor, pilot_id: UUID, position: int, found: Sequence[Reading], **more: Any
) -> list[UUID]:
    rows: list[dict[str, Any]] = [
        {
            "id": uuid7(),
            "pilot_id": pilot_id,
            "position": position,
            "site": each.site,
            "read_on": each.read_on,
            "value": each.value,
            "cases": each.cases,
            "evidence": each.evidence,
            "read_by": actor.name,
            **more,
        }
        for each in found
    ]
    await db.execute(insert(PilotReading).inline(), rows)
    return [row["id"] for row in rows]


async def change_measure(
    db: AsyncSession,
    actor: Actor,
    pilot_id: UUID,
    position: int,
    *,
    target: float,
    method: str,
    reason: str,
) -> None:
    """Say that a fixed measure should be read otherwise, and why; the original stays beside it.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: the pilot does not run, or the method does not fit.
    """
    await run_by(db, actor, pilot_id, PilotState.RUNNING)
    measure = await pilots.measure(db, pilot_id, position)
    if method not in measuring.OF_KIND[measure.kind]:
        raise Refused("This method does not fit what is measured.", "method")
    if (target, method) == (measure.target, measure.method):
        raise Refused("Nothing would change.", "target")
    said = {"target": target, "method": method, "reason": reason}
    await db.execute(
        insert(PilotMeasureChange)
        .values(id=uuid7(), pilot_id=pilot_id, position=position, changed_by=actor.name, **said)
        .inline()
    )
    await audit.record(db, actor, "pilot.measure_changed", "pilot", pilot_id, number=position, reason=reason)


async def give_account(db: AsyncSession, actor: Actor, pilot_id: UUID, **said: Any) -> None:
    """Write down harms, equality, staff time, cost in use, where it does not carry over, whom to ask.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it has not started, or its result is published.
    """
    await run_by(db, actor, pilot_id, PilotState.RUNNING, PilotState.ENDED)
    await db.execute(update(Pilot).where(Pilot.id == pilot_id).values(**said))
    await audit.record(db, actor, "pilot.accounted", "pilot", pilot_id)


async def decide(db: AsyncSession, actor: Actor, pilot_id: UUID, *, decision: str, reason: str) -> None:
    """Decide for the lead council what becomes of it: scale, change or stop.

    Raises:
        NotAllowed: not an approver of the lead council.
        Refused: it has not ended, or its account is not complete.
    """
    row = await pilots.locked_pilot(db, pilot_id)
    if not actor.has(Role.APPROVER) or await own_code(db, actor) != row.lead_code:
        raise NotAllowed("Only an approver of the lead council can do this.")
    rules.check_state(row.pilot.state, PilotState.ENDED)
    one = row.pilot
    rules.check_account(one.harms, one.equality, one.carries, one.learnt, one.ask_whom)
    await db.execute(
        update(Pilot)
        .where(Pilot.id == pilot_id)
        .values(
            state=PilotState.DECIDED.value,
            decision=decision,
            decision_reason=reason,
            decided_by=actor.name,
            decided_at=datetime.now(UTC),
        )
    )
    await audit.record(db, actor, "pilot.decided", "pilot", pilot_id, decision=decision, reason=reason)


async def publish(db: AsyncSession, actor: Actor, pilot_id: UUID) -> None:
    """Publish the result: everybody reads it from now on, however it went. What it shows is kept with it.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: nothing is decided yet.
    """
    row = await run_by(db, actor, pilot_id, PilotState.DECIDED)
    values = {"state": PilotState.PUBLISHED.value, "published_at": datetime.now(UTC)}
    await db.execute(update(Pilot).where(Pilot.id == pilot_id).values(**values))
    await _keep_effects(db, row.pilot)
    await audit.record(db, actor, "pilot.published", "pilot", pilot_id)
    await audit.record(
        db, actor, "challenge.result_published", "challenge", row.pilot.challenge_id, pilot=str(pilot_id)
    )


async def _keep_effects(db: AsyncSession, one: Pilot) -> None:
    """Write down what the measures show: no reading is added or corrected any more."""
    measures, sites = await pilots.measures(db, one.id), await pilots.sites(db, one.id)
    counted = [each for each in await pilots.readings(db, one.id) if each.counts]

    def compute() -> list[dict[str, Any]]:
        return [
            {"pilot_id": one.id, "position": measure.position}
            | dataclasses.asdict(
                open_results.shown(
                    measuring.by_fixed_method(
                        measure,
                        sites,
                        [each.reading for each in counted if each.position == measure.position],
                        one.starts_on,
                    )
                )
            )
            for measure in measures
        ]

    await db.execute(insert(PilotEffect), await asyncio.to_thread(compute))


async def adopt(db: AsyncSession, actor: Actor, pilot_id: UUID, *, from_on: date, **said: Any) -> None:
    """Record that the actor's council takes on what was tried, and by which lawful way.

    Raises:
        NotAllowed: not an officer of a council.
        Refused: its result is not published, or says to stop; or the council did so already.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    row = await pilots.pilot_row(db, pilot_id)
    rules.check_state(row.pilot.state, PilotState.PUBLISHED)
    if row.pilot.decision == "stop":
        raise Refused("The council that tried it decided to stop: there is nothing to take on.")
    if said["pool_id"] is not None and said["way"] != "pool":
        raise Refused("A pool belongs to the way through a pool.", "pool")
    values = {**said, "from_on": from_on, "adopted_by": actor.name}
    await db.execute(
        insert(PilotAdoption).values(id=uuid7(), pilot_id=pilot_id, body_code=code, **values).inline()
    )
    await audit.record(db, actor, "pilot.adopted", "pilot", pilot_id, body_code=code, way=said["way"])
    # So that whoever recorded it hears of the question a year later.
    await following.follow(db, actor, row.pilot.challenge_id)


async def say_still(db: AsyncSession, actor: Actor, pilot_id: UUID, *, still: str, words: str) -> None:
    """Say a year later whether it is still in use at the actor's council.

    Raises:
        Missing: the council did not take it on.
        NotAllowed: not an officer of a council.
        Refused: a year has not passed.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    mine = (PilotAdoption.pilot_id == pilot_id, PilotAdoption.body_code == code)
    from_on = await db.scalar(select(PilotAdoption.from_on).where(*mine))
    if from_on is None:
        raise Missing("adoption")
    rules.check_still(from_on, london_today())
    values = {"still": still, "still_words": words, "still_at": datetime.now(UTC)}
    await db.execute(update(PilotAdoption).where(*mine).values(**values))
    await audit.record(db, actor, "pilot.still", "pilot", pilot_id, body_code=code, still=still)
