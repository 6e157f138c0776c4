"""Open and end sessions. Hashing takes a while, so no transaction is open while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import throttling
from accounts.actions.passwords import Passwords
from accounts.models import Session
from accounts.queries.sessions import Login
from accounts.rules import addresses, tokens
from store import audit
from store.db import Sessions, transaction
from values.actors import PUBLIC, Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

WRONG: Final = "Enter the e-mail address and password of your account"
# A council's people share one address to the outside: far more tries than one person needs.
TRIES_BY_ADDRESS: Final = 10
TRIES_BY_NETWORK: Final = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request comes from: the network that tries are counted for, and the browser in words."""

    network: str
    agent: str


@dataclass(frozen=True, slots=True)
class _Facts:
    person_id: UUID | None
    stored: str | None
    name: str


async def sign_in(
    sessions: Sessions, passwords: Passwords, visit: Visit, *, email: str, password: str
) -> str:
    """Open a session for whoever gives the right password; return its token, always a new one.

    Raises:
        TooMany: this address or this network tried too often.
        Refused: in the same words whether the address, the password or the membership is missing.
    """
    email = addresses.normal_email(email)
    async with transaction(sessions, PUBLIC) as db:
        await throttling.count(db, "sign-in-network", visit.network, most=TRIES_BY_NETWORK)
        await throttling.count(db, "sign-in", email, most=TRIES_BY_ADDRESS)
        facts = await _facts(db, email)
    if not await passwords.verify(facts.stored, password) or facts.person_id is None:
        async with transaction(sessions, PUBLIC) as db:
            await audit.record(
                db, PUBLIC, "sign-in.refused", "person", facts.person_id or "unknown", network=visit.network
            )
        raise Refused(WRONG, "email")
    renewed = await passwords.hash(password) if passwords.outdated(facts.stored or "") else None
    return await _open(sessions, visit, facts, email, renewed)


async def _facts(db: AsyncSession, email: str) -> _Facts:
    found = func.app.password_facts(email).table_valued("person_id", "password_hash", "name")
    row = (await db.execute(select(found))).first()
    return _Facts(*row) if row else _Facts(None, None, "")


async def _open(sessions: Sessions, visit: Visit, facts: _Facts, email: str, renewed: str | None) -> str:
    token, session_id = tokens.new_token(), uuid7()
    person = Actor(facts.person_id, None, frozenset(), facts.name)
    async with transaction(sessions, person) as db:
        organisation_id: UUID | None = await db.scalar(
            select(func.app.open_session(session_id, tokens.digest(token), visit.agent))
        )
        if organisation_id is None:
            raise Refused(WRONG, "email")
        if renewed:
            await db.execute(select(func.app.renew_hash(renewed)))
        await throttling.forgive(db, "sign-in", email)
        acting = Actor(person.person_id, organisation_id, frozenset(), facts.name)
        await audit.record(db, acting, "session.opened", "session", session_id, agent=visit.agent)
    return token


async def sign_out(sessions: Sessions, login: Login) -> None:
    """End the session that somebody is in."""
    async with transaction(sessions, login.alone) as db:
        await end_session(db, login.actor, login.session_id)


async def end_session(db: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """End one of a person's own sessions.

    Raises:
        Missing: it is not theirs, or ended already.
    """
    ended = await db.scalar(
        delete(Session)
        .where(Session.id == session_id, Session.person_id == actor.person_id)
        .returning(Session.id)
    )
    if ended is None:
        raise Missing("session")
    await audit.record(db, actor, "session.ended", "session", session_id)


async def sign_out_everywhere(db: AsyncSession, actor: Actor) -> int:
    """End all of a person's sessions, this one too; return how many."""
    ended = await db.scalars(
        delete(Session).where(Session.person_id == actor.person_id).returning(Session.id)
    )
    count = len(ended.all())
    await audit.record(db, actor, "session.all-ended", "person", str(actor.person_id), sessions=count)
    return count


async def sign_everybody_out(db: AsyncSession, actor: Actor) -> int:
    """End all sessions of all people, as after a restore: some had been ended since. Return how many."""
    count = len((await db.scalars(delete(Session).returning(Session.id))).all())
    await audit.record(db, actor, "session.everybody-ended", "session", "all", sessions=count)
    return count


async def act_for(db: AsyncSession, login: Login, organisation_id: UUID) -> None:
    """Let a session go on for another of the person's organisations.

    Raises:
        Missing: the person does not belong to it.
    """
    if not await db.scalar(select(func.app.belongs_to(organisation_id))):
        raise Missing("organisation")
    await db.execute(
        update(Session).where(Session.id == login.session_id).values(organisation_id=organisation_id)
    )
    await audit.record(
        db, login.actor, "session.switched", "session", login.session_id, organisation_id=str(organisation_id)
    )
