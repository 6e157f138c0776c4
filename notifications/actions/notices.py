"""What people do with their notices: mark them as read, choose how to hear of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.models import Notice, NoticeSetting
from notifications.queries import notices as queries
from notifications.rules.telling import MailWanted
from store import audit
from values.actors import Actor


async def mark_read(db: AsyncSession, actor: Actor, notice_id: UUID) -> str:
    """Mark a notice of the actor's own as read; return where it leads.

    It is not recorded: who reads what is nobody's business.

    Raises:
        Missing: it is not theirs.
    """
    href = await queries.href_of(db, actor, notice_id)
    await db.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=func.statement_timestamp())
    )
    return href


async def mark_all_read(db: AsyncSession, actor: Actor) -> None:
    """Mark all notices of the actor's own as read."""
    await db.execute(
        update(Notice)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=func.statement_timestamp())
    )


async def choose_mail(db: AsyncSession, actor: Actor, wanted: MailWanted) -> None:
    """Choose how much mail the actor gets about notices."""
    setting = insert(NoticeSetting).values(person_id=actor.person_id, mail=wanted)
    await db.execute(
        setting.on_conflict_do_update(index_elements=["person_id"], set_={"mail": wanted}).inline()
    )
    await audit.record(db, actor, "notices.mail-chosen", "person", str(actor.person_id), mail=wanted)
