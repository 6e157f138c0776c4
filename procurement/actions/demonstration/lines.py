"""Requirements of the invented pools: each council brings its lines; in one pool they conflict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from procurement.actions.pools import lines, sounding, votes
from procurement.rules.pools.lines import Outcome, Stance
from store.db import Sessions, transaction
from values.actors import Actor

HOSTING: Final = "Data is held in a data centre of our own"
REASON: Final = "We closed our data centre, and nobody is left to run one"
DAYS_TO_VOTE: Final = 14


async def bring_lines(
    sessions: Sessions, pool_id: UUID, codes: Sequence[str], officer: Callable[[str], Actor]
) -> None:
    """Let each council bring in the lines of its need."""
    for code in codes:
        async with transaction(sessions, officer(code)) as db:
            await lines.bring_in(db, officer(code), pool_id)


async def disagree(
    sessions: Sessions, pool_id: UUID, codes: Sequence[str], officer: Callable[[str], Actor]
) -> None:
    """Let two councils of a pool want what does not go together, and the lead open a vote on it."""
    lead, other, third = codes[:3]
    async with transaction(sessions, officer(other)) as db:
        line_id = await lines.propose(db, officer(other), pool_id, HOSTING, Stance.MUST)
    async with transaction(sessions, officer(third)) as db:
        await lines.take_stance(db, officer(third), pool_id, line_id, Stance.CANNOT, reason=REASON)
    async with transaction(sessions, officer(lead)) as db:
        for supplier in ("Invented Cloud Ltd", "Made-up Systems plc"):
            await sounding.record_sounding(
                db, officer(lead), pool_id, supplier, failing=[line_id], note="Offers hosting only"
            )
        vote_id = await votes.open_vote(
            db,
            officer(lead),
            pool_id,
            line_id,
            question="How do we buy hosting of one's own?",
            choices=[Outcome.LOT, Outcome.OPTION],
            lot="Hosted by the council",
            closes_on=(datetime.now(UTC) + timedelta(days=DAYS_TO_VOTE)).date(),
        )
    async with transaction(sessions, officer(other)) as db:
        await votes.cast(db, officer(other), pool_id, vote_id, Outcome.LOT)
