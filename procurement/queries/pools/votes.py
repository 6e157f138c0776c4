"""Votes on the lines of a pool, with their ballots; members see who chose what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import PoolBallot, PoolVote
from procurement.rules.pools.lines import OUTCOME_WORDS, Outcome
from procurement.rules.pools.votes import WEIGHED_WORDS
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class BallotRow:
    """What a council chose."""

    vote_id: UUID
    body_code: str
    body_name: str
    choice: str
    person_name: str
    cast_at: datetime

    @property
    def words(self) -> str:
        """The choice in words."""
        return OUTCOME_WORDS[Outcome(self.choice)]


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A vote with the ballots that were cast so far."""

    id: UUID
    line_id: UUID
    question: str
    choices: Sequence[str]
    lot: str
    weighed_by: str
    weights: Mapping[str, int]
    opened_by: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    closed_by: str
    outcome: str | None
    ending: str
    tally: Mapping[str, Any]
    ballots: Sequence[BallotRow]

    @property
    def is_open(self) -> bool:
        """Whether it was not closed; its time may be up all the same."""
        return self.closed_at is None

    @property
    def chosen(self) -> dict[str, str]:
        """The choice of each council that voted."""
        return {each.body_code: each.choice for each in self.ballots}

    @property
    def weighed_words(self) -> str:
        """What the ballots are weighed by, in words."""
        return WEIGHED_WORDS[self.weighed_by]

    def words(self, choice: str) -> str:
        """A choice in words."""
        words = OUTCOME_WORDS[Outcome(choice)]
        return f"{words}: {self.lot}" if choice == Outcome.LOT else words

    def of(self, code: str | None) -> BallotRow | None:
        """The ballot of one council."""
        return next((each for each in self.ballots if each.body_code == code), None)


_VOTE: Final = (
    PoolVote.id,
    PoolVote.line_id,
    PoolVote.question,
    PoolVote.choices,
    PoolVote.lot,
    PoolVote.weighed_by,
    PoolVote.weights,
    PoolVote.opened_by,
    PoolVote.opened_at,
    PoolVote.closes_at,
    PoolVote.closed_at,
    PoolVote.closed_by,
    PoolVote.outcome,
    PoolVote.ending,
    PoolVote.tally,
)


async def votes_on(db: AsyncSession, line_id: UUID) -> list[VoteRow]:
    """Return the votes on a line, the last first."""
    return await _votes(db, PoolVote.line_id == line_id)


async def vote(db: AsyncSession, pool_id: UUID, vote_id: UUID) -> VoteRow:
    """Return one vote.

    Raises:
        Missing: the pool has no such vote, or it is not theirs to see.
    """
    found = await _votes(db, (PoolVote.pool_id == pool_id) & (PoolVote.id == vote_id))
    if not found:
        raise Missing("vote")
    return found[0]


async def open_lines(db: AsyncSession, pool_id: UUID) -> dict[UUID, datetime]:
    """Return the lines that are voted on now, and when each vote closes."""
    rows = await db.execute(
        select(PoolVote.line_id, PoolVote.closes_at).where(
            PoolVote.pool_id == pool_id, PoolVote.closed_at.is_(None)
        )
    )
    return {row.line_id: row.closes_at for row in rows}


async def due(db: AsyncSession) -> list[tuple[UUID, UUID]]:
    """Return the votes whose time is up by the database's clock: pool, vote."""
    rows = await db.execute(
        select(PoolVote.pool_id, PoolVote.id)
        .where(PoolVote.closed_at.is_(None), PoolVote.closes_at <= func.statement_timestamp())
        .order_by(PoolVote.closes_at, PoolVote.id)
    )
    return [(pool_id, vote_id) for pool_id, vote_id in rows]


async def now(db: AsyncSession) -> datetime:
    """Return what the database's clock says, by which votes open and close."""
    found = await db.scalar(select(func.statement_timestamp()))
    assert isinstance(found, datetime)
    return found


async def _votes(db: AsyncSession, which: ColumnElement[bool]) -> list[VoteRow]:
    rows = (await db.execute(select(*_VOTE).where(which).order_by(PoolVote.opened_at.desc()))).all()
    ballots = await db.execute(
        select(
            PoolBallot.vote_id,
            PoolBallot.body_code,
            Organisation.short_name,
            PoolBallot.choice,
            PoolBallot.person_name,
            PoolBallot.cast_at,
        )
        .join(Organisation, Organisation.code == PoolBallot.body_code)
        .where(PoolBallot.vote_id.in_([row[0] for row in rows]))
        .order_by(Organisation.short_name)
    )
    cast: defaultdict[UUID, list[BallotRow]] = defaultdict(list)
    for row in ballots:
        cast[row[0]].append(BallotRow(*row))
    return [VoteRow(*row, ballots=cast[row[0]]) for row in rows]
