"""Times of published challenges that have come, and that nobody was told of yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, String, exists, func, literal, select, union
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import Challenge, Pilot, PilotAdoption
from challenges.rules.pilots import ASK_DAYS
from challenges.rules.states import ChallengeState
from sourcing.models import Subject
from store.models import AuditEntry

QUESTIONS_ENDED: Final = "challenge.questions_ended"
DUE_PASSED: Final = "challenge.due_passed"
RESULT_DUE: Final = "challenge.result_due"
USE_ASKED: Final = "challenge.use_asked"


@dataclass(frozen=True, slots=True)
class Passed:
    """A time of a challenge that has come, with the action that tells of it."""

    challenge_id: UUID
    action: str
    at: datetime


async def passed(db: AsyncSession) -> Sequence[Passed]:
    """Return what has passed by the database's clock; a time that was moved to later counts anew."""
    query = union(
        _untold(QUESTIONS_ENDED, Subject.questions_until).join(Subject, Subject.id == Challenge.id),
        _untold(DUE_PASSED, Challenge.responses_due_at),
        _late_results(),
        _uses(),
    )
    return [Passed(*row) for row in await db.execute(query)]


def _untold(action: str, at: Any) -> Select[*tuple[Any, ...]]:
    return select(Challenge.id, literal(action), at).where(
        Challenge.state == ChallengeState.OPEN,
        at <= func.statement_timestamp(),
        ~_told(Challenge.id, action, at),
    )


def _late_results() -> Select[*tuple[Any, ...]]:
    """Pilots that ended and whose result is not published by its day."""
    at = sql_cast(Pilot.publish_by_on + 1, DateTime(timezone=True))
    return select(Pilot.challenge_id, literal(RESULT_DUE), at).where(
        Pilot.published_at.is_(None),
        at <= func.statement_timestamp(),
        ~_told(Pilot.challenge_id, RESULT_DUE, at),
    )


def _uses() -> Select[*tuple[Any, ...]]:
    """What councils took on a year ago, and have not said of whether it is still in use."""
    at = sql_cast(PilotAdoption.from_on + ASK_DAYS, DateTime(timezone=True))
    return (
        select(Pilot.challenge_id, literal(USE_ASKED), at)
        .join(PilotAdoption, PilotAdoption.pilot_id == Pilot.id)
        .where(
            PilotAdoption.still == "",
            at <= func.statement_timestamp(),
            ~_told(Pilot.challenge_id, USE_ASKED, at),
        )
    )


def _told(challenge_id: Any, action: str, at: Any) -> Any:
    told_at: ColumnElement[datetime] = sql_cast(AuditEntry.details["at"].astext, DateTime(timezone=True))
    return exists().where(
        AuditEntry.subject_kind == "challenge",
        AuditEntry.subject_id == sql_cast(challenge_id, String),
        AuditEntry.action == action,
        told_at == at,
    )
