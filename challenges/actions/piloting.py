"""The agreement of a pilot, made from a response that was chosen; its approval, start and end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Pilot, PilotMeasure, PilotMilestone, PilotSite
from challenges.queries import challenges, pilots, selection, sponsors
from challenges.queries.pilots import PilotRow
from challenges.rules import measuring, states
from challenges.rules import pilots as rules
from challenges.rules.pilots import PilotState
from procurement.queries import authority
from sourcing.rules.holidays import in_words
from spend.queries import own_code
from store import audit
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Refused
from values.years import london_today

MOST_PARTS: Final = 60
PARTS: Final[dict[str, Any]] = {"site": PilotSite, "milestone": PilotMilestone, "measure": PilotMeasure}


async def begin(
    db: AsyncSession, actor: Actor, challenge_id: UUID, response_id: UUID, *, starts_on: date, ends_on: date
) -> UUID:
    """Begin the agreement with a firm that was chosen; the actor's council runs the pilot.

    Raises:
        NotAllowed: not an officer of a sponsor that approved the challenge.
        Refused: the response was not chosen, or the firm's name is hidden still.
    """
    challenge = await challenges.challenge_row(db, challenge_id)
    code = states.check_officer(actor, await own_code(db, actor))
    rules.check_runs(actor, code, await _sponsor(db, challenge_id, code))
    chosen = {each.response_id: each for each in await selection.selected(db, challenge_id)}.get(response_id)
    if chosen is None or chosen.organisation_id is None:
        raise Refused("Choose a response that was selected for a pilot.", "response")
    if ends_on <= starts_on:
        raise Refused("The pilot ends after it starts.", "ends_on")
    pilot_id = uuid7()
    await db.execute(
        insert(Pilot)
        .values(
            id=pilot_id,
            challenge_id=challenge_id,
            response_id=response_id,
            organisation_id=chosen.organisation_id,
            firm=chosen.firm,
            product=chosen.product,
            runs_code=code,
            title=f"{chosen.product or chosen.firm}: {challenge.title}",
            starts_on=starts_on,
            ends_on=ends_on,
            demonstration=challenge.demonstration,
        )
        .inline()
    )
    await audit.record(db, actor, "pilot.begun", "pilot", pilot_id, firm=chosen.firm)
    return pilot_id


async def _sponsor(db: AsyncSession, challenge_id: UUID, code: str) -> str | None:
    found = await sponsors.sponsors(db, challenge_id)
    return code if code in [each.code for each in found if each.stands] else None


async def run_by(
    db: AsyncSession, actor: Actor, pilot_id: UUID, *wanted: PilotState, role: Role = Role.OFFICER
) -> PilotRow:
    """Return a pilot, locked, that the actor's council runs and whose state is one of these.

    Raises:
        Missing: not theirs to see.
        NotAllowed: of another council, or in another role.
        Refused: it is in another state.
    """
    row = await pilots.locked_pilot(db, pilot_id)
    rules.check_runs(actor, row.pilot.runs_code, await own_code(db, actor), role)
    rules.check_state(row.pilot.state, *wanted)
    return row


async def describe(
    db: AsyncSession, actor: Actor, pilot_id: UUID, *, title: str, tries: str, starts_on: date, ends_on: date
) -> None:
    """Say what is tried, and from when until when.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it is agreed already, or ends before it starts.
    """
    await run_by(db, actor, pilot_id, PilotState.DRAFT)
    if ends_on <= starts_on:
        raise Refused("The pilot ends after it starts.", "ends_on")
    values = {"title": title, "tries": tries, "starts_on": starts_on, "ends_on": ends_on}
    await db.execute(update(Pilot).where(Pilot.id == pilot_id).values(**values))
    await audit.record(db, actor, "pilot.described", "pilot", pilot_id)


async def add_part(db: AsyncSession, actor: Actor, pilot_id: UUID, part: str, **values: Any) -> int:
    """Add a site, a milestone or a measure to what will be agreed; return its number.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it is agreed already, or the method does not fit the measure.
    """
    await run_by(db, actor, pilot_id, PilotState.DRAFT)
    if part == "measure" and values["method"] not in measuring.OF_KIND[values["kind"]]:
        raise Refused("This method does not fit what is measured.", "method")
    if part == "measure" and values["target"] == values["baseline"]:
        raise Refused("The target must differ from the baseline.", "target")
    table = PARTS[part]
    last = await db.scalar(select(func.max(table.position)).where(table.pilot_id == pilot_id))
    position = (last or 0) + 1
    if position > MOST_PARTS:
        raise Refused(f"There can be {MOST_PARTS} at most.")
    await db.execute(insert(table).values(pilot_id=pilot_id, position=position, **values).inline())
    await audit.record(db, actor, f"pilot.{part}_added", "pilot", pilot_id, number=position)
    return position


async def remove_part(db: AsyncSession, actor: Actor, pilot_id: UUID, part: str, position: int) -> None:
    """Take a site, a milestone or a measure out before anything is agreed.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it is agreed already.
    """
    await run_by(db, actor, pilot_id, PilotState.DRAFT)
    table = PARTS[part]
    await db.execute(delete(table).where(table.pilot_id == pilot_id, table.position == position))
    await audit.record(db, actor, f"pilot.{part}_removed", "pilot", pilot_id, number=position)


async def check_agree(db: AsyncSession, actor: Actor, pilot_id: UUID, seen: bytes) -> bytes:
    """Refuse an approval that would not hold; return the hash of what is approved.

    Raises:
        NotAllowed: not an approver of the council that runs it.
        Refused: it is not complete, was changed since, or goes beyond the approver's limit.
    """
    row = await run_by(db, actor, pilot_id, PilotState.DRAFT, role=Role.APPROVER)
    agreement = await pilots.agreement(db, row)
    rules.check_can_agree(agreement, await authority.own_limit(db, actor))
    if (now := rules.fingerprint(agreement)) != seen:
        raise Refused("The agreement was changed since you opened this page. Read it again, then approve it.")
    return now


async def agree(db: AsyncSession, actor: Actor, pilot_id: UUID, *, seen: bytes) -> None:
    """Approve for the council that runs it what was before the approver.

    The caller asks for the second factor.

    Raises:
        NotAllowed: not an approver of the council that runs it.
        Refused: with what is in the way.
    """
    digest = await check_agree(db, actor, pilot_id, seen)
    await _move(
        db,
        pilot_id,
        PilotState.AGREED,
        fingerprint=digest,
        approved_by=actor.name,
        approved_at=datetime.now(UTC),
    )
    await audit.record(db, actor, "pilot.agreed", "pilot", pilot_id, sha256=digest.hex())


async def reopen(db: AsyncSession, actor: Actor, pilot_id: UUID) -> None:
    """Take an agreement back to change it: its approval falls with it.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it has started, or was never agreed.
    """
    await run_by(db, actor, pilot_id, PilotState.AGREED)
    gone = {"fingerprint": None, "approved_by": "", "approved_at": None}
    await _move(db, pilot_id, PilotState.DRAFT, **gone)
    await audit.record(db, actor, "pilot.reopened", "pilot", pilot_id)


async def drop(db: AsyncSession, actor: Actor, pilot_id: UUID, *, reason: str) -> None:
    """Give a pilot up before it starts.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it has started.
    """
    await run_by(db, actor, pilot_id, PilotState.DRAFT, PilotState.AGREED)
    await _move(db, pilot_id, PilotState.DROPPED, end_reason=reason)
    await audit.record(db, actor, "pilot.dropped", "pilot", pilot_id, reason=reason)


async def start(db: AsyncSession, actor: Actor, pilot_id: UUID) -> None:
    """Start it: from now on its measures are fixed, under their hash.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it is not agreed, or its first day is still to come, or judging is not over.
    """
    row = await run_by(db, actor, pilot_id, PilotState.AGREED)
    rules.check_can_start(row.pilot.starts_on, london_today())
    challenge = await challenges.challenge_row(db, row.pilot.challenge_id)
    if challenge.state not in ("judged", "pilot"):
        raise Refused("The lead council closes the judging of the challenge first.")
    digest = rules.frozen(await pilots.measures(db, pilot_id))
    at = datetime.now(UTC)
    await _move(db, pilot_id, PilotState.RUNNING, frozen_sha256=digest, started_at=at)
    await audit.record(db, actor, "pilot.started", "pilot", pilot_id, sha256=digest.hex())
    await audit.record(db, actor, "challenge.pilot_started", "challenge", challenge.id, pilot=str(pilot_id))


async def end(db: AsyncSession, actor: Actor, pilot_id: UUID, *, reason: str) -> None:
    """End it, in time or before; from now on there is a day by which its result is published.

    Raises:
        NotAllowed: not an officer of the council that runs it.
        Refused: it does not run.
    """
    await run_by(db, actor, pilot_id, PilotState.RUNNING)
    due = rules.publish_by(london_today())
    at = datetime.now(UTC)
    await _move(db, pilot_id, PilotState.ENDED, ended_at=at, end_reason=reason, publish_by_on=due)
    await audit.record(db, actor, "pilot.ended", "pilot", pilot_id, by=in_words(due))


async def _move(db: AsyncSession, pilot_id: UUID, to: PilotState, **values: Any) -> None:
    await db.execute(update(Pilot).where(Pilot.id == pilot_id).values(state=to.value, **values))
