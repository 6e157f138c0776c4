"""Entries about procurements that are planned, for those who follow them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from notifications.rules.following import Followed
from notifications.rules.planning import WORDS
from sourcing.models import Follower
from store.models import AuditEntry, AuditSeal
from tenders.models import EarlyNotice, Tender
from tenders.rules.notices import NoticeState


async def planned(db: AsyncSession, after: int, upto: int) -> Sequence[Followed]:
    """Return what followers hear of tenders that are not published, by the title that is public.

    A draft may be called something else by now, which is its buyers' business.
    """
    title = (
        select(EarlyNotice.title)
        .where(EarlyNotice.tender_id == Tender.id, EarlyNotice.state == NoticeState.CONFIRMED)
        .order_by(EarlyNotice.confirmed_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            Tender.id,
            title,
            AuditEntry.person_id,
            AuditEntry.action,
            AuditEntry.details,
            func.array_agg(Person.id),
        )
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(Tender, cast(Tender.id, String) == AuditEntry.subject_id)
        .join(Follower, Follower.subject_id == Tender.id)
        .join(Person, and_(Person.id == Follower.person_id, Person.disabled_at.is_(None)))
        .where(
            AuditSeal.position > after,
            AuditSeal.position <= upto,
            AuditEntry.subject_kind == "tender",
            AuditEntry.action.in_(list(WORDS)),
            Tender.published_at.is_(None),
            title.is_not(None),
        )
        .group_by(AuditEntry.id, AuditSeal.position, Tender.id)
        .order_by(AuditSeal.position)
    )
    return [Followed(*row[:-1], people=tuple(sorted(row[-1]))) for row in rows]
