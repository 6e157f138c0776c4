"""Votes on the lines of a pool: opened by the lead, cast by each council, closed by the clock or the lead.

Whoever opens, casts or closes holds the lock of the pool, so a ballot is either in when the vote is counted,
or is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import cast as as_type
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools.lines import carry_out, done, keep_change, leader, speaker
from procurement.models import PoolBallot, PoolVote
from procurement.queries.pools import lines as lines_queries
from procurement.queries.pools import pool as pools
from procurement.queries.pools import votes as queries
from procurement.queries.pools.votes import VoteRow
from procurement.rules.pools import votes as rules
from procurement.rules.pools.lines import OUTCOME_WORDS, Outcome
from procurement.rules.pools.states import OPEN, STATE_WORDS, PoolState, VoteRule
from procurement.rules.pools.votes import Brought, Tally
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Refused


async def open_vote(
    db: AsyncSession,
    actor: Actor,
    pool_id: UUID,
    line_id: UUID,
    *,
    question: str,
    choices: Sequence[Outcome],
    lot: str,
    closes_on: date,
) -> UUID:
    """Let the members vote on a line; return the vote. What each ballot weighs is fixed now.

    Raises:
        Refused: a stance bars a choice, there are too few, the day does not fit, or a vote is open already.
    """
    leading = await leader(db, actor, pool_id)
    line = await lines_queries.line(db, pool_id, line_id)
    closes_at = rules.closing(closes_on)
    rules.check_opens(
        choices,
        line.stances,
        closes_at=closes_at,
        latest_at=leading.pool.signs_until,
        now=await queries.now(db),
    )
    if Outcome.LOT in choices and not lot:
        raise Refused("Name the lot that councils vote on", "vote_lot")
    if any(vote.is_open for vote in await queries.votes_on(db, line_id)):
        raise Refused("Members are voting on this line already.")
    brought = [
        Brought(stake.body_code, stake.value_pence, stake.volume, stake.unit)
        for stake in await pools.stakes(db, pool_id)
    ]
    here = [member.body_code for member in leading.here]
    weighed_by, weights = rules.weights(VoteRule(leading.pool.vote_rule), here, brought)
    vote_id = uuid7()
    await db.execute(
        insert(PoolVote).values(
            id=vote_id,
            pool_id=pool_id,
            line_id=line_id,
            question=question,
            choices=[choice.value for choice in choices],
            lot=lot if Outcome.LOT in choices else "",
            weighed_by=weighed_by,
            weights=weights,
            opened_by=actor.name,
            closes_at=closes_at,
        )
    )
    words = " or ".join(OUTCOME_WORDS[choice].lower() for choice in choices)
    await keep_change(
        db, actor, pool_id, line_id, "vote opened", code=leading.code, after=words, reason=question
    )
    await done(
        db,
        actor,
        pool_id,
        leading.code,
        "pool.vote_opened",
        number=line.position,
        closes_at=closes_at.isoformat(),
    )
    return vote_id


async def cast(db: AsyncSession, actor: Actor, pool_id: UUID, vote_id: UUID, choice: str) -> None:
    """Cast the ballot of the actor's council, or change it.

    Raises:
        Refused: the vote is over, by the database's clock; it is not among the choices; or the council joined
            after the vote was opened.
    """
    speaking = await speaker(db, actor, pool_id)
    vote = await queries.vote(db, pool_id, vote_id)
    if speaking.code not in vote.weights:
        raise Refused("Your council joined the pool after this vote was opened, so it cannot vote on it.")
    if choice not in vote.choices:
        raise Refused("Choose one of the answers that are offered", "choice")
    ballot = {"choice": choice, "person_id": actor.person_id, "person_name": actor.name}
    # Asked once more in the statement that writes: between two statements the time may run out.
    still_open = select(
        PoolVote.pool_id,
        PoolVote.id,
        literal(speaking.code),
        literal(choice),
        as_type(literal(str(actor.person_id)), UUID_TYPE()),
        literal(actor.name),
    ).where(
        PoolVote.id == vote_id,
        PoolVote.closed_at.is_(None),
        PoolVote.closes_at > func.statement_timestamp(),
    )
    written = await db.execute(
        upsert(PoolBallot)
        .from_select(["pool_id", "vote_id", "body_code", "choice", "person_id", "person_name"], still_open)
        .on_conflict_do_update(
            index_elements=["vote_id", "body_code"],
            set_={**ballot, "cast_at": func.statement_timestamp()},
        )
        .returning(PoolBallot.vote_id)
    )
    if written.first() is None:
        raise Refused("The vote is over. Your ballot was not counted.")
    line = await lines_queries.line(db, pool_id, vote.line_id)
    await done(
        db,
        actor,
        pool_id,
        speaking.code,
        "pool.ballot_cast",
        number=line.position,
        choice=OUTCOME_WORDS[Outcome(choice)].lower(),
    )


async def close_early(db: AsyncSession, actor: Actor, pool_id: UUID, vote_id: UUID) -> Tally:
    """Count a vote before its time, for the lead council, because all have voted.

    Raises:
        Refused: a council has not voted yet, or the vote is closed.
    """
    leading = await leader(db, actor, pool_id)
    vote = await queries.vote(db, pool_id, vote_id)
    if not vote.is_open:
        raise Refused("The vote is closed already.")
    if vote.closes_at > await queries.now(db):
        rules.check_may_close_early(vote.weights, vote.chosen, [m.body_code for m in leading.here])
    return await _close(db, actor, pool_id, vote, code=leading.code)


async def close_due(db: AsyncSession, actor: Actor, pool_id: UUID, vote_id: UUID) -> Tally | None:
    """Count a vote whose time is up, as the clock; None where it was closed meanwhile."""
    await pools.locked_pool(db, pool_id)
    vote = await queries.vote(db, pool_id, vote_id)
    if not vote.is_open or vote.closes_at > await queries.now(db):
        return None
    return await _close(db, actor, pool_id, vote, code=None)


async def _close(db: AsyncSession, actor: Actor, pool_id: UUID, vote: VoteRow, *, code: str | None) -> Tally:
    pool = await pools.pool_row(db, pool_id)
    here = [member.body_code for member in await pools.members(db, pool_id) if not member.withdrawn]
    line = await lines_queries.line(db, pool_id, vote.line_id)
    tally = rules.count(vote.choices, vote.weights, vote.chosen, here=here, stances=line.stances)
    if PoolState(pool.state) not in OPEN:
        words = STATE_WORDS[PoolState(pool.state)][0].lower()
        tally = Tally(
            tally.sums, tally.voted, tally.councils, None, f"Nothing was decided: the pool is {words}."
        )
    await db.execute(
        update(PoolVote)
        .where(PoolVote.id == vote.id)
        .values(
            closed_at=func.statement_timestamp(),
            closed_by=actor.name if code else "",
            outcome=tally.outcome,
            ending=tally.ending,
            tally={"sums": dict(tally.sums), "voted": tally.voted, "councils": tally.councils},
        )
    )
    if tally.outcome is not None:
        await carry_out(db, pool_id, vote.line_id, tally.outcome, vote.lot)
    await keep_change(
        db,
        actor,
        pool_id,
        vote.line_id,
        "vote closed",
        code=code,
        before=line.outcome or "",
        after=tally.outcome or "",
        reason=tally.ending,
    )
    details = {
        "number": line.position,
        "outcome": tally.outcome or "",
        "ending": tally.ending,
    }
    if code is None:
        await audit.record(db, actor, "pool.vote_closed", "pool", pool_id, **details)
    else:
        await done(db, actor, pool_id, code, "pool.vote_closed", **details)
    return tally
