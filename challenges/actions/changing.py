"""What follows every change of a statement: a new version, to which no approval was given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge
from challenges.queries import challenges as queries
from challenges.queries.challenges import ChallengeRow
from challenges.rules import states
from challenges.rules.content import Content, fingerprint
from challenges.rules.states import ChallengeState
from sourcing.rules.law import law
from spend.queries import own_code
from spend.rules.categories import taxonomy
from store import audit
from values.actors import Actor
from values.years import london_today


async def led(db: AsyncSession, actor: Actor, challenge_id: UUID) -> ChallengeRow:
    """Return a challenge, locked, that the actor runs.

    Raises:
        Missing: not theirs to see.
        NotAllowed: not an officer of its lead council.
    """
    challenge = await queries.locked_challenge(db, challenge_id)
    states.check_may_lead(actor, challenge.lead_code, await own_code(db, actor))
    return challenge


async def led_statement(db: AsyncSession, actor: Actor, challenge_id: UUID) -> ChallengeRow:
    """Return the same where its statement can be changed now.

    Raises:
        Refused: it is published, or over.
    """
    challenge = await led(db, actor, challenge_id)
    states.check_changeable(challenge.state)
    return challenge


async def changed(db: AsyncSession, actor: Actor, challenge: ChallengeRow, part: str) -> None:
    """Count a change that was written, and write it down; one that changed nothing is none."""
    if await fix(db, challenge.id, before=challenge.fingerprint):
        await audit.record(db, actor, "challenge.changed", "challenge", challenge.id, part=part)


async def fix(db: AsyncSession, challenge_id: UUID, *, before: bytes | None) -> bool:
    """Take the fingerprint of the statement as it stands; tell whether it is another than before.

    What a search reads and which notice comes first are written with it: both follow from the statement.
    """
    content = await queries.content(db, challenge_id)
    now = fingerprint(content)
    values: dict[str, Any] = {
        "fingerprint": now,
        "needs_notice": content.first_notice(law(), london_today()),
        "words": _searched(content),
    }
    if before is not None and now != before:
        values["version"] = Challenge.version + 1
    await db.execute(update(Challenge).where(Challenge.id == challenge_id).values(**values))
    return now != before


def _searched(content: Content) -> Any:
    light = [content.problem, content.outcomes, content.people, taxonomy().named(content.category)]
    rest = [content.tried, content.interfaces, content.constraints, content.after_success]
    heavy = _weighed([content.title], "A")
    return heavy.op("||")(_weighed(light, "B")).op("||")(_weighed(rest, "C"))


def _weighed(texts: list[str], weight: str) -> Any:
    return func.setweight(func.to_tsvector("english", " ".join(texts)), literal_column(f"'{weight}'"))


async def move(
    db: AsyncSession,
    challenge: ChallengeRow,
    to: ChallengeState,
    reason: str = "",
    *,
    published_at: datetime | None = None,
) -> None:
    """Move a challenge that is locked to another state.

    Raises:
        Refused: the table of moves does not have it.
    """
    states.check_move(challenge.state, to)
    values: dict[str, Any] = {
        "state": to.value,
        "state_reason": reason,
        "state_changed_at": datetime.now(UTC),
    }
    if published_at is not None:
        values["published_at"] = published_at
    await db.execute(update(Challenge).where(Challenge.id == challenge.id).values(**values))
