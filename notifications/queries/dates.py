"""Dates for a council's calendar: as far as the reader's own rights go, and without any sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.rules import tokens
from challenges.models import Challenge, ChallengeSponsor
from notifications.models import CalendarFeed
from notifications.queries import duties
from procurement.models import Contract, Need, Pool, PoolMember, PoolVote
from procurement.rules.pools.states import OPEN, Stage
from sourcing.models import Subject
from sourcing.rules.duties import Duty, DutyState
from tenders.models import EarlyNotice, Tender, TenderBuyer
from tenders.rules.states import TenderState
from values.actors import Actor, Role
from values.years import LONDON
from web.icalendar import Event

# What has been is kept this long, so that a calendar does not forget last month.
LOOK_BACK: Final = timedelta(days=90)
YEAR: Final = timedelta(days=365)
# Duties of a challenge whose days are dates of the challenge already.
DAYS_OF_STATEMENT: Final = frozenset({"responses-due", "showcase", "decision"})


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Whose calendar it is: who reads, with officer's and approver's rights only, and for which council."""

    actor: Actor
    organisation_name: str


async def feed_owner(db: AsyncSession, token: str) -> FeedOwner | None:
    """Return whose calendar a secret address opens, if anybody's."""
    if len(token) != tokens.LENGTH:
        return None
    found = func.app.find_calendar(tokens.digest(token)).table_valued(
        "person_id", "organisation_id", "name", "organisation_name", "roles"
    )
    row = (await db.execute(select(found))).first()
    if row is None:
        return None
    roles = frozenset(Role(role) for role in row.roles)
    actor = Actor(UUID(str(row.person_id)), UUID(str(row.organisation_id)), roles, row.name)
    return FeedOwner(actor, row.organisation_name)


async def feed_made_at(db: AsyncSession, actor: Actor) -> datetime | None:
    """Return when the address of the actor's own calendar for this council was made."""
    return await db.scalar(
        select(CalendarFeed.made_at).where(
            CalendarFeed.person_id == actor.person_id,
            CalendarFeed.organisation_id == actor.organisation_id,
        )
    )


async def events(db: AsyncSession, *, body_code: str, address: str, today: date) -> Sequence[Event]:
    """Return the dates of a council's own pools, contracts, needs, tenders and challenges."""
    since = today - LOOK_BACK
    return [
        *await _of_pools(db, body_code, address),
        *await _of_votes(db, body_code, address),
        *await _of_contracts(db, body_code, address, since),
        *await _of_needs(db, body_code, address, since),
        *await _of_tenders(db, body_code, address, since),
        *await _of_plans(db, body_code, address, since),
        *await _of_challenges(db, body_code, address, since),
        *await _of_duties(db, body_code, address, today),
    ]


async def _of_pools(db: AsyncSession, body_code: str, address: str) -> Sequence[Event]:
    rows = await db.execute(
        select(Pool.id, Pool.title, Pool.joins_until, Pool.signs_until, Pool.state_changed_at)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(PoolMember.body_code == body_code, PoolMember.stage != Stage.WITHDRAWN, Pool.state.in_(OPEN))
    )
    return [
        event
        for pool_id, title, joins_until, signs_until, changed_at in rows
        for event in (
            _event(
                "joining",
                pool_id,
                changed_at,
                joins_until,
                f"Last time to join: {title}",
                f"{address}/pools/{pool_id}",
            ),
            _event(
                "signing",
                pool_id,
                changed_at,
                signs_until,
                f"Last time to sign: {title}",
                f"{address}/pools/{pool_id}",
            ),
        )
    ]


async def _of_votes(db: AsyncSession, body_code: str, address: str) -> Sequence[Event]:
    rows = await db.execute(
        select(
            PoolVote.id,
            PoolVote.pool_id,
            PoolVote.line_id,
            Pool.title,
            PoolVote.closes_at,
            PoolVote.opened_at,
        )
        .join(Pool, Pool.id == PoolVote.pool_id)
        .join(PoolMember, PoolMember.pool_id == PoolVote.pool_id)
        .where(
            PoolMember.body_code == body_code,
            PoolMember.stage != Stage.WITHDRAWN,
            PoolVote.closed_at.is_(None),
        )
    )
    return [
        _event(
            "vote",
            vote_id,
            opened_at,
            closes_at,
            f"Vote closes: {title}",
            f"{address}/pools/{pool_id}/requirements/{line_id}",
        )
        for vote_id, pool_id, line_id, title, closes_at, opened_at in rows
    ]


async def _of_contracts(db: AsyncSession, body_code: str, address: str, since: date) -> Sequence[Event]:
    def dates(kind: str, day: Any) -> Any:
        return select(
            literal(kind).label("kind"), Contract.id, Contract.title, day.label("on"), Contract.imported_at
        ).where(Contract.body_code == body_code, day >= since)

    rows: Any = await db.execute(
        union_all(dates("end", Contract.end_on), dates("notice", Contract.notice_on))
    )
    words = {"end": "Contract ends", "notice": "Last day to give notice"}
    return [
        _event(f"contract-{kind}", row_id, changed_at, on, f"{words[kind]}: {title}", f"{address}/contracts")
        for kind, row_id, title, on, changed_at in rows
    ]


async def _of_needs(db: AsyncSession, body_code: str, address: str, since: date) -> Sequence[Event]:
    rows = await db.execute(
        select(Need.id, Need.title, Need.earliest_start_on, Need.changed_at).where(
            Need.body_code == body_code, Need.state != "archived", Need.earliest_start_on >= since
        )
    )
    return [
        _event("need", need_id, changed_at, on, f"Earliest start: {title}", f"{address}/needs/{need_id}")
        for need_id, title, on, changed_at in rows
        if on is not None
    ]


async def _of_tenders(db: AsyncSession, body_code: str, address: str, since: date) -> Sequence[Event]:
    """Of the tenders that a council buys by, as long as they run; nothing of what suppliers hand in."""
    rows = await db.execute(
        select(
            Tender.id,
            Tender.title,
            Tender.state_changed_at,
            Tender.published_at.is_not(None),
            Tender.publish_on,
            Subject.questions_until,
            Tender.requests_due_on,
            Tender.tenders_due_at,
            Tender.award_on,
        )
        .join(TenderBuyer, TenderBuyer.tender_id == Tender.id)
        .outerjoin(Subject, Subject.id == Tender.id)
        .where(TenderBuyer.body_code == body_code, Tender.state != TenderState.TERMINATED)
    )
    return [
        _event(kind, tender_id, changed_at, on, f"{words}: {title}", f"{address}/tenders/{tender_id}")
        for tender_id, title, changed_at, published, publish, asked, requests, due, award in rows
        for kind, words, on in (
            ("tender-notice", "Planned day of the tender notice", None if published else publish),
            ("tender-questions", "Last time for questions", asked),
            ("tender-requests", "Last day for requests to participate", requests),
            ("tender-due", "Tenders due", due),
            ("tender-award", "Estimated day of the award", award),
        )
        if on is not None and _day(on) >= since
    ]


async def _of_plans(db: AsyncSession, body_code: str, address: str, since: date) -> Sequence[Event]:
    """Until when suppliers are asked by a notice that the platform published."""
    ends_on = EarlyNotice.facts["engaging"]["ends_on"].astext
    rows = await db.execute(
        select(EarlyNotice.tender_id, EarlyNotice.title, EarlyNotice.confirmed_at, ends_on)
        .join(TenderBuyer, TenderBuyer.tender_id == EarlyNotice.tender_id)
        .where(
            TenderBuyer.body_code == body_code,
            EarlyNotice.state == "confirmed",
            EarlyNotice.replaced_at.is_(None),
            EarlyNotice.ended_at.is_(None),
            ends_on >= since.isoformat(),
        )
    )
    return [
        _event(
            "engagement",
            tender_id,
            confirmed_at,
            date.fromisoformat(ends),
            f"Suppliers are asked until: {title}",
            f"{address}/tenders/planned/{tender_id}",
        )
        for tender_id, title, confirmed_at, ends in rows
        if confirmed_at is not None
    ]


async def _of_challenges(db: AsyncSession, body_code: str, address: str, since: date) -> Sequence[Event]:
    """Of the challenges that a council sponsors, as long as they run."""
    rows = await db.execute(
        select(
            Challenge.id,
            Challenge.title,
            Challenge.state_changed_at,
            Challenge.questions_until,
            Challenge.responses_due_at,
            Challenge.showcase_on,
            Challenge.decision_on,
        )
        .join(ChallengeSponsor, ChallengeSponsor.challenge_id == Challenge.id)
        .where(ChallengeSponsor.body_code == body_code, Challenge.state.not_in(["withdrawn", "ended"]))
    )
    return [
        _event(
            kind, challenge_id, changed_at, on, f"{words}: {title}", f"{address}/challenges/{challenge_id}"
        )
        for challenge_id, title, changed_at, asked, due, showcase, decision in rows
        for kind, words, on in (
            ("challenge-questions", "Last time for questions", asked),
            ("challenge-due", "Responses due", due),
            ("challenge-showcase", "Showcase", showcase),
            ("challenge-decision", "Decision", decision),
        )
        if on is not None and _day(on) >= since
    ]


async def _of_duties(db: AsyncSession, body_code: str, address: str, today: date) -> Sequence[Event]:
    """Of what a council owes: last days, and what is due now. What is done leaves the calendar."""
    host = address.split("://", 1)[-1]
    return [
        Event(
            f"duty-{each.code}-{each.due_on}-{_subject(each)}@{host}",
            # Nothing tells when a duty arose; a program wants the same instant at each reading.
            datetime.combine(each.due_on - YEAR, time(), UTC),
            each.due_on,
            ": ".join(part for part in (_called(each), each.about) if part),
            f"{address}/duties",
        )
        for each in await duties.register(db, today, body_code=body_code)
        # The planned days of notices and the days of a statement stand among the dates above.
        if each.due_on
        and each.is_open
        and each.code not in DAYS_OF_STATEMENT
        and not (each.notice and each.state is DutyState.PLANNED)
    ]


def _subject(duty: Duty) -> UUID | str:
    """Return what a duty is about: with its code and day, it is told from every other."""
    return duty.tender_id or duty.pilot_id or duty.challenge_id or duty.body_code


def _called(duty: Duty) -> str:
    notice = f" ({duty.notice})" if duty.notice else ""
    return f"{duty.name}{notice}{', as planned' if duty.state is DutyState.PLANNED else ''}"


def _day(on: date | datetime) -> date:
    return on.astimezone(LONDON).date() if isinstance(on, datetime) else on


def _event(
    kind: str, row_id: UUID, changed_at: datetime, on: date | datetime, summary: str, href: str
) -> Event:
    host = href.split("://", 1)[-1].split("/", 1)[0]
    return Event(f"{kind}-{row_id}@{host}", changed_at, on, summary, href)
