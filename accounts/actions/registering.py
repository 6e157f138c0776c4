"""A firm registers itself, free of charge: asked for, then finished with the address in a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail, throttling
from accounts.actions.passwords import Passwords
from accounts.models import Registration
from accounts.rules import addresses, letters, tokens
from accounts.rules import passwords as password_rules
from store import audit
from store.db import Sessions, transaction
from values.actors import PUBLIC, Actor
from values.ids import uuid7
from values.refusals import Missing, Refused

MOST_BY_NETWORK = 20
MOST_BY_ADDRESS = 3
HERE_ALREADY = (
    "A firm of this name is registered already. Ask a colleague there to invite you, or register it "
    "under its full legal name."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token registers; `known`: its person has an account already."""

    email: str
    firm: str
    known: bool


async def ask(db: AsyncSession, *, firm: str, email: str, network: str, address: str) -> None:
    """Send the address at which a firm's registration is finished; the answer tells nobody who is here.

    Raises:
        TooMany: somebody asked too often.
    """
    email = addresses.normal_email(email)
    await throttling.count(db, "register-network", network, most=MOST_BY_NETWORK)
    await throttling.count(db, "register", email, most=MOST_BY_ADDRESS)
    token = tokens.new_token()
    await db.execute(
        insert(Registration)
        .values(
            id=uuid7(),
            token_hash=tokens.digest(token),
            email=email,
            firm=firm,
            expires_at=datetime.now(UTC) + tokens.INVITATION_LASTS,
        )
        .inline()
    )
    await mail.write(db, email, letters.registration(href=f"{address}/register/{token}", firm=firm))
    await mail.send_soon(db, PUBLIC)


async def asked(db: AsyncSession, token: str) -> Asked:
    """Return what a token registers.

    Raises:
        Missing: it was used, or ran out, or is none.
    """
    found = func.app.registration_facts(tokens.digest(token)).table_valued("email", "firm", "known")
    row = (await db.execute(select(found))).first() if len(token) == tokens.LENGTH else None
    if row is None:
        raise Missing("registration")
    return Asked(row.email, row.firm, row.known)


async def finish(
    sessions: Sessions, passwords: Passwords, *, token: str, name: str = "", password: str = ""
) -> str:
    """Make the firm, with whoever has the token as its first person; return its name.

    Raises:
        Missing: the token was used, or ran out, or is none.
        Refused: the password is too easy, or a firm of this name is here already.
    """
    async with transaction(sessions, PUBLIC) as db:
        facts = await asked(db, token)
    hashed = None
    if not facts.known:
        password_rules.check(password, about=(facts.email, name, facts.firm))
        hashed = await passwords.hash(password)
    firm_id = uuid7()
    made = func.app.use_registration(tokens.digest(token), firm_id, uuid7(), name, hashed).table_valued(
        "person_id", "firm"
    )
    try:
        async with transaction(sessions, PUBLIC) as db:
            row = (await db.execute(select(made.c.person_id, made.c.firm))).first()
            if row is None:
                raise Missing("registration")
            actor = Actor(name=name or facts.email, organisation_id=firm_id)
            await audit.record(db, actor, "firm.registered", "organisation", firm_id, firm=row.firm)
    except IntegrityError as error:
        raise Refused(HERE_ALREADY) from error
    return str(row.firm)
