"""Entries about tenders with those who follow them, whatever is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from notifications.rules.following import Followed
from sourcing.models import Follower
from store.models import AuditEntry, AuditSeal
from tenders.models import Tender


async def heard(
    db: AsyncSession, after: int, upto: int, *, actions: Iterable[str], title: Any, where: ColumnElement[bool]
) -> Sequence[Followed]:
    """Return entries between two links of the chain, in its order, with who follows the tender today.

    `actions` are what is told of, `title` is the one that followers may read, `where` says of which tenders.
    """
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
            AuditEntry.action.in_(list(actions)),
            where,
        )
        .group_by(AuditEntry.id, AuditSeal.position, Tender.id)
        .order_by(AuditSeal.position)
    )
    return [Followed(*row[:-1], people=tuple(sorted(row[-1]))) for row in rows]
