"""Builders for tests of assessment: a panel of two councils that has opened bids before it, and settles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sourcing.actions import declarations, panels, scores
from sourcing.queries import panels as queries
from sourcing.rules.panels import PanelState
from store.db import transaction
from tenders.actions import assembling
from tests.tenders.bidding import Bidding

REASON = "Five tasks in two minutes, page 3"
ASSESSORS = ("leeds", "camden")


class Bench:
    """What a panel of Leeds (chair) and Camden does with the bids of a tender."""

    def __init__(self, bidding: Bidding) -> None:
        self.bidding, self.tender, self.cast = bidding, bidding.tender, bidding.cast

    async def act(self, who: str, action: Any, *args: Any, **more: Any) -> Any:
        return await self.bidding.act(self.cast[who], action, self.tender, *args, **more)

    async def read(self, query: Any, who: str = "leeds") -> Any:
        async with transaction(self.bidding.sessions, self.cast[who].actor) as db:
            return await query(db, self.tender)

    async def form(self) -> None:
        await self.act("officer", assembling.form_panel, chair_id=self.cast["leeds"].id, assesses=True)
        await self.act("camden officer", panels.name_member, self.cast["camden"].id)

    async def declare(self) -> None:
        for who in ASSESSORS:
            for each in await self.read(queries.candidates):
                await self.act(who, declarations.declare, each.id, conflict=False)

    async def score_alone(self) -> None:
        await self.form()
        await self.act("leeds", panels.move, PanelState.SCORING)
        await self.declare()
        for points, who in enumerate(ASSESSORS, 3):
            for candidate in await self.read(queries.candidates):
                for question in await self.read(queries.scored_questions):
                    given = {"points": points, "reason": REASON}
                    await self.act(who, scores.write_score, candidate.id, question.id, **given)
            await self.act(who, scores.lock_scores)

    async def settle(self, *, lift: bool = True, points: Any = None) -> None:
        """Up to a settled panel; `points`: number of a bid → what the panel agrees on for it, else 4."""
        await self.score_alone()
        await self.act("leeds", panels.move, PanelState.MODERATING)
        if lift:
            await self.act("leeds", panels.lift_names, reason="Exclusions are looked at next")
            await self.declare()
        for candidate in await self.read(queries.candidates):
            for question in await self.read(queries.scored_questions):
                agreed = {"points": (points or {}).get(candidate.number, 4), "reason": REASON}
                await self.act("leeds", scores.agree, candidate.id, question.id, **agreed)
        await self.act("leeds", panels.move, PanelState.SETTLED)


async def ids(bench: Bench) -> dict[str, UUID]:
    """Return the ids of opened bids by who handed them in; only a superuser knows."""
    rows = await bench.read(queries.candidates)
    return {str(row.organisation_id): row.id for row in rows}
