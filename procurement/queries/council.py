"""What the home of a council shows of its own: needs, pools, suggestions, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.models import (
    Need,
    Pool,
    PoolAgreement,
    PoolBallot,
    PoolLeadOffer,
    PoolMember,
    PoolSignature,
    PoolTerms,
    PoolVote,
    SuggestedNeed,
    SuggestedPool,
    SuggestionRun,
)
from procurement.rules.needs import NeedState
from procurement.rules.pools.states import ALIVE, OPEN, STAGE_WORDS, STATE_WORDS, PoolState, Stage
from spend.rules.categories import taxonomy

MOST_NEEDS: Final = 15
MOST_POOLS: Final = 50
MOST_SUGGESTED: Final = 5


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """A need of the council that is a draft or open."""

    id: UUID
    title: str
    category: str
    state: str
    value_pence: int | None

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category) if self.category else "Not chosen yet"


@dataclass(frozen=True, slots=True)
class OwnPool:
    """A pool that the council is in."""

    id: UUID
    title: str
    state: str
    stage: str
    standing: str | None
    joins_until: datetime
    signs_until: datetime

    @property
    def state_words(self) -> tuple[str, str]:
        """The pool's state in words, and the colour of the tag."""
        return STATE_WORDS[PoolState(self.state)]

    @property
    def stage_words(self) -> tuple[str, str]:
        """How far the council has gone in it, and the colour of the tag."""
        return STAGE_WORDS[Stage(self.stage)]


@dataclass(frozen=True, slots=True)
class OwnSuggested:
    """A suggested pool with a need of the council."""

    id: UUID
    category: str
    council_count: int
    saving_pence: int
    saving_low_pence: int
    saving_high_pence: int
    fair_pence: int

    @property
    def category_name(self) -> str:
        """The name of its category."""
        return taxonomy().named(self.category)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pool in which somebody of the council should do something."""

    pool_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote in which the council may cast a ballot and has not."""

    pool_id: UUID
    line_id: UUID
    title: str
    question: str
    closes_at: datetime


async def own_needs(db: AsyncSession, body_code: str) -> tuple[int, list[OwnNeed]]:
    """Return how many needs of a council are drafts or open, and those changed last."""
    rows = (
        await db.execute(
            select(func.count().over(), Need.id, Need.title, Need.category, Need.state, Need.value_pence)
            .where(Need.body_code == body_code, Need.state != NeedState.ARCHIVED)
            .order_by(Need.changed_at.desc(), Need.id)
            .limit(MOST_NEEDS)
        )
    ).all()
    return (rows[0][0] if rows else 0), [OwnNeed(*row[1:]) for row in rows]


async def own_pools(db: AsyncSession, body_code: str) -> Sequence[OwnPool]:
    """Return the pools alive that a council is in, the next to close first."""
    rows = await db.execute(
        select(
            Pool.id,
            Pool.title,
            Pool.state,
            PoolMember.stage,
            PoolMember.standing,
            Pool.joins_until,
            Pool.signs_until,
        )
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(
            PoolMember.body_code == body_code,
            PoolMember.stage != Stage.WITHDRAWN,
            Pool.state.in_(sorted(ALIVE)),
        )
        .order_by(Pool.joins_until, Pool.id)
        .limit(MOST_POOLS)
    )
    return [OwnPool(*row) for row in rows]


async def own_suggested(db: AsyncSession, body_code: str) -> tuple[int, list[OwnSuggested]]:
    """Return how many pools the last run suggests with a need of a council, and the best for it."""
    last = select(SuggestionRun.id).order_by(SuggestionRun.made_at.desc(), SuggestionRun.id.desc()).limit(1)
    fair = func.sum(SuggestedNeed.fair_pence)
    rows = (
        await db.execute(
            select(
                func.count().over(),
                SuggestedPool.id,
                SuggestedPool.category,
                SuggestedPool.council_count,
                SuggestedPool.saving_pence,
                SuggestedPool.saving_low_pence,
                SuggestedPool.saving_high_pence,
                fair,
            )
            .join(SuggestedNeed, SuggestedNeed.pool_id == SuggestedPool.id)
            .where(SuggestedPool.run_id.in_(last), SuggestedNeed.body_code == body_code)
            .group_by(SuggestedPool.id)
            .order_by(fair.desc(), SuggestedPool.id)
            .limit(MOST_SUGGESTED)
        )
    ).all()
    return (rows[0][0] if rows else 0), [OwnSuggested(*row[1:-1], int(row[-1])) for row in rows]


async def terms_not_met(db: AsyncSession, body_code: str) -> list[Waiting]:
    """Return the pools whose other members do not meet a council's terms yet."""
    rows = await db.execute(
        select(Pool.id, Pool.title)
        .join(PoolTerms, PoolTerms.pool_id == Pool.id)
        .join(
            PoolMember,
            (PoolMember.pool_id == Pool.id) & (PoolMember.body_code == PoolTerms.body_code),
        )
        .where(
            PoolTerms.body_code == body_code,
            PoolTerms.lacking != {},
            PoolMember.stage == Stage.CONDITIONAL,
            Pool.state.in_(sorted(OPEN)),
        )
        .order_by(Pool.joins_until, Pool.id)
        .limit(MOST_POOLS)
    )
    return [Waiting(*row) for row in rows]


async def agreements_to_sign(db: AsyncSession, body_code: str) -> list[Waiting]:
    """Return the pools whose last agreement a council has not signed."""
    last = (
        select(func.max(PoolAgreement.version))
        .where(PoolAgreement.pool_id == Pool.id, PoolAgreement.made_at >= Pool.lead_since)
        .correlate(Pool)
        .scalar_subquery()
    )
    signed = exists().where(
        PoolSignature.pool_id == Pool.id,
        PoolSignature.body_code == body_code,
        PoolSignature.version == last,
        PoolSignature.ended_at.is_(None),
    )
    rows = await db.execute(
        select(Pool.id, Pool.title)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(
            PoolMember.body_code == body_code,
            PoolMember.stage != Stage.WITHDRAWN,
            Pool.state == PoolState.AGREEING,
            last.is_not(None),
            ~signed,
        )
        .order_by(Pool.signs_until, Pool.id)
        .limit(MOST_POOLS)
    )
    return [Waiting(*row) for row in rows]


async def leads_offered(db: AsyncSession, body_code: str) -> list[Waiting]:
    """Return the pools whose lead is offered to a council."""
    rows = await db.execute(
        select(Pool.id, Pool.title)
        .join(PoolLeadOffer, PoolLeadOffer.pool_id == Pool.id)
        .where(PoolLeadOffer.body_code == body_code, Pool.state.in_(sorted(OPEN)))
        .order_by(PoolLeadOffer.offered_at)
        .limit(MOST_POOLS)
    )
    return [Waiting(*row) for row in rows]


async def ballots_to_cast(db: AsyncSession, body_code: str) -> list[Vote]:
    """Return the votes under way in which a council counts and has no ballot yet, the next to close first."""
    cast = exists().where(PoolBallot.vote_id == PoolVote.id, PoolBallot.body_code == body_code)
    rows = await db.execute(
        select(PoolVote.pool_id, PoolVote.line_id, Pool.title, PoolVote.question, PoolVote.closes_at)
        .join(Pool, Pool.id == PoolVote.pool_id)
        .where(
            PoolVote.closed_at.is_(None),
            PoolVote.closes_at > func.statement_timestamp(),
            PoolVote.weights.has_key(body_code),
            ~cast,
        )
        .order_by(PoolVote.closes_at, PoolVote.id)
        .limit(MOST_POOLS)
    )
    return [Vote(*row) for row in rows]
