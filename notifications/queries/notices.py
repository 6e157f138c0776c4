"""A person's own notices, and how they want to hear of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.models import Notice, NoticeSetting
from notifications.rules.telling import WHY, MailWanted, Reason
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its page shows it."""

    id: UUID
    pool_id: UUID | None
    need_id: UUID | None
    tender_id: UUID | None
    challenge_id: UUID | None
    title: str
    reason: str
    text: str
    href: str
    at: datetime
    read_at: datetime | None

    @property
    def why(self) -> str:
        """Why the person is told."""
        return WHY[Reason(self.reason)]

    @property
    def others_href(self) -> str:
        """The list of all that the person was told about the same pool, need, tender or challenge."""
        if self.challenge_id:
            return f"/notices?challenge={self.challenge_id}"
        if self.tender_id:
            return f"/notices?tender={self.tender_id}"
        return f"/notices?pool={self.pool_id}" if self.pool_id else f"/notices?need={self.need_id}"


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Which notices are asked for."""

    unread: bool = False
    reason: str = ""
    pool_id: UUID | None = None
    need_id: UUID | None = None
    tender_id: UUID | None = None
    challenge_id: UUID | None = None

    @property
    def plain(self) -> bool:
        """Whether all are."""
        return self == NoticeFilter()


async def listed(
    db: AsyncSession, actor: Actor, wanted: NoticeFilter, *, offset: int, limit: int
) -> tuple[int, int, Sequence[NoticeRow]]:
    """Return how many notices match, how many of all are unread, and a page: unread first, then newest."""
    conditions = [Notice.person_id == actor.person_id]
    if wanted.unread:
        conditions.append(Notice.read_at.is_(None))
    if wanted.reason:
        conditions.append(Notice.reason == wanted.reason)
    if wanted.pool_id:
        conditions.append(Notice.pool_id == wanted.pool_id)
    if wanted.need_id:
        conditions.append(Notice.need_id == wanted.need_id)
    if wanted.tender_id:
        conditions.append(Notice.tender_id == wanted.tender_id)
    if wanted.challenge_id:
        conditions.append(Notice.challenge_id == wanted.challenge_id)
    total = await db.scalar(select(func.count()).select_from(Notice).where(*conditions))
    unread = await db.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    )
    rows = await db.execute(
        select(
            Notice.id,
            Notice.pool_id,
            Notice.need_id,
            Notice.tender_id,
            Notice.challenge_id,
            Notice.title,
            Notice.reason,
            Notice.text,
            Notice.href,
            Notice.at,
            Notice.read_at,
        )
        .where(*conditions)
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.entry_id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total or 0, unread or 0, [NoticeRow(*row) for row in rows]


async def href_of(db: AsyncSession, actor: Actor, notice_id: UUID) -> str:
    """Return where one of the actor's own notices leads.

    Raises:
        Missing: it is not theirs.
    """
    query = select(Notice.href).where(Notice.id == notice_id, Notice.person_id == actor.person_id)
    found = await db.scalar(query)
    if found is None:
        raise Missing("notice")
    return found


async def mail_wanted(db: AsyncSession, person_ids: set[UUID]) -> Mapping[UUID, MailWanted]:
    """Return how much mail people want; a summary a day for those who never chose."""
    rows = await db.execute(
        select(NoticeSetting.person_id, NoticeSetting.mail).where(NoticeSetting.person_id.in_(person_ids))
    )
    chosen = {person_id: MailWanted(mail) for person_id, mail in rows}
    return {person_id: chosen.get(person_id, MailWanted.DAILY) for person_id in person_ids}


async def due_for_summary(db: AsyncSession, until: datetime) -> Sequence[UUID]:
    """Return who has notices from before this morning's summary, and has not had it."""
    query = (
        select(Notice.person_id)
        .outerjoin(NoticeSetting, NoticeSetting.person_id == Notice.person_id)
        .where(
            Notice.mailed_at.is_(None),
            Notice.read_at.is_(None),
            Notice.at < until,
            func.coalesce(NoticeSetting.mail, MailWanted.DAILY.value) == MailWanted.DAILY,
            or_(NoticeSetting.summary_on.is_(None), NoticeSetting.summary_on < until.date()),
        )
        .distinct()
        .order_by(Notice.person_id)
    )
    return (await db.scalars(query)).all()
