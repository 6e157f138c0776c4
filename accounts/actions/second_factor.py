"""The second factor: enrol, show it, stand in for it with a recovery code, turn it off."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import throttling
from accounts.queries.sessions import Login
from accounts.rules import tokens, totp
from accounts.rules.roles import needs_second_factor
from accounts.rules.totp import Sealer
from store import audit
from store.db import Sessions, transaction
from values.refusals import NotAllowed, Refused

WRONG: Final = "Enter the code that your app shows now"
WRONG_RECOVERY: Final = "Enter one of your recovery codes that you did not use before"
TRIES: Final = 10
# Marks a secret that was shown and is not enrolled yet, so that it cannot pass for one that is.
OFFERED: Final = "offered"


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to enrol: shown to the person, and sealed so that the form can carry it back."""

    secret: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The session's new token, and the recovery codes, which are shown this once."""

    token: str
    recovery_codes: list[str]


def offer(sealer: Sealer, login: Login, sealed: str = "") -> Offer:
    """Return a secret to enrol: the one that a form carried back, or else a fresh one."""
    secret = _opened(sealer, login, sealed) if sealed else None
    if secret is None:
        secret = totp.new_secret()
    person_id = _person(login)
    return Offer(secret, base64.urlsafe_b64encode(sealer.seal(secret, person_id, OFFERED)).decode())


async def enrol(
    sessions: Sessions, sealer: Sealer, login: Login, *, sealed: str, code: str, now: datetime | None = None
) -> Enrolled:
    """Take a second factor into use after one code from it. All other sessions of the person end.

    Raises:
        Refused: the code is wrong, or the form was not ours.
    """
    secret = _opened(sealer, login, sealed)
    await _count(sessions, login)
    step = totp.matching_step(secret, code, now or datetime.now(UTC), None) if secret else None
    if secret is None or step is None:
        raise Refused(WRONG, "code")
    person_id = _person(login)
    codes, token = totp.new_recovery_codes(), tokens.new_token()
    async with transaction(sessions, login.alone) as db:
        await db.execute(
            select(
                func.app.enrol_totp(
                    sealer.seal(secret, person_id),
                    sealer.recovery_hashes(codes, person_id),
                    step,
                    login.session_id,
                    tokens.digest(token),
                )
            )
        )
        await throttling.forgive(db, "second-factor", str(person_id))
        await audit.record(db, login.actor, "second-factor.enrolled", "person", person_id)
    return Enrolled(token, codes)


async def show(
    sessions: Sessions, sealer: Sealer, login: Login, *, code: str, now: datetime | None = None
) -> str:
    """Complete a sign-in, or show the factor again, with a code; return the session's new token.

    Raises:
        TooMany: too many codes were wrong.
        Refused: the code is wrong, or was used before.
    """
    await _count(sessions, login)
    person_id, token = _person(login), tokens.new_token()
    async with transaction(sessions, login.alone) as db:
        sealed, last_step, _ = await _facts(db)
        secret = sealer.open(sealed, person_id) if sealed else None
        step = totp.matching_step(secret, code, now or datetime.now(UTC), last_step) if secret else None
        taken = step is not None and await db.scalar(
            select(func.app.use_totp(step, login.session_id, tokens.digest(token)))
        )
        action = "second-factor.shown" if taken else "second-factor.refused"
        await audit.record(db, login.actor, action, "person", person_id)
        if taken:
            await throttling.forgive(db, "second-factor", str(person_id))
    if not taken:
        raise Refused(WRONG, "code")
    return token


async def confirm(
    sessions: Sessions, sealer: Sealer, login: Login, *, code: str, doing: str, now: datetime | None = None
) -> None:
    """Ask for a code once more for one thing that binds; the code is used up, whatever comes of that thing.

    Unlike `show` it leaves the session as it is, so that the form can be sent again. Call it after all else
    that may refuse, and just before the change. `doing` goes into the audit trail, such as "agreement.sign".

    Raises:
        TooMany: too many codes were wrong.
        Refused: the code is wrong, was used before, or the person has no second factor.
    """
    await _count(sessions, login)
    person_id = _person(login)
    async with transaction(sessions, login.alone) as db:
        sealed, last_step, _ = await _facts(db)
        secret = sealer.open(sealed, person_id) if sealed else None
        step = totp.matching_step(secret, code, now or datetime.now(UTC), last_step) if secret else None
        # Without a session nothing but the step is taken.
        taken = step is not None and await db.scalar(select(func.app.use_totp(step, None, None)))
        action = "second-factor.confirmed" if taken else "second-factor.refused"
        await audit.record(db, login.actor, action, "person", person_id, doing=doing)
        if taken:
            await throttling.forgive(db, "second-factor", str(person_id))
    if not taken:
        raise Refused(WRONG, "code")


async def show_recovery_code(
    sessions: Sessions, sealer: Sealer, login: Login, *, code: str
) -> tuple[str, int]:
    """Complete a sign-in with a recovery code; return the new token, and how many codes are left.

    Raises:
        TooMany: too many codes were wrong.
        Refused: the code is wrong, or was used before.
    """
    await _count(sessions, login)
    person_id, token = _person(login), tokens.new_token()
    async with transaction(sessions, login.alone) as db:
        taken = await db.scalar(
            select(
                func.app.use_recovery_code(
                    sealer.recovery_hash(code, person_id), login.session_id, tokens.digest(token)
                )
            )
        )
        _, _, left = await _facts(db)
        action = "second-factor.recovery-code-used" if taken else "second-factor.refused"
        await audit.record(db, login.actor, action, "person", person_id, codes_left=left)
        if taken:
            await throttling.forgive(db, "second-factor", str(person_id))
    if not taken:
        raise Refused(WRONG_RECOVERY, "recovery_code")
    return token, left


async def turn_off(db: AsyncSession, login: Login) -> None:
    """Give the second factor up, where the person's roles do not need it.

    Raises:
        NotAllowed: an approver or operator cannot be without.
    """
    needed = await db.scalar(select(func.app.has_powerful_role()))
    if needed or needs_second_factor(login.actor.roles):
        raise NotAllowed("Your role needs a second factor.")
    await db.execute(select(func.app.drop_totp()))
    await audit.record(db, login.actor, "second-factor.turned-off", "person", _person(login))


async def _count(sessions: Sessions, login: Login) -> None:
    async with transaction(sessions, login.alone) as db:
        await throttling.count(db, "second-factor", str(login.actor.person_id), most=TRIES)


async def _facts(db: AsyncSession) -> tuple[bytes | None, int | None, int]:
    found = func.app.totp_facts().table_valued("secret", "last_step", "recovery_count")
    secret, last_step, left = (await db.execute(select(found))).one()
    return secret, last_step, left


def _opened(sealer: Sealer, login: Login, sealed: str) -> str | None:
    try:
        return sealer.open(base64.urlsafe_b64decode(sealed), _person(login), OFFERED)
    except (binascii.Error, ValueError):
        return None


def _person(login: Login) -> UUID:
    if login.actor.person_id is None:
        raise LookupError("a login has a person")
    return login.actor.person_id
