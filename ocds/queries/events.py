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
from sqlalchemy.orm import aliased

from ocds.queries import planning
from ocds.rules.asking import Event
from ocds.rules.contracts import DETAILS
from sourcing.models import QuestionAnswer, QuestionTime
from tenders.models import (
    ContractNotice,
    EarlyNotice,
    PaymentInformation,
    Tender,
    TenderContract,
    TenderCorrection,
    TenderExtension,
    TenderNotice,
)
from tenders.rules.notices import Code, NoticeState
from tenders.rules.states import TenderState


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
                and_(TenderNotice.code == Code.AWARD, TenderNotice.facts != {}),
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
    number = func.row_number().over(partition_by=TenderExtension.tender_id, order_by=TenderExtension.due_at)
    moved = (
        select(
            TenderExtension.extended_at,
            TenderExtension.tender_id,
            literal("deadline-") + sql_cast(number, Text),
        )
        .join(Tender, Tender.id == TenderExtension.tender_id)
        .where(Tender.published_at.is_not(None))
    )
    opened = aliased(TenderNotice)
    given = func.row_number().over(partition_by=QuestionTime.subject_id, order_by=QuestionTime.given_at)
    asked_later = (
        select(QuestionTime.given_at, Tender.id, literal("questions-") + sql_cast(given, Text))
        .join(Tender, Tender.id == QuestionTime.subject_id)
        .join(
            opened,
            and_(
                opened.tender_id == Tender.id,
                opened.code == Code.TENDER,
                opened.state == NoticeState.CONFIRMED,
                # What was said with the notice is part of its release.
                QuestionTime.given_at > opened.confirmed_at,
            ),
        )
        .where(Tender.published_at.is_not(None))
    )
    lived = (_lived(), _paid(), _corrected())
    return union_all(confirmed, answered, moved, asked_later, *lived, *_planned())


def _lived() -> Any:
    """Return the events of contracts; nothing before the details notice of one."""
    details = aliased(ContractNotice)
    name = ContractNotice.code + literal("-") + sql_cast(ContractNotice.id, Text)
    known = and_(
        details.contract_id == ContractNotice.contract_id,
        details.code == DETAILS,
        details.state == NoticeState.CONFIRMED,
        details.confirmed_at <= ContractNotice.confirmed_at,
    )
    return (
        select(ContractNotice.confirmed_at, TenderContract.tender_id, name)
        .join(TenderContract, TenderContract.id == ContractNotice.contract_id)
        .join(details, known)
        .where(ContractNotice.state == NoticeState.CONFIRMED)
    )


def _paid() -> Any:
    """Return when information about payments became open data; nothing before the details notice."""
    details = aliased(ContractNotice)
    known = and_(
        details.contract_id == PaymentInformation.contract_id,
        details.code == DETAILS,
        details.state == NoticeState.CONFIRMED,
        details.confirmed_at <= PaymentInformation.recorded_at,
    )
    name = literal("payments-") + sql_cast(PaymentInformation.id, Text)
    return (
        select(PaymentInformation.recorded_at, TenderContract.tender_id, name)
        .join(TenderContract, TenderContract.id == PaymentInformation.contract_id)
        .join(details, known)
    )


def _corrected() -> Any:
    name = literal("correction-") + sql_cast(TenderCorrection.number, Text)
    return (
        select(TenderCorrection.recorded_at, TenderCorrection.tender_id, name)
        .join(Tender, Tender.id == TenderCorrection.tender_id)
        .where(TenderCorrection.recorded_at.is_not(None), Tender.published_at.is_not(None))
    )


def _planned() -> list[Any]:
    """Return the events before a tender: its early notices, and that it was given up."""
    name = EarlyNotice.code + literal("-") + sql_cast(EarlyNotice.number, Text)
    ended = select(func.max(EarlyNotice.ended_at), EarlyNotice.tender_id, literal("planning-ended"))
    return [
        select(EarlyNotice.confirmed_at, EarlyNotice.tender_id, name).where(
            EarlyNotice.state == NoticeState.CONFIRMED
        ),
        ended.where(EarlyNotice.ended_at.is_not(None)).group_by(EarlyNotice.tender_id),
    ]


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
    """Return the tenders that have an event that is asked for, that of which all heard first first."""
    query = select(_EVENTS.c.tender_id).group_by(_EVENTS.c.tender_id)
    if wanted.since:
        query = query.having(func.max(_EVENTS.c.at) >= wanted.since)
    if wanted.tender_id:
        query = query.where(_EVENTS.c.tender_id == wanted.tender_id)
    return (await db.scalars(query.order_by(func.min(_EVENTS.c.at), _EVENTS.c.tender_id))).all()


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the tender's title, as a page lists it; `planned`: there is no tender to read yet."""

    event: Event
    title: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is: events, tenders, and when the last event became public; None where there is none."""

    event_count: int
    tender_count: int
    last_at: datetime | None


async def extent(db: AsyncSession) -> Extent:
    """Return how much there is."""
    row = (
        await db.execute(
            select(
                func.count(), func.count(func.distinct(_EVENTS.c.tender_id)), func.max(_EVENTS.c.at)
            ).select_from(_EVENTS)
        )
    ).one()
    return Extent(*row)


async def newest(db: AsyncSession, *, limit: int) -> Sequence[Told]:
    """Return the newest events with the titles of their tenders."""
    found = await events(db, Wanted(), limit=limit)
    tender_ids = {each.tender_id for each in found}
    rows = await db.execute(
        select(Tender.id, Tender.title).where(Tender.id.in_(tender_ids), Tender.published_at.is_not(None))
    )
    titles = {row.id: row.title for row in rows}
    plans = await planning.titles(db, tender_ids - titles.keys())
    known = {**plans, **titles}
    return [Told(each, known[each.tender_id], each.tender_id in plans) for each in found]
