"""Times of published tenders that have come, and that nobody was told of yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, String, exists, func, literal, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Subject
from store.models import AuditEntry
from tenders.models import Tender
from tenders.rules.states import TenderState

QUESTIONS_ENDED: Final = "tender.questions_ended"
DUE_PASSED: Final = "tender.due_passed"


@dataclass(frozen=True, slots=True)
class Passed:
    """A time of a tender that has come, with the action that tells of it."""

    tender_id: UUID
    action: str
    at: datetime


async def passed(db: AsyncSession) -> Sequence[Passed]:
    """Return what has passed by the database's clock; a time that was moved to later counts anew."""
    query = union_all(
        _untold(QUESTIONS_ENDED, Subject.questions_until).join(Subject, Subject.id == Tender.id),
        _untold(DUE_PASSED, Tender.tenders_due_at),
    )
    return [Passed(*row) for row in await db.execute(query)]


def _untold(action: str, at: Any) -> Select[*tuple[Any, ...]]:
    told_at: ColumnElement[datetime] = sql_cast(AuditEntry.details["at"].astext, DateTime(timezone=True))
    told = exists().where(
        AuditEntry.subject_kind == "tender",
        AuditEntry.subject_id == sql_cast(Tender.id, String),
        AuditEntry.action == action,
        told_at == at,
    )
    return select(Tender.id, literal(action), at).where(
        Tender.state == TenderState.PUBLISHED, at <= func.statement_timestamp(), ~told
    )
