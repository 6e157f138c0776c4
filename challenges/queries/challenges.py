"""A challenge's row, all that its statement says, and its notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from accounts.models import Organisation
from challenges.models import (
    Challenge,
    ChallengeCriterion,
    ChallengeNotice,
    ChallengePhase,
    ChallengeSection,
)
from challenges.rules import states
from challenges.rules.content import Content, Criterion, PhasePlaces, Section
from challenges.rules.states import ChallengeState
from spend.rules.categories import taxonomy
from values.refusals import Missing

LEAD: Final = aliased(Organisation)
COLUMNS: Final = (
    Challenge.id,
    Challenge.title,
    Challenge.category,
    Challenge.region_code,
    Challenge.lead_code,
    LEAD.short_name,
    Challenge.budget_gross_pence,
    Challenge.questions_until,
    Challenge.responses_due_at,
    Challenge.showcase_on,
    Challenge.anonymous,
    Challenge.seeks_sponsors,
    Challenge.route,
    Challenge.needs_notice,
    Challenge.version,
    Challenge.fingerprint,
    Challenge.state,
    Challenge.state_reason,
    Challenge.state_changed_at,
    Challenge.published_at,
    Challenge.demonstration,
    func.statement_timestamp(),
)


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A challenge as lists and the heads of pages show it; `now` is the database's clock as it was read."""

    id: UUID
    title: str
    category: str
    region_code: str
    lead_code: str
    lead_name: str
    budget_gross_pence: int | None
    questions_until: datetime | None
    responses_due_at: datetime | None
    showcase_on: date | None
    anonymous: bool
    seeks_sponsors: bool
    route: str
    needs_notice: str
    version: int
    fingerprint: bytes | None
    state: str
    state_reason: str
    state_changed_at: datetime
    published_at: datetime | None
    demonstration: bool
    now: datetime

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)

    @property
    def state_words(self) -> tuple[str, str]:
        """Its state in words, and the colour of the tag."""
        return states.words(self.state, self.responses_due_at, self.now)

    @property
    def changeable(self) -> bool:
        """Whether its statement can still be changed."""
        return self.state == ChallengeState.STATEMENT

    @property
    def public(self) -> bool:
        """Whether everybody sees it."""
        return self.published_at is not None

    @property
    def takes_responses(self) -> bool:
        """Whether responses still count."""
        return states.takes_responses(self.state, self.responses_due_at, self.now)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice that the central platform published, as it was recorded."""

    code: str
    reference: str
    published_at: datetime
    recorded_by: str
    fingerprint: bytes


async def challenge_row(db: AsyncSession, challenge_id: UUID) -> ChallengeRow:
    """Return a challenge.

    Raises:
        Missing: no such challenge, or not theirs to see.
    """
    query = select(*COLUMNS).join(LEAD, LEAD.code == Challenge.lead_code).where(Challenge.id == challenge_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("challenge")
    return ChallengeRow(*row)


async def locked_challenge(db: AsyncSession, challenge_id: UUID) -> ChallengeRow:
    """Return a challenge that nobody else changes until this transaction ends.

    Raises:
        Missing: no such challenge, or not theirs to see.
    """
    await db.execute(select(Challenge.id).where(Challenge.id == challenge_id).with_for_update())
    return await challenge_row(db, challenge_id)


async def content(db: AsyncSession, challenge_id: UUID) -> Content:
    """Return all that a statement says.

    Raises:
        Missing: no such challenge, or not theirs to see.
    """
    names = [name for name in Content.__dataclass_fields__ if name not in ("sections", "criteria", "phases")]
    columns: list[Any] = [getattr(Challenge, name) for name in names]
    row = (await db.execute(select(*columns).where(Challenge.id == challenge_id))).first()
    if row is None:
        raise Missing("challenge")
    said = dict(zip(names, row, strict=True))
    return Content(
        **said,
        sections=await sections(db, challenge_id),
        criteria=await _criteria(db, challenge_id),
        phases=await _phases(db, challenge_id),
    )


async def sections(db: AsyncSession, challenge_id: UUID) -> Sequence[Section]:
    """Return the parts of a response, in their order."""
    rows = await db.execute(
        select(ChallengeSection.title, ChallengeSection.asks, ChallengeSection.most_words)
        .where(ChallengeSection.challenge_id == challenge_id)
        .order_by(ChallengeSection.position)
    )
    return [Section(*row) for row in rows]


async def _criteria(db: AsyncSession, challenge_id: UUID) -> Sequence[Criterion]:
    rows = await db.execute(
        select(ChallengeCriterion.title, ChallengeCriterion.description, ChallengeCriterion.weight)
        .where(ChallengeCriterion.challenge_id == challenge_id)
        .order_by(ChallengeCriterion.position)
    )
    return [Criterion(*row) for row in rows]


async def _phases(db: AsyncSession, challenge_id: UUID) -> Sequence[PhasePlaces]:
    rows = await db.execute(
        select(ChallengePhase.kind, ChallengePhase.places)
        .where(ChallengePhase.challenge_id == challenge_id)
        .order_by(ChallengePhase.position)
    )
    return [PhasePlaces(*row) for row in rows]


async def notices(db: AsyncSession, challenge_id: UUID) -> dict[str, NoticeRow]:
    """Return the notices that were recorded, by their number."""
    rows = await db.execute(
        select(
            ChallengeNotice.code,
            ChallengeNotice.reference,
            ChallengeNotice.published_at,
            ChallengeNotice.recorded_by,
            ChallengeNotice.fingerprint,
        ).where(ChallengeNotice.challenge_id == challenge_id)
    )
    return {row[0]: NoticeRow(*row) for row in rows}


async def entry_count(db: AsyncSession, challenge_id: UUID) -> int:
    """Return how many responses count; none before the deadline."""
    counted = func.app.challenge_entries().table_valued("challenge_id", "entries")
    return int(await db.scalar(select(counted.c.entries).where(counted.c.challenge_id == challenge_id)) or 0)
