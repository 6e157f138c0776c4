"""Entries about procurements that are planned, for those who follow them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.queries.following import heard
from notifications.rules.following import Followed
from notifications.rules.planning import WORDS
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
    unpublished = and_(Tender.published_at.is_(None), title.is_not(None))
    return await heard(db, after, upto, actions=WORDS, title=title, where=unpublished)
