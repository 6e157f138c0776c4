"""Sponsors approve a statement or refuse it; the lead records the notice that comes first, and publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing
from challenges.models import Challenge, ChallengeApproval, ChallengeNotice
from challenges.queries import challenges, sponsors
from challenges.queries.challenges import ChallengeRow
from challenges.rules import approving as rules
from challenges.rules import linting
from challenges.rules.approving import Standing
from challenges.rules.linting import Lack
from challenges.rules.states import ChallengeState, check_later
from sourcing.actions import subjects
from sourcing.rules.law import law
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


async def lacks(db: AsyncSession, challenge: ChallengeRow) -> list[Lack]:
    """Return what a statement lacks by the tables of today and the database's clock."""
    content = await challenges.content(db, challenge.id)
    return linting.lacks(content, law(), challenge.now) if challenge.changeable else []


async def check(db: AsyncSession, actor: Actor, challenge: ChallengeRow, seen: bytes) -> Standing:
    """Refuse an approval that would not hold; asked before the code is used up, and again under the lock.

    Raises:
        NotAllowed: not an approver of a sponsor.
        Refused: with what is in the way.
    """
    rules.check_approver(actor)
    standing = await sponsors.standing(db, actor, challenge, await own_code(db, actor))
    rules.check_can_approve(standing, await lacks(db, challenge))
    rules.check_seen(seen, standing)
    return standing


async def approve(db: AsyncSession, actor: Actor, challenge_id: UUID, *, seen: bytes) -> None:
    """Approve for the actor's council the statement that was before them.

    The second factor is asked for by the caller, just before.

    Raises:
        Missing: there is no such challenge for the actor.
        NotAllowed: not an approver of a sponsor.
        Refused: the statement was changed, or is not complete, or the approver's limit does not reach.
    """
    challenge = await challenges.challenge_row(db, challenge_id)
    await check(db, actor, challenge, seen)
    await _answer(db, actor, challenge, "approved")


async def refuse(db: AsyncSession, actor: Actor, challenge_id: UUID, *, reason: str) -> None:
    """Refuse for the actor's council, with a reason that all sponsors read.

    Raises:
        Missing: there is no such challenge for the actor.
        NotAllowed: not an approver of a sponsor.
        Refused: there is nothing to refuse, or no reason was given.
    """
    rules.check_approver(actor)
    challenge = await challenges.challenge_row(db, challenge_id)
    rules.check_can_decide(await sponsors.standing(db, actor, challenge, await own_code(db, actor)))
    if not reason:
        raise Refused("Say what would have to change", "reason")
    await _answer(db, actor, challenge, "refused", reason=reason)


async def _answer(
    db: AsyncSession, actor: Actor, challenge: ChallengeRow, decision: str, **more: Any
) -> None:
    code = str(await own_code(db, actor))
    await db.execute(
        insert(ChallengeApproval)
        .values(
            id=uuid7(),
            challenge_id=challenge.id,
            body_code=code,
            version=challenge.version,
            fingerprint=challenge.fingerprint,
            decision=decision,
            person_id=actor.person_id,
            person_name=actor.name,
            **more,
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        f"challenge.{decision}",
        "challenge",
        challenge.id,
        body_code=code,
        version=challenge.version,
        sha256=(challenge.fingerprint or b"").hex(),
        **more,
    )


async def record_notice(
    db: AsyncSession, actor: Actor, challenge_id: UUID, *, code: str, reference: str, published_at: datetime
) -> None:
    """Record that the central platform published a notice for the statement as it stands.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the route calls for no such notice, or it would have been published later than now.
    """
    challenge = await changing.led(db, actor, challenge_id)
    content = await challenges.content(db, challenge_id)
    wanted = {each.code for each in content.notices(law(), challenge.now.date())}
    if code not in wanted:
        raise Refused(f"The route of this challenge calls for no notice {code}.")
    if published_at > challenge.now:
        raise Refused("Enter when it was published: not a time that is still to come", "published_on")
    told = {
        "version": challenge.version,
        "fingerprint": challenge.fingerprint,
        "reference": reference,
        "published_at": published_at,
        "recorded_by": actor.name,
    }
    written = upsert(ChallengeNotice).values(challenge_id=challenge_id, code=code, **told)
    if challenge.changeable:
        # Another statement needs its notice corrected there: the record follows.
        written = written.on_conflict_do_update(index_elements=["challenge_id", "code"], set_=told)
    await db.execute(written.inline())
    await audit.record(
        db, actor, "challenge.notice_recorded", "challenge", challenge_id, code=code, reference=reference
    )


async def publish(db: AsyncSession, actor: Actor, challenge_id: UUID) -> None:
    """Publish a statement: from now on everybody reads it, firms ask, and respond until the deadline.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: with what is in the way.
    """
    challenge = await changing.led_statement(db, actor, challenge_id)
    if blocked := linting.blocking(await lacks(db, challenge)):
        raise Refused(f"The statement is not complete: {blocked[0].message}.")
    lead = next(
        each for each in await sponsors.sponsors(db, challenge_id) if each.code == challenge.lead_code
    )
    known = (await challenges.notices(db, challenge_id)).get(challenge.needs_notice)
    rules.check_can_publish(
        lead_stands=lead.stands,
        needs_notice=challenge.needs_notice,
        confirmed=known is not None and known.fingerprint == challenge.fingerprint,
        due_at=challenge.responses_due_at,
        now=challenge.now,
    )
    at = (await db.execute(select(func.statement_timestamp()))).scalar_one()
    await changing.move(db, challenge, ChallengeState.OPEN, published_at=at)
    await audit.record(db, actor, "challenge.published", "challenge", challenge_id)
    if challenge.questions_until:
        await subjects.take_questions_until(db, actor, challenge_id, challenge.questions_until)


async def move_deadline(
    db: AsyncSession, actor: Actor, challenge_id: UUID, *, until: datetime, reason: str
) -> None:
    """Let firms respond for longer: for all, and told to all who follow.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the deadline has passed, the time is not later, or no reason was given.
    """
    challenge = await changing.led(db, actor, challenge_id)
    check_later(until, due_at=challenge.responses_due_at, takes=challenge.takes_responses)
    if not reason:
        raise Refused("Say why the deadline is moved", "reason")
    await db.execute(update(Challenge).where(Challenge.id == challenge_id).values(responses_due_at=until))
    await audit.record(
        db,
        actor,
        "challenge.deadline_moved",
        "challenge",
        challenge_id,
        until=until.isoformat(),
        reason=reason,
    )


async def withdraw(db: AsyncSession, actor: Actor, challenge_id: UUID, *, reason: str) -> None:
    """Withdraw a published challenge; everybody reads why, and nobody reads the responses.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is past its judging, or no reason was given.
    """
    challenge = await changing.led(db, actor, challenge_id)
    if not reason:
        raise Refused("Say why it is withdrawn: everybody who wrote a response reads it", "reason")
    await changing.move(db, challenge, ChallengeState.WITHDRAWN, reason)
    await audit.record(db, actor, "challenge.withdrawn", "challenge", challenge_id, reason=reason)
