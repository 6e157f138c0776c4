"""What notices about tenders are made from: what searches found, and entries that followers hear of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from notifications.rules.following import WORDS, Followed
from notifications.rules.searches import Searched
from sourcing.models import Follower, SavedSearch, SearchFinding
from sourcing.rules.searches import FOUND
from store.models import AuditEntry, AuditSeal
from tenders.models import Tender


async def searched(db: AsyncSession, after: int, upto: int) -> Sequence[Searched]:
    """Return what saved searches found between two links of the chain: once a person and tender."""
    told = await db.execute(
        select(AuditEntry.subject_id, AuditEntry.id, AuditEntry.at)
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.position > after, AuditSeal.position <= upto, AuditEntry.action == FOUND)
    )
    entry_of = {UUID(batch): (entry_id, at) for batch, entry_id, at in told}
    if not entry_of:
        return []
    rows = await db.execute(
        select(
            SearchFinding.batch_id,
            SavedSearch.person_id,
            SearchFinding.thing_id,
            func.min(SearchFinding.title),
            func.min(SearchFinding.href),
            func.array_agg(SavedSearch.name),
        )
        .join(SavedSearch, SavedSearch.id == SearchFinding.search_id)
        .where(SearchFinding.batch_id.in_(entry_of), SavedSearch.kind == "tenders")
        .group_by(SearchFinding.batch_id, SavedSearch.person_id, SearchFinding.thing_id)
        .order_by(SearchFinding.batch_id, SavedSearch.person_id, SearchFinding.thing_id)
    )
    return [
        Searched(*entry_of[batch_id], person_id, thing_id, title, href, tuple(sorted(names)))
        for batch_id, person_id, thing_id, title, href, names in rows
    ]


async def followed(db: AsyncSession, after: int, upto: int) -> Sequence[Followed]:
    """Return the entries about tenders that followers hear of, with who follows them today."""
    rows = await db.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            Tender.id,
            Tender.title,
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
            Tender.published_at.is_not(None),
        )
        .group_by(AuditEntry.id, AuditSeal.position, Tender.id)
        .order_by(AuditSeal.position)
    )
    return [Followed(*row[:-1], people=tuple(sorted(row[-1]))) for row in rows]
