"""Councils join a challenge with a line on their own need, change it, and leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing
from challenges.models import Challenge, ChallengeSponsor
from challenges.queries import challenges, sponsors
from challenges.queries.sponsors import SponsorRow
from challenges.rules import sponsoring as rules
from challenges.rules import states
from sourcing.actions import subjects
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Missing


async def seek(db: AsyncSession, actor: Actor, challenge_id: UUID, *, wanted: bool) -> None:
    """Show a statement to the officers and approvers of all councils, or no longer.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is published, or over.
    """
    challenge = await changing.led_statement(db, actor, challenge_id)
    if challenge.seeks_sponsors == wanted:
        return
    await db.execute(update(Challenge).where(Challenge.id == challenge_id).values(seeks_sponsors=wanted))
    action = "challenge.sponsors_sought" if wanted else "challenge.sponsors_not_sought"
    await audit.record(db, actor, action, "challenge", challenge_id)


async def join(
    db: AsyncSession, actor: Actor, challenge_id: UUID, *, line: str, need_id: UUID | None
) -> None:
    """Let the actor's council be a sponsor, with a line on its own need; its approver approves for it.

    Raises:
        Missing: there is no such challenge for the actor.
        NotAllowed: the actor is no officer of a council.
        Refused: it is one already, or no sponsors are taken, or the line says nothing.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    challenge = await challenges.challenge_row(db, challenge_id)
    known = {each.code for each in await sponsors.sponsors(db, challenge_id)}
    rules.check_can_join(
        challenge.state,
        seeks=challenge.seeks_sponsors,
        takes_responses=challenge.takes_responses,
        is_sponsor=code in known,
    )
    rules.check_line(line)
    await _check_need(db, code, need_id)
    await db.execute(
        insert(ChallengeSponsor)
        .values(
            challenge_id=challenge_id,
            body_code=code,
            line=line,
            need_id=need_id,
            joined_by=actor.name,
        )
        .inline()
    )
    await subjects.join(db, actor, challenge_id, "challenge")
    await _told(db, actor, "challenge.sponsor_joined", challenge_id, body_code=code)


async def change(
    db: AsyncSession, actor: Actor, challenge_id: UUID, *, line: str, need_id: UUID | None
) -> None:
    """Say something else of the council's own need; the statement stays as it was approved.

    Raises:
        Missing: the actor's council is no sponsor.
        NotAllowed: the actor is no officer of a council.
        Refused: the line says nothing, or the need is not the council's.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    await _sponsor(db, challenge_id, code)
    rules.check_line(line)
    await _check_need(db, code, need_id)
    await db.execute(
        update(ChallengeSponsor)
        .where(ChallengeSponsor.challenge_id == challenge_id, ChallengeSponsor.body_code == code)
        .values(line=line, need_id=need_id)
    )
    await _told(db, actor, "challenge.sponsor_changed", challenge_id, body_code=code)


async def leave(
    db: AsyncSession, actor: Actor, challenge_id: UUID, sponsor_code: str, *, reason: str
) -> None:
    """Take a council out: it leaves itself, or the lead lets it go before publication.

    Raises:
        Missing: it is no sponsor that the actor may know of.
        NotAllowed: neither an officer of it nor of the lead.
        Refused: it leads, or has approved what was published, or no reason was given.
    """
    code = states.check_officer(actor, await own_code(db, actor))
    challenge = await challenges.challenge_row(db, challenge_id)
    sponsor = await _sponsor(db, challenge_id, sponsor_code)
    rules.check_can_leave(
        challenge.state, sponsor_code, lead_code=challenge.lead_code, own_code=code, stands=sponsor.stands
    )
    rules.check_reason(reason)
    # Written down first: afterwards the challenge is no longer the council's to write about.
    await _told(db, actor, "challenge.sponsor_left", challenge_id, body_code=sponsor_code, reason=reason)
    if code == challenge.lead_code:
        await subjects.end_buyer(db, actor, challenge_id, sponsor.organisation_id)
    await db.execute(
        delete(ChallengeSponsor).where(
            ChallengeSponsor.challenge_id == challenge_id, ChallengeSponsor.body_code == sponsor_code
        )
    )
    if code != challenge.lead_code:
        await subjects.leave(db, actor, challenge_id, "challenge")


async def _sponsor(db: AsyncSession, challenge_id: UUID, code: str) -> SponsorRow:
    found = [each for each in await sponsors.sponsors(db, challenge_id) if each.code == code]
    if not found:
        raise Missing("sponsor")
    return found[0]


async def _check_need(db: AsyncSession, code: str, need_id: UUID | None) -> None:
    if need_id is not None:
        rules.check_need(need_id, [known for known, _ in await sponsors.own_needs(db, code)])


async def _told(db: AsyncSession, actor: Actor, action: str, challenge_id: UUID, **details: Any) -> None:
    await audit.record(db, actor, action, "challenge", challenge_id, **details)
