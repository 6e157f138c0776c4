"""What notices about panels are made from: entries that put somebody on one, or took them off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, and_, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from challenges.models import Challenge, ChallengePhase
from challenges.rules.phases import SUBJECT_KIND
from notifications.rules.judges import WORDS, Named
from store.models import AuditEntry, AuditSeal
from tenders.models import Tender


def _naming(kind: str, thing: Any, after: int, upto: int, *more: Any) -> Select[*tuple[Any, ...]]:
    columns: list[Any] = [
        AuditEntry.id,
        AuditEntry.at,
        thing.id,
        thing.title,
        AuditEntry.action,
        AuditEntry.person_id,
        Person.id,
        *more,
    ]
    return (
        select(*columns)
        .select_from(AuditEntry)
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .join(
            Person,
            and_(
                cast(Person.id, String) == AuditEntry.details["person_id"].astext,
                Person.disabled_at.is_(None),
            ),
        )
        .where(
            AuditSeal.position > after,
            AuditSeal.position <= upto,
            AuditEntry.subject_kind == kind,
            AuditEntry.action.in_(list(WORDS)),
        )
        .order_by(AuditSeal.position)
    )


async def named(db: AsyncSession, after: int, upto: int) -> Sequence[Named]:
    """Return the entries between two links of the chain that name somebody who can sign in."""
    of_phases = (
        _naming(SUBJECT_KIND, Challenge, after, upto, ChallengePhase.id, ChallengePhase.kind)
        .join(ChallengePhase, cast(ChallengePhase.id, String) == AuditEntry.subject_id)
        .join(Challenge, Challenge.id == ChallengePhase.challenge_id)
    )
    of_tenders = _naming("tender", Tender, after, upto).join(
        Tender, cast(Tender.id, String) == AuditEntry.subject_id
    )
    return [Named(*row) for query in (of_phases, of_tenders) for row in await db.execute(query)]
