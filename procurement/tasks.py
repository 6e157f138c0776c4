"""Work in the background: pools suggested and their terms solved, votes counted, needs matched."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from analytics.pooling.crew import SECONDS, Limits
from procurement.actions import labelling, matching, succession
from procurement.actions.pools import settling, suggesting, votes
from procurement.actions.pools.pulse import SETTLE
from procurement.queries.pools import stakes, terms
from procurement.queries.pools import votes as vote_queries
from store.db import transaction
from store.jobs import Task, Work

LEARN: Final = "procurement.learn_matches"
LOG: Final = logging.getLogger(__name__)
SETTLE_DUE: Final = "procurement.settle_due_pools"
FOLLOW: Final = "procurement.follow_successions"
CLOSE_VOTES: Final = "procurement.close_votes"
SUGGEST: Final = "procurement.suggest_pools"


async def settle_pool(work: Work, *, pool_id: str) -> dict[str, Any]:
    """Solve the terms of a pool and move it by clock and quorum. Safe to run twice, and after a kill."""
    async with transaction(work.sessions, settling.SETTLER) as db:
        return await settling.settle(db, UUID(pool_id), datetime.now(UTC))


async def settle_due_pools(work: Work) -> dict[str, Any]:
    """Settle each pool whose date has come, or whose change was not settled. Safe to run twice."""
    async with transaction(work.sessions, settling.SETTLER) as db:
        due = await terms.due(db, datetime.now(UTC))
    for pool_id in due:
        try:
            await settle_pool(work, pool_id=str(pool_id))
        except Exception:
            # One pool that cannot be settled must not keep the others waiting.
            LOG.exception("Pool %s could not be settled", pool_id)
    return {"pools": len(due)}


async def follow_successions(work: Work) -> dict[str, Any]:
    """Hand over what belongs to councils whose last day has passed. Safe to run twice."""
    async with transaction(work.sessions, work.actor) as db:
        done = await succession.follow(db, work.actor)
    return {"followed": [f"{each.predecessor} to {each.successor}" for each in done]}


async def close_votes(work: Work) -> dict[str, Any]:
    """Count the votes whose time is up, each in a transaction of its own. Safe to run twice."""
    async with transaction(work.sessions, work.actor) as db:
        due = await vote_queries.due(db)
    closed = 0
    for pool_id, vote_id in due:
        try:
            async with transaction(work.sessions, work.actor) as db:
                closed += await votes.close_due(db, work.actor, pool_id, vote_id) is not None
        except Exception:
            # One vote that cannot be counted must not keep the others waiting.
            LOG.exception("Vote %s could not be counted", vote_id)
    return {"closed": closed}


async def suggest_pools(work: Work, *, seconds: float = SECONDS, processes: int = 2) -> dict[str, Any]:
    """Work out which pools to suggest. Safe to run twice: the second run takes what the first one kept."""
    run_id = await suggesting.work_out(work, Limits(seconds, processes=processes))
    return {"run_id": str(run_id)}


async def match_need(work: Work, *, needs: Sequence[str]) -> dict[str, Any]:
    """Work out the matches of needs that were opened or changed. Safe to run twice."""
    pairs = await matching.match_needs(work, work.resources["lake"], [UUID(need) for need in needs])
    return {"pairs": pairs}


async def refit_matches(work: Work) -> dict[str, Any]:
    """Fit the model of texts anew and work out all matches. Safe to run twice."""
    return {"pairs": await matching.refit(work, work.resources["lake"])}


async def learn_matches(work: Work, *, pooled: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Learn the weights from labels and from pairs that ended in one pool. Safe to run twice.

    Args:
        work: sessions, actor and progress.
        pooled: pairs of needs to take beside those of pools that committed.
    """
    async with transaction(work.sessions, work.actor) as db:
        pairs = [(UUID(first), UUID(second)) for first, second in pooled] + await stakes.committed_pairs(db)
        weights = await labelling.learn_weights(db, work.actor, pairs)
    return {"weights": list(weights)}


TASKS: Final[Mapping[str, Task]] = {
    SETTLE: settle_pool,
    SETTLE_DUE: settle_due_pools,
    FOLLOW: follow_successions,
    CLOSE_VOTES: close_votes,
    SUGGEST: suggest_pools,
    "procurement.match_need": match_need,
    matching.REFIT: refit_matches,
    LEARN: learn_matches,
}
