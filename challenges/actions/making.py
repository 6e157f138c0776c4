"""A statement is begun, its parts are saved, and it is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing
from challenges.models import (
    Challenge,
    ChallengeCriterion,
    ChallengePhase,
    ChallengeSection,
    ChallengeSponsor,
)
from challenges.rules import states
from challenges.rules.content import FIRST_CRITERIA, FIRST_PHASES, FIRST_SECTIONS, Criterion, Section
from challenges.rules.linting import PART_WORDS, Part
from challenges.rules.phases import ORDER, PhaseKind
from challenges.rules.states import ChallengeState
from sourcing.actions import subjects
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused

# A response of more parts is no afternoon's work any more.
MOST_PARTS: Final = 6


async def begin(
    db: AsyncSession, actor: Actor, *, title: str, category: str, demonstration: bool = False
) -> UUID:
    """Begin a statement for the actor's council, which leads it and is its first sponsor.

    Raises:
        NotAllowed: the actor is no officer of a council.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    challenge_id = uuid7()
    about = {"title": title, "category": category, "demonstration": demonstration}
    await db.execute(insert(Challenge).values(id=challenge_id, lead_code=code, **about).inline())
    await db.execute(
        insert(ChallengeSponsor)
        .values(challenge_id=challenge_id, body_code=code, joined_by=actor.name)
        .inline()
    )
    await audit.record(db, actor, "challenge.made", "challenge", challenge_id, title=title)
    await subjects.register(db, actor, challenge_id, "challenge")
    await _replace(db, challenge_id, FIRST_SECTIONS, FIRST_CRITERIA)
    await replace_phases(db, challenge_id, {PhaseKind(each.kind): each.places for each in FIRST_PHASES})
    await changing.fix(db, challenge_id, before=None)
    return challenge_id


async def save(
    db: AsyncSession, actor: Actor, challenge_id: UUID, part: Part, values: Mapping[str, Any]
) -> None:
    """Save a part of a statement; what was approved before is another statement then.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is published, or over.
    """
    challenge = await changing.led_statement(db, actor, challenge_id)
    await db.execute(update(Challenge).where(Challenge.id == challenge_id).values(**values))
    await changing.changed(db, actor, challenge, _named(part))


async def save_response(
    db: AsyncSession,
    actor: Actor,
    challenge_id: UUID,
    *,
    sections: Sequence[Section],
    criteria: Sequence[Criterion],
    anonymous: bool,
) -> None:
    """Save what a response consists of, how it is judged, and whether who responds is hidden at first.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is published, or over, or there are too many parts.
    """
    challenge = await changing.led_statement(db, actor, challenge_id)
    if len(sections) > MOST_PARTS or len(criteria) > MOST_PARTS:
        raise Refused(f"Ask for at most {MOST_PARTS} sections and {MOST_PARTS} criteria.")
    await db.execute(update(Challenge).where(Challenge.id == challenge_id).values(anonymous=anonymous))
    await _replace(db, challenge_id, sections, criteria)
    await changing.changed(db, actor, challenge, _named(Part.RESPONSE))


async def _replace(
    db: AsyncSession, challenge_id: UUID, sections: Sequence[Section], criteria: Sequence[Criterion]
) -> None:
    await db.execute(delete(ChallengeSection).where(ChallengeSection.challenge_id == challenge_id))
    await db.execute(delete(ChallengeCriterion).where(ChallengeCriterion.challenge_id == challenge_id))
    parts = [
        {
            "challenge_id": challenge_id,
            "position": position,
            "title": each.title,
            "asks": each.asks,
            "most_words": each.most_words,
        }
        for position, each in enumerate(sections, 1)
    ]
    judged = [
        {
            "challenge_id": challenge_id,
            "position": position,
            "title": each.title,
            "description": each.description,
            "weight": each.weight,
        }
        for position, each in enumerate(criteria, 1)
    ]
    if parts:
        await db.execute(insert(ChallengeSection).inline(), parts)
    if judged:
        await db.execute(insert(ChallengeCriterion).inline(), judged)


async def replace_phases(db: AsyncSession, challenge_id: UUID, wanted: Mapping[PhaseKind, int]) -> None:
    """Write the phases of a challenge with their places, in place of earlier ones."""
    await db.execute(delete(ChallengePhase).where(ChallengePhase.challenge_id == challenge_id))
    rows = [
        {
            "id": uuid7(),
            "challenge_id": challenge_id,
            "kind": kind.value,
            "position": position,
            "places": wanted[kind],
        }
        for position, kind in enumerate(ORDER, start=1)
        if kind in wanted
    ]
    # All in one statement: a policy asks whether there were any before it.
    await db.execute(insert(ChallengePhase).values(rows).inline())


async def give_up(db: AsyncSession, actor: Actor, challenge_id: UUID, *, reason: str) -> None:
    """End a challenge that was not published.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is published, or no reason was given.
    """
    challenge = await changing.led_statement(db, actor, challenge_id)
    if not reason:
        raise Refused("Say why it is given up", "reason")
    await changing.move(db, challenge, ChallengeState.ENDED, reason)
    await audit.record(db, actor, "challenge.ended", "challenge", challenge_id, reason=reason)


def _named(part: Part) -> str:
    return f"“{PART_WORDS[part]}”"
