"""Responses: a firm’s own draft and receipts; for sponsors what was handed in, after the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.models import (
    Challenge,
    ChallengeAnswer,
    ChallengeIdentity,
    ChallengeResponse,
    ChallengeSubmission,
)
from challenges.rules import states
from challenges.rules.effort import Chance
from challenges.rules.phases import PhaseKind
from challenges.rules.receipts import ReceiptFacts
from challenges.rules.responding import KIND_WORDS, READINESS, Kind, Particulars
from challenges.rules.states import ChallengeState
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A firm's own draft, and how the challenge stands by the database's clock."""

    id: UUID
    challenge_id: UUID
    code: str
    said: Particulars
    version: int
    saved_by: str
    saved_at: datetime
    state: str
    due_at: datetime | None
    now: datetime

    @property
    def open(self) -> bool:
        """Whether it can still be changed and handed in."""
        return states.takes_responses(self.state, self.due_at, self.now)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a draft says in one section."""

    position: int
    words: str
    version: int
    saved_by: str


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """What was handed in, replaced, withdrawn or late."""

    id: UUID
    challenge_id: UUID
    code: str
    kind: str
    at: datetime
    due_at: datetime
    sha256: bytes | None
    counts: bool

    @property
    def words(self) -> str:
        """What it is for."""
        return KIND_WORDS[Kind(self.kind)]

    @property
    def facts(self) -> ReceiptFacts:
        """The same as its text says it."""
        digest = self.sha256.hex() if self.sha256 else ""
        return ReceiptFacts(
            self.id, self.code, self.challenge_id, Kind(self.kind), self.at, self.due_at, digest
        )


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A response as sponsors read it; firm, product and team are empty while they are hidden."""

    id: UUID
    code: str
    at: datetime
    content: dict[str, Any]
    firm: str
    product: str
    team: str

    @property
    def readiness_words(self) -> str:
        """How far it is."""
        return READINESS[self.content["readiness"]]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A challenge that the reader's firm has written a response to."""

    challenge_id: UUID
    title: str
    state: str
    due_at: datetime | None
    now: datetime
    handed_in: bool

    @property
    def state_words(self) -> tuple[str, str]:
        """The challenge's state in words, and the colour of the tag."""
        return states.words(self.state, self.due_at, self.now)


async def maybe_own_draft(db: AsyncSession, actor: Actor, challenge_id: UUID) -> DraftRow | None:
    """Return the draft of the actor's firm, or None where it has none."""
    row = (
        await db.execute(
            select(ChallengeResponse, Challenge.state, Challenge.responses_due_at, func.statement_timestamp())
            .join(Challenge, Challenge.id == ChallengeResponse.challenge_id)
            .where(
                ChallengeResponse.challenge_id == challenge_id,
                ChallengeResponse.organisation_id == actor.organisation_id,
            )
            .execution_options(populate_existing=True)
        )
    ).first()
    if row is None:
        return None
    made = row[0]
    said = Particulars(
        made.product,
        made.price_low_pence,
        made.price_high_pence,
        made.price_words,
        made.readiness,
        made.team,
    )
    return DraftRow(
        made.id, made.challenge_id, made.code, said, made.version, made.saved_by, made.saved_at, *row[1:]
    )


async def own_draft(db: AsyncSession, actor: Actor, challenge_id: UUID) -> DraftRow:
    """Return the draft of the actor's firm.

    Raises:
        Missing: it has none.
    """
    found = await maybe_own_draft(db, actor, challenge_id)
    if found is None:
        raise Missing("response")
    return found


async def answers(db: AsyncSession, response_id: UUID) -> dict[int, AnswerRow]:
    """Return what a draft says, by section."""
    rows = await db.execute(
        select(
            ChallengeAnswer.position, ChallengeAnswer.words, ChallengeAnswer.version, ChallengeAnswer.saved_by
        ).where(ChallengeAnswer.response_id == response_id)
    )
    return {row[0]: AnswerRow(*row) for row in rows}


async def receipts(db: AsyncSession, response_id: UUID) -> Sequence[ReceiptRow]:
    """Return the receipts of a response, the newest first."""
    rows = await db.execute(
        select(
            ChallengeSubmission.id,
            ChallengeSubmission.challenge_id,
            ChallengeSubmission.code,
            ChallengeSubmission.kind,
            ChallengeSubmission.at,
            ChallengeSubmission.due_at,
            ChallengeSubmission.sha256,
            ChallengeSubmission.counts,
        )
        .where(ChallengeSubmission.response_id == response_id)
        .order_by(ChallengeSubmission.at.desc(), ChallengeSubmission.id.desc())
    )
    return [ReceiptRow(*row) for row in rows]


_ENTRY: Final = (
    select(
        ChallengeSubmission.id,
        ChallengeSubmission.code,
        ChallengeSubmission.at,
        ChallengeSubmission.content,
        func.coalesce(ChallengeIdentity.firm, ""),
        func.coalesce(ChallengeIdentity.product, ""),
        func.coalesce(ChallengeIdentity.team, ""),
    )
    .outerjoin(ChallengeIdentity, ChallengeIdentity.submission_id == ChallengeSubmission.id)
    .where(ChallengeSubmission.counts)
)


async def entries(db: AsyncSession, challenge_id: UUID) -> Sequence[EntryRow]:
    """Return what counts of a challenge's responses, by their codes; none before the deadline."""
    of_challenge = _ENTRY.where(ChallengeSubmission.challenge_id == challenge_id)
    return [EntryRow(*row) for row in await db.execute(of_challenge.order_by(ChallengeSubmission.code))]


async def entry(db: AsyncSession, submission_id: UUID) -> EntryRow:
    """Return one response as people of sponsors read it.

    Raises:
        Missing: it does not count, or is not the reader's to see.
    """
    row = (await db.execute(_ENTRY.where(ChallengeSubmission.id == submission_id))).first()
    if row is None:
        raise Missing("response")
    return EntryRow(*row)


async def counting(db: AsyncSession, challenge_id: UUID) -> Sequence[tuple[UUID, UUID, str]]:
    """Return what counts of a challenge's responses, as response, submission and code."""
    rows = await db.execute(
        select(ChallengeSubmission.response_id, ChallengeSubmission.id, ChallengeSubmission.code).where(
            ChallengeSubmission.challenge_id == challenge_id, ChallengeSubmission.counts
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def own(db: AsyncSession, actor: Actor) -> Sequence[OwnRow]:
    """Return the challenges that the actor's firm has written to, the last due first."""
    handed_in = (
        select(ChallengeSubmission.id)
        .where(ChallengeSubmission.response_id == ChallengeResponse.id, ChallengeSubmission.counts)
        .exists()
    )
    rows = await db.execute(
        select(
            Challenge.id,
            Challenge.title,
            Challenge.state,
            Challenge.responses_due_at,
            func.statement_timestamp(),
            handed_in,
        )
        .join(ChallengeResponse, ChallengeResponse.challenge_id == Challenge.id)
        .where(ChallengeResponse.organisation_id == actor.organisation_id)
        .order_by(Challenge.responses_due_at.desc(), Challenge.id)
    )
    return [OwnRow(*row) for row in rows]


async def chance(db: AsyncSession) -> Chance:
    """Return how many responses challenges had that were judged, and how many were chosen for a pilot.

    Where none was judged yet, those that had responses are counted, and nobody is chosen.
    """
    counted = func.app.challenge_entries().table_valued("challenge_id", "entries")
    chosen = func.app.challenge_course().table_valued("challenge_id", "kind", "went_on")
    judged = Challenge.state.not_in((ChallengeState.STATEMENT, ChallengeState.OPEN))
    row = (
        await db.execute(
            select(
                func.count(),
                func.coalesce(func.sum(counted.c.entries), 0),
                func.count().filter(judged),
                func.coalesce(func.sum(counted.c.entries).filter(judged), 0),
                func.coalesce(func.sum(chosen.c.went_on), 0),
            )
            .select_from(counted)
            .join(Challenge, Challenge.id == counted.c.challenge_id)
            .outerjoin(chosen, (chosen.c.challenge_id == Challenge.id) & (chosen.c.kind == PhaseKind.PILOT))
        )
    ).one()
    if not row[2]:
        return Chance(int(row[0]), int(row[1]), None)
    return Chance(int(row[2]), int(row[3]), int(row[4]))
