"""Long work of this slice: sending mail, and clearing away what ran out."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any, Final, Protocol, cast

import aiosmtplib
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail
from accounts.models import Mail, Person, Throttle, Token, TokenKind
from accounts.rules import letters, tokens
from store import audit
from store.db import transaction
from store.jobs import Task, Work
from values.ids import uuid7

LOG: Final = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 8
TIMEOUT_SECONDS: Final = 30
IMPLICIT_TLS_PORT: Final = 465  # RFC 8314, section 3.3


class MailServer(Protocol):
    """Where mail goes out; without a host it stays in the outbox."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    tls: bool


async def send_mail(work: Work) -> dict[str, int]:
    """Send what waits in the outbox, one mail a transaction. Safe to run twice and at once."""
    server = cast("MailServer | None", work.resources.get("mail"))
    sent = failed = 0
    if server is None or not server.host:
        return {"sent": 0, "failed": 0}
    started = datetime.now(UTC)
    while True:
        async with transaction(work.sessions, work.actor) as db:
            waiting = await _next(db, started)
            if waiting is None:
                return {"sent": sent, "failed": failed}
            error = await _send(server, waiting)
            await db.execute(
                update(Mail)
                .where(Mail.id == waiting.id)
                .values(
                    attempts=Mail.attempts + 1,
                    tried_at=func.clock_timestamp(),
                    error=error,
                    **({} if error else {"sent_at": func.clock_timestamp(), "body": ""}),
                )
            )
        sent, failed = sent + (error is None), failed + (error is not None)
        await work.progress.report(sent + failed, None, "Sending mail")


async def _next(db: AsyncSession, started: datetime) -> Mail | None:
    """Return a mail that waits and was not tried since this run began."""
    return await db.scalar(
        select(Mail)
        .where(
            Mail.sent_at.is_(None),
            Mail.attempts < MOST_ATTEMPTS,
            (Mail.tried_at.is_(None)) | (Mail.tried_at < started),
        )
        .order_by(Mail.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def _send(server: MailServer, waiting: Mail) -> str | None:
    """Send one mail; return what went wrong, without what the mail says."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, waiting.to_address, waiting.subject
    message["Date"] = formatdate(waiting.created_at.timestamp())
    message["Message-ID"] = make_msgid(str(waiting.id), server.sender.rpartition("@")[2] or None)
    message.set_content(waiting.body)
    implicit = server.tls and server.port == IMPLICIT_TLS_PORT
    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=implicit,
            start_tls=server.tls and not implicit,
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        LOG.warning("Mail %s was not sent: %s", waiting.id, type(error).__name__)
        return type(error).__name__
    return None


async def send_reset(work: Work, *, email: str, address: str) -> None:
    """Send somebody the address at which they choose a new password. Run twice, it sends two that work."""
    async with transaction(work.sessions, work.actor) as db:
        person = await db.scalar(select(Person).where(Person.email == email, Person.disabled_at.is_(None)))
        if person is None:
            return
        token = tokens.new_token()
        await db.execute(
            insert(Token)
            .values(
                id=uuid7(),
                kind=TokenKind.PASSWORD_RESET,
                token_hash=tokens.digest(token),
                email=email,
                person_id=person.id,
                expires_at=datetime.now(UTC) + tokens.RESET_LASTS,
            )
            .inline()
        )
        await mail.write(db, email, letters.password_reset(href=f"{address}/reset/{token}", name=person.name))
        await audit.record(db, work.actor, "password.reset-sent", "person", person.id)
    await send_mail(work)


async def sweep(work: Work) -> dict[str, int]:
    """Delete sessions, tokens and counts that ran out, and mail sent long ago. Safe to repeat."""
    async with transaction(work.sessions, work.actor) as db:
        sessions = await db.execute(
            text("""delete from session where created_at < statement_timestamp() - interval '12 hours'
                    or seen_at < statement_timestamp() - interval '1 hour' returning id""")
        )
        gone = {"sessions": len(sessions.all())}
        now = datetime.now(UTC)
        await db.execute(delete(Token).where(Token.expires_at < now))
        await db.execute(delete(Throttle).where(Throttle.until < now))
        await db.execute(text("delete from mail where sent_at < statement_timestamp() - interval '30 days'"))
    return gone


TASKS: Final[dict[str, Task]] = {
    "accounts.send_mail": cast("Any", send_mail),
    "accounts.send_reset": cast("Any", send_reset),
    "accounts.sweep": cast("Any", sweep),
}
