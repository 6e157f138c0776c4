"""What a council said to lines of a pool, its part in open votes, and suggestions of its needs, go over."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from procurement.models import (
    MatchLabel,
    Need,
    Pool,
    PoolBallot,
    PoolLeadOffer,
    PoolLineChange,
    PoolStance,
    PoolVote,
    SuggestedNeed,
    SuggestionWish,
)
from procurement.queries.succession import Succession

HARD: Final = frozenset({"must", "cannot"})


async def hand_over_lines(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    """Let stances, ballots and weights of votes that are open hold for the council that takes over."""
    await _stances(db, pool_id, each)
    await _votes(db, pool_id, each)


async def hand_over_offer(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    """Let an offer of a pool's lead name the council that takes over, unless that leads or made it."""
    of_pool = PoolLeadOffer.pool_id == pool_id
    lead = select(Pool.lead_code).where(Pool.id == pool_id).scalar_subquery()
    both = (each.predecessor, each.successor)
    await db.execute(delete(PoolLeadOffer).where(of_pool, PoolLeadOffer.body_code.in_(both), lead.in_(both)))
    await db.execute(
        update(PoolLeadOffer)
        .where(of_pool, PoolLeadOffer.body_code == each.predecessor)
        .values(body_code=each.successor)
    )


async def hand_over_suggestions(db: AsyncSession, each: Succession) -> None:
    """Let suggestions and wishes about needs that went over name the council that has them now."""
    await db.execute(
        update(SuggestedNeed)
        .where(SuggestedNeed.need_id == Need.id, SuggestedNeed.body_code == each.predecessor)
        .values(body_code=Need.body_code)
    )
    named = Need.id == func.any(SuggestionWish.need_ids)
    owners = select(func.array_agg(Need.body_code.distinct())).where(named).scalar_subquery()
    went = select(Need.id).where(named, Need.body_code == each.successor).exists()
    theirs = (SuggestionWish.body_code == each.predecessor) & went
    await db.execute(
        update(SuggestionWish)
        .where(SuggestionWish.ended_at.is_(None), SuggestionWish.body_codes.contains([each.predecessor]))
        .values(body_codes=owners, body_code=case((theirs, each.successor), else_=SuggestionWish.body_code))
        .execution_options(synchronize_session=False)
    )


async def hand_over_labels(db: AsyncSession, each: Succession) -> None:
    """Let what a council said of matches of needs that went over be what the successor said, once a pair."""
    went = (
        select(Need.id)
        .where(Need.id.in_([MatchLabel.first_id, MatchLabel.second_id]), Need.body_code == each.successor)
        .exists()
    )
    same = aliased(MatchLabel)
    said_too = (
        select(same.first_id)
        .where(
            same.first_id == MatchLabel.first_id,
            same.second_id == MatchLabel.second_id,
            same.body_code == each.successor,
        )
        .exists()
    )
    theirs = (MatchLabel.body_code == each.predecessor, went)
    await db.execute(delete(MatchLabel).where(*theirs, said_too).execution_options(synchronize_session=False))
    await db.execute(
        update(MatchLabel)
        .where(*theirs)
        .values(body_code=each.successor)
        .execution_options(synchronize_session=False)
    )


async def _stances(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    rows = await db.scalars(
        select(PoolStance).where(
            PoolStance.pool_id == pool_id, PoolStance.body_code.in_((each.predecessor, each.successor))
        )
    )
    said = {(row.line_id, row.body_code): row for row in rows}
    for (line_id, code), old in said.items():
        own = said.get((line_id, each.successor))
        # What is hard stays hard: the stricter of two counts, and of two hard ones the successor's own.
        if code != each.predecessor or (own and (own.stance in HARD or old.stance not in HARD)):
            continue
        values = {
            "stance": old.stance,
            "reason": old.reason,
            "person_name": f"{old.person_name}, for {each.predecessor_name}",
        }
        await db.execute(
            insert(PoolStance)
            .values(line_id=line_id, body_code=each.successor, pool_id=pool_id, **values)
            .on_conflict_do_update(index_elements=[PoolStance.line_id, PoolStance.body_code], set_=values)
        )
        await db.execute(
            insert(PoolLineChange).values(
                pool_id=pool_id,
                line_id=line_id,
                body_code=each.successor,
                person_name=values["person_name"],
                what="stance",
                before=own.stance if own else "",
                after=old.stance,
                reason=f"{each.successor_name} takes over from {each.predecessor_name}",
            )
        )


async def _votes(db: AsyncSession, pool_id: UUID, each: Succession) -> None:
    votes = await db.scalars(
        select(PoolVote).where(PoolVote.pool_id == pool_id, PoolVote.closed_at.is_(None)).with_for_update()
    )
    for vote in votes:
        if each.predecessor not in vote.weights:
            continue
        weights = dict(vote.weights)
        weight = weights.pop(each.predecessor)
        # One council has one vote, however many it came from; by volume or value what they bring adds up.
        more = weights.get(each.successor, 0)
        weights[each.successor] = weight if vote.weighed_by == "council" else weight + more
        await db.execute(update(PoolVote).where(PoolVote.id == vote.id).values(weights=weights))
        ballot = await db.scalar(
            select(PoolBallot).where(PoolBallot.vote_id == vote.id, PoolBallot.body_code == each.predecessor)
        )
        if ballot is not None:
            await db.execute(
                insert(PoolBallot)
                .values(
                    vote_id=vote.id,
                    body_code=each.successor,
                    pool_id=pool_id,
                    choice=ballot.choice,
                    person_id=ballot.person_id,
                    person_name=f"{ballot.person_name}, for {each.predecessor_name}",
                    cast_at=ballot.cast_at,
                )
                .on_conflict_do_nothing()
            )
