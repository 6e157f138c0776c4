"""The lead gives entrants their times by lot; judges write notes for themselves."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing
from challenges.models import ChallengeNote, ChallengeSlot
from challenges.queries import phases
from challenges.rules import showcase as rules
from challenges.rules.states import ChallengeState
from sourcing.queries import panels
from sourcing.rules.panels import check_hidden
from store import audit
from values.actors import Actor
from values.refusals import Missing, Refused


async def draw(
    db: AsyncSession,
    actor: Actor,
    challenge_id: UUID,
    phase_id: UUID,
    *,
    first_at: datetime,
    minutes: int,
    pause: int,
    place: str,
) -> int:
    """Give each entrant of a phase a time by lot, in place of earlier ones; return how many there are.

    Raises:
        Missing: there is no such phase for the actor.
        NotAllowed: not an officer of the lead council.
        Refused: the phase is decided or has not begun, the times do not do, or the actor has a conflict.
    """
    challenge = await changing.led(db, actor, challenge_id)
    phase = await phases.phase(db, challenge_id, phase_id)
    if phase.decided or challenge.state != ChallengeState.OPEN:
        raise Refused("It was decided who goes on.")
    check_hidden(await phases.hidden(db, challenge_id, phase_id))
    entered = [each for each in await phases.entrants(db, phase_id) if not each.out_reason]
    rules.check_times(phase.kind, first_at, len(entered), minutes=minutes, pause=pause, now=challenge.now)
    drawn = [each.response_id for each in entered]
    secrets.SystemRandom().shuffle(drawn)
    await db.execute(delete(ChallengeSlot).where(ChallengeSlot.phase_id == phase_id))
    begins = rules.times(first_at, len(drawn), minutes=minutes, pause=pause)
    await db.execute(
        insert(ChallengeSlot).inline(),
        [
            {
                "phase_id": phase_id,
                "response_id": response_id,
                "challenge_id": challenge_id,
                "starts_at": starts_at,
                "minutes": minutes,
                "place": place.strip(),
            }
            for response_id, starts_at in zip(drawn, begins, strict=True)
        ],
    )
    await audit.record(
        db,
        actor,
        "challenge.times_drawn",
        "challenge",
        challenge_id,
        phase=phase.name.lower(),
        phase_id=str(phase_id),
        first_at=first_at.isoformat(),
    )
    return len(drawn)


async def note(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, candidate_id: UUID, *, words: str
) -> None:
    """Keep what a judge noted on a response. Nobody else reads it, so the trail has no entry.

    Raises:
        Missing: there is no such phase or response for the actor.
        NotAllowed: the actor is not on the panel.
    """
    await phases.phase(db, challenge_id, phase_id)
    await panels.member(db, phase_id, actor.person_id)
    found = [each for each in await phases.entrants(db, phase_id) if each.candidate_id == candidate_id]
    if not found or found[0].hidden:
        raise Missing("response")
    row = {
        "phase_id": phase_id,
        "response_id": found[0].response_id,
        "person_id": actor.person_id,
        "words": words.strip(),
    }
    await db.execute(
        upsert(ChallengeNote)
        .values(row)
        .on_conflict_do_update(
            index_elements=["phase_id", "response_id", "person_id"],
            set_={"words": words.strip(), "saved_at": func.statement_timestamp()},
        )
        .inline()
    )
