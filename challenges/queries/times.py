"""Times of published challenges that have come, and that nobody was told of yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, String, exists, func, literal, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge
from challenges.rules.states import ChallengeState
from sourcing.models import Subject
from store.models import AuditEntry

QUESTIONS_ENDED: Final = "challenge.questions_ended"
DUE_PASSED: Final = "challenge.due_passed"


@dataclass(frozen=True, slots=True)
class Passed:
    """A time of a challenge that has come, with the action that tells of it."""

    challenge_id: UUID
    action: str
    at: datetime


async def passed(db: AsyncSession) -> Sequence[Passed]:
    """Return what has passed by the database's clock; a time that was moved to later counts anew."""
    query = union_all(
        _untold(QUESTIONS_ENDED, Subject.questions_until).join(Subject, Subject.id == Challenge.id),
        _untold(DUE_PASSED, Challenge.responses_due_at),
    )
    return [Passed(*row) for row in await db.execute(query)]


def _untold(action: str, at: Any) -> Select[*tuple[Any, ...]]:
    told_at: ColumnElement[datetime] = sql_cast(AuditEntry.details["at"].astext, DateTime(timezone=True))
    told = exists().where(
        AuditEntry.subject_kind == "challenge",
        AuditEntry.subject_id == sql_cast(Challenge.id, String),
        AuditEntry.action == action,
        told_at == at,
    )
    return select(Challenge.id, literal(action), at).where(
        Challenge.state == ChallengeState.OPEN, at <= func.statement_timestamp(), ~told
    )
