"""What notices about tenders are made from: what searches found, and entries that followers hear of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Membership, Organisation, Person
from notifications.queries import trail
from notifications.queries.following import heard
from notifications.rules.bidders import RELEASED, Assessed, Damaged
from notifications.rules.buying import TOLD, Bought, Buying
from notifications.rules.following import WORDS, Followed
from notifications.rules.searches import CHALLENGES, TENDERS, Searched
from sourcing.models import SavedSearch, SearchFinding
from sourcing.rules.searches import FOUND
from store.models import AuditEntry, AuditSeal
from tenders.models import AssessmentSummary, EarlyNotice, Tender, TenderBuyer
from tenders.rules.notices import NoticeState
from values.actors import Role


async def searched(db: AsyncSession, after: int, upto: int) -> Sequence[Searched]:
    """Return what saved searches found between two links of the chain: once a person and thing."""
    entry_of = await trail.batches(db, after, upto, [FOUND])
    if not entry_of:
        return []
    rows: Any = await db.execute(
        select(
            SearchFinding.batch_id,
            SavedSearch.kind,
            SavedSearch.person_id,
            SearchFinding.thing_id,
            func.min(cast(EarlyNotice.tender_id, String)),
            func.min(SearchFinding.title),
            func.min(SearchFinding.href),
            func.array_agg(SavedSearch.name),
        )
        .join(SavedSearch, SavedSearch.id == SearchFinding.search_id)
        .outerjoin(EarlyNotice, EarlyNotice.id == SearchFinding.thing_id)
        .where(SearchFinding.batch_id.in_(entry_of), SavedSearch.kind.in_([TENDERS, CHALLENGES]))
        .group_by(SearchFinding.batch_id, SavedSearch.kind, SavedSearch.person_id, SearchFinding.thing_id)
        .order_by(SearchFinding.batch_id, SavedSearch.person_id, SearchFinding.thing_id)
    )
    return [
        Searched(
            *entry_of[batch_id],
            kind,
            person_id,
            UUID(planned_id) if planned_id else thing_id,
            title,
            href,
            tuple(sorted(names)),
            planned=planned_id is not None,
        )
        for batch_id, kind, person_id, thing_id, planned_id, title, href, names in rows
    ]


async def followed(db: AsyncSession, after: int, upto: int) -> Sequence[Followed]:
    """Return the entries about tenders that followers hear of, with who follows them today."""
    planned = exists().where(EarlyNotice.tender_id == Tender.id, EarlyNotice.state == NoticeState.CONFIRMED)
    # That a tender was published is told to those who followed what was planned.
    open_to_all = and_(
        Tender.published_at.is_not(None), or_(AuditEntry.action != "tender.published", planned)
    )
    return await heard(db, after, upto, actions=WORDS, title=Tender.title, where=open_to_all)


async def bought(db: AsyncSession, after: int, upto: int) -> Sequence[Bought]:
    """Return the entries about tenders that their buyers hear of, in the order of the chain."""
    query = trail.told_of("tender", Tender, after, upto).where(AuditEntry.action.in_(list(TOLD)))
    rows = await db.execute(query.add_columns(Tender.published_at.is_not(None)))
    return [
        Bought(entry_id, at, tender_id, title, public, *rest)
        for entry_id, at, tender_id, title, *rest, public in rows
    ]


async def damaged(db: AsyncSession, after: int, upto: int) -> Sequence[Damaged]:
    """Return who is to hear that their bid could not be opened whole, for openings between two links."""
    opened = await db.execute(
        select(AuditEntry.id, AuditEntry.at, Tender.id, Tender.title)
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(Tender, cast(Tender.id, String) == AuditEntry.subject_id)
        .where(
            AuditSeal.position > after,
            AuditSeal.position <= upto,
            AuditEntry.subject_kind == "tender",
            AuditEntry.action == "tender.opened",
            AuditEntry.details["damaged"].as_integer() > 0,
        )
    )
    found: list[Damaged] = []
    for row in opened.all():
        people = func.app.damaged_bidders(row[2]).table_valued("person_id", "damage")
        rows = await db.execute(select(people.c.person_id, people.c.damage))
        found += [
            Damaged(row[0], row[1], row[2], row[3], UUID(str(person_id)), damage)
            for person_id, damage in rows
        ]
    return found


async def assessed(db: AsyncSession, after: int, upto: int) -> Sequence[Assessed]:
    """Return the entries by which bidders were told, with the people of each and of its members.

    No bidder is known before.
    """
    rows: Any = await db.execute(
        select(AuditEntry.id, AuditEntry.at, Tender.id, Tender.title, func.array_agg(Person.id.distinct()))
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(Tender, cast(Tender.id, String) == AuditEntry.subject_id)
        .join(
            AssessmentSummary,
            and_(AssessmentSummary.tender_id == Tender.id, AssessmentSummary.released_at.is_not(None)),
        )
        .join(
            Membership,
            and_(
                Membership.organisation_id == AssessmentSummary.organisation_id,
                Membership.role == Role.SUPPLIER,
            ),
        )
        .join(Person, and_(Person.id == Membership.person_id, Person.disabled_at.is_(None)))
        .where(
            AuditSeal.position > after,
            AuditSeal.position <= upto,
            AuditEntry.subject_kind == "tender",
            AuditEntry.action == RELEASED,
        )
        .group_by(AuditEntry.id, AuditSeal.position, Tender.id)
        .order_by(AuditSeal.position)
    )
    found: list[Assessed] = []
    for *entry, people in rows.all():
        members = await db.scalars(select(func.app.told_members(entry[2])))
        found.append(Assessed(*entry, people=tuple(sorted({*people, *members}))))
    return found


async def buyers(db: AsyncSession, tender_ids: set[UUID]) -> Sequence[Buying]:
    """Return the officers and approvers of the councils of some tenders, as they are today."""
    rows = await db.execute(
        select(
            TenderBuyer.tender_id,
            Person.id,
            func.bool_or(Membership.role == Role.APPROVER),
            func.bool_or(Membership.role == Role.OFFICER),
            func.min(Organisation.short_name),
        )
        .join(Organisation, Organisation.code == TenderBuyer.body_code)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, and_(Person.id == Membership.person_id, Person.disabled_at.is_(None)))
        .where(TenderBuyer.tender_id.in_(tender_ids), Membership.role.in_([Role.OFFICER, Role.APPROVER]))
        .group_by(TenderBuyer.tender_id, Person.id, Organisation.id)
    )
    return [Buying(*row) for row in rows]
