"""The secret address of a person's calendar: made, made anew, taken back."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.rules import tokens
from notifications.models import CalendarFeed
from store import audit
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed


def check_may_have(actor: Actor) -> None:
    """Refuse whoever acts for no council, and so has no dates.

    Raises:
        NotAllowed: neither officer nor approver.
    """
    if not actor.has(Role.OFFICER, Role.APPROVER):
        raise NotAllowed("Calendars are for people of councils.")


async def make_feed(db: AsyncSession, actor: Actor) -> str:
    """Make the address of the actor's calendar for this council; an earlier one stops working.

    Returns:
        The token, which nobody can read again: the database keeps its SHA-256.
    """
    check_may_have(actor)
    token = tokens.new_token()
    await _drop(db, actor)
    await db.execute(
        insert(CalendarFeed)
        .values(
            id=uuid7(),
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            token_hash=tokens.digest(token),
        )
        .inline()
    )
    await audit.record(db, actor, "calendar.made", "person", str(actor.person_id))
    return token


async def revoke_feed(db: AsyncSession, actor: Actor) -> None:
    """Take the address back.

    Raises:
        Missing: there is none.
    """
    if not await _drop(db, actor):
        raise Missing("calendar")
    await audit.record(db, actor, "calendar.revoked", "person", str(actor.person_id))


async def _drop(db: AsyncSession, actor: Actor) -> bool:
    dropped = await db.scalars(
        delete(CalendarFeed)
        .where(
            CalendarFeed.person_id == actor.person_id,
            CalendarFeed.organisation_id == actor.organisation_id,
        )
        .returning(CalendarFeed.id)
    )
    return dropped.first() is not None
