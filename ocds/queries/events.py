"""Which releases there are, without their content: what feeds are sorted and paged by.

Each line is visible by row-level security or not at all; nothing here filters by who is asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, Text, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import QuestionAnswer
from tenders.models import Tender, TenderNotice
from tenders.rules.notices import Code, NoticeState
from tenders.rules.states import TenderState


@dataclass(frozen=True, slots=True)
class Event:
    """A release to be made: when it became public, of which tender, and its name within the process."""

    at: datetime
    tender_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for.

    Attributes:
        since: not before this.
        tender_id: of one tender.
        before: those that follow this one in a list with the newest first.
    """

    since: datetime | None = None
    tender_id: UUID | None = None
    before: Event | None = None


def _all() -> CompoundSelect[*tuple[Any, ...]]:
    """Return all events; the releases of `ocds.rules.releases` have the same names."""
    confirmed = (
        select(
            TenderNotice.confirmed_at.label("at"),
            TenderNotice.tender_id.label("tender_id"),
            TenderNotice.code.label("name"),
        )
        .join(Tender, Tender.id == TenderNotice.tender_id)
        .where(
            TenderNotice.state == NoticeState.CONFIRMED,
            Tender.published_at.is_not(None),
            or_(
                TenderNotice.code == Code.TENDER,
                and_(TenderNotice.code == Code.TERMINATION, Tender.state == TenderState.TERMINATED),
            ),
        )
    )
    answered = (
        select(
            QuestionAnswer.published_at,
            Tender.id,
            literal("answers-") + sql_cast(func.min(QuestionAnswer.number), Text),
        )
        .join(Tender, Tender.id == QuestionAnswer.subject_id)
        .where(
            QuestionAnswer.published_at.is_not(None),
            QuestionAnswer.ground == "",
            Tender.published_at.is_not(None),
        )
        .group_by(Tender.id, QuestionAnswer.published_at)
    )
    return union_all(confirmed, answered)


_EVENTS: Final = _all().subquery("event")


async def events(db: AsyncSession, wanted: Wanted, *, limit: int) -> Sequence[Event]:
    """Return the events that are asked for, the newest first."""
    key = tuple_(_EVENTS.c.at, _EVENTS.c.tender_id, _EVENTS.c.name)
    query = select(_EVENTS.c.at, _EVENTS.c.tender_id, _EVENTS.c.name)
    if wanted.since:
        query = query.where(_EVENTS.c.at >= wanted.since)
    if wanted.tender_id:
        query = query.where(_EVENTS.c.tender_id == wanted.tender_id)
    if wanted.before:
        last = wanted.before
        query = query.where(key < tuple_(literal(last.at), literal(last.tender_id), literal(last.name)))
    newest = query.order_by(_EVENTS.c.at.desc(), _EVENTS.c.tender_id.desc(), _EVENTS.c.name.desc())
    return [Event(*row) for row in await db.execute(newest.limit(limit))]


async def tenders_since(db: AsyncSession, wanted: Wanted) -> Sequence[UUID]:
    """Return the tenders that have an event that is asked for, the one that was published first first."""
    query = select(Tender.id).where(Tender.published_at.is_not(None))
    if wanted.since:
        query = query.where(Tender.id.in_(select(_EVENTS.c.tender_id).where(_EVENTS.c.at >= wanted.since)))
    if wanted.tender_id:
        query = query.where(Tender.id == wanted.tender_id)
    return (await db.scalars(query.order_by(Tender.published_at, Tender.id))).all()
