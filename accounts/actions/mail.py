"""The outbox: mail is written with the change it tells of, and sent after it."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Mail
from accounts.rules.letters import Letter
from store import jobs
from values.actors import Actor
from values.ids import uuid7


async def write(db: AsyncSession, to_address: str, letter: Letter) -> None:
    """Put an e-mail into the outbox."""
    await db.execute(
        insert(Mail)
        .values(id=uuid7(), to_address=to_address, subject=letter.subject, body=letter.body)
        .inline()
    )


async def send_soon(db: AsyncSession, actor: Actor) -> None:
    """Ask the worker to empty the outbox as soon as this transaction is through."""
    await jobs.enqueue_once(db, actor, "accounts.send_mail")
