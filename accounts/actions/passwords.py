"""Passwords: hashed in a thread, changed by their owner, chosen anew with a token from an e-mail."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail, throttling
from accounts.models import TokenKind
from accounts.queries import people
from accounts.queries.sessions import Login
from accounts.rules import addresses, letters, tokens
from accounts.rules import passwords as rules
from store import audit, jobs
from store.db import Sessions, transaction
from values.actors import PUBLIC, Actor
from values.refusals import Missing, Refused

# RFC 9106, section 4, second recommended option, with one lane: the thread has one core.
HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
CHEAP_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# Each takes 64 MB; more at once than cores only take turns.
AT_ONCE: Final = 2
WRONG: Final = "Enter your current password"


class Passwords:
    """Hashes and verifies without keeping the event loop waiting.

    `cheap` is for tests: hashes that are weak and quick.
    """

    def __init__(self, *, cheap: bool = False) -> None:
        self._hasher = CHEAP_HASHER if cheap else HASHER
        # Verified against where nobody has the address, so that the answer takes as long.
        self._nobody = self._hasher.hash(tokens.new_token())
        # Not anyio's threads, which end with the task that first needed one: see store.lake.
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords")

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._hasher.hash, rules.normal(password)
        )

    async def verify(self, stored: str | None, typed: str) -> bool:
        """Tell whether a password is right; False, after the same work, where there is none stored."""
        right = await asyncio.get_running_loop().run_in_executor(
            self._threads, self._verify, stored or self._nobody, typed
        )
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, typed: str) -> bool:
        try:
            return self._hasher.verify(stored, rules.normal(typed[: rules.LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False


async def change_password(
    sessions: Sessions, passwords: Passwords, login: Login, *, current: str, new: str, about: tuple[str, ...]
) -> None:
    """Give a person another password, and end all their other sessions.

    Raises:
        Refused: the current one is wrong, or the new one is too easy.
    """
    actor = login.actor
    async with transaction(sessions, login.alone) as db:
        await throttling.count(db, "password", str(actor.person_id), most=10)
        stored = await db.scalar(select(func.app.own_password()))
    if not await passwords.verify(stored, current):
        raise Refused(WRONG, "current")
    rules.check(new, about=about)
    hashed = await passwords.hash(new)
    async with transaction(sessions, login.alone) as db:
        await db.execute(select(func.app.change_password(hashed, login.session_id)))
        await audit.record(db, actor, "password.changed", "person", str(actor.person_id))
        await mail.write(db, about[0], letters.password_changed(name=actor.name))
        await mail.send_soon(db, login.alone)


async def ask_for_reset(db: AsyncSession, *, email: str, network: str, address: str) -> None:
    """Have a reset sent, if somebody has this address.

    The worker looks that up: this does the same for every address, so its answer tells nothing.
    """
    await throttling.count(db, "reset-network", network, most=30)
    await throttling.count(db, "reset", addresses.normal_email(email), most=5)
    await jobs.enqueue(
        db, PUBLIC, "accounts.send_reset", email=addresses.normal_email(email), address=address
    )


async def reset_password(sessions: Sessions, passwords: Passwords, *, token: str, new: str) -> None:
    """Give the person whom the token was sent to another password; all their sessions end.

    Raises:
        Missing: the token was used or ran out.
        Refused: the password is too easy.
    """
    async with transaction(sessions, PUBLIC) as db:
        facts = await people.open_token(db, TokenKind.PASSWORD_RESET, token)
    rules.check(new, about=(facts.email, facts.name))
    hashed = await passwords.hash(new)
    async with transaction(sessions, PUBLIC) as db:
        person_id: UUID | None = await db.scalar(select(func.app.use_reset(tokens.digest(token), hashed)))
        if person_id is None:
            raise Missing("token")
        await audit.record(db, Actor(name=facts.name), "password.reset", "person", person_id)
        await mail.write(db, facts.email, letters.password_changed(name=facts.name))
        await mail.send_soon(db, PUBLIC)
