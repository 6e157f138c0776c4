"""How invented challenges are judged: one whose panel still scores, one whose firms were told why.

People of the demonstration do it, by the product's own actions, as the application's role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import deciding, judging
from challenges.queries import phases
from challenges.rules.phases import Choice, PhaseKind
from sourcing.actions import declarations, panels, scores
from sourcing.queries import panels as panel_queries
from sourcing.rules.panels import PanelState
from store.db import Sessions, transaction
from values.actors import Actor

PLACES: Final[Mapping[PhaseKind, int]] = {PhaseKind.SHORTLIST: 2, PhaseKind.PILOT: 1}
WHY: Final = "It names who does what, and on which day a resident would notice. (invented)"
TOLD: Final = {
    True: "Your plan for the first two weeks was the clearest. Bring it to the showcase. (invented)",
    False: "Say who answers when the data is wrong: that part stayed open. (invented)",
}


class Judges:
    """The people of a demonstration who judge: an officer of the lead, its chair, and a co-sponsor's two."""

    def __init__(self, app: Sessions, *, officer: Actor, chair: Actor, sponsor: Actor, other: Actor) -> None:
        self.app, self.officer, self.chair, self.sponsor, self.other = app, officer, chair, sponsor, other

    async def _act(self, actor: Actor, action: Any, *args: Any, **more: Any) -> Any:
        async with transaction(self.app, actor) as db:
            return await action(db, actor, *args, **more)

    async def _ask(self, query: Any, *args: Any) -> Any:
        async with transaction(self.app, self.chair) as db:
            return await query(db, *args)

    async def begin(self, challenge_id: UUID, kind: PhaseKind) -> UUID:
        """Form the panel of a phase, which declares no conflict and begins to score."""
        rows = await self._ask(phases.phases, challenge_id)
        phase_id: UUID = next(each.id for each in rows if each.kind is kind)
        await self._act(
            self.officer, judging.begin, challenge_id, phase_id, chair_id=self.chair.person_id, assesses=True
        )
        await self._act(self.sponsor, panels.name_member, phase_id, self.other.person_id)
        await self._act(self.chair, panels.move, phase_id, PanelState.SCORING)
        await self._declare(phase_id)
        return phase_id

    async def _declare(self, phase_id: UUID) -> None:
        for actor in (self.chair, self.other):
            for each in await self._ask(panel_queries.candidates, phase_id):
                await self._act(actor, declarations.declare, phase_id, each.id, conflict=False)

    async def score(self, phase_id: UUID, actor: Actor, given: int) -> None:
        """Let a judge give every criterion of every response as many points, and lock."""
        async with transaction(self.app, actor) as db:
            for each in await panel_queries.candidates(db, phase_id):
                for asked in await panel_queries.scored_questions(db, phase_id):
                    await scores.write_score(db, actor, phase_id, each.id, asked.id, points=given, reason=WHY)
            await scores.lock_scores(db, actor, phase_id)

    async def _settle(self, challenge_id: UUID, phase_id: UUID, best: str, *, lifts: bool) -> None:
        await self._act(self.chair, panels.move, phase_id, PanelState.MODERATING)
        async with transaction(self.app, self.chair) as db:
            await self._agree(db, phase_id, best)
        if lifts:
            reason = "The panel has agreed on all responses (invented)"
            await self._act(self.chair, judging.lift_names, challenge_id, phase_id, reason=reason)
            await self._declare(phase_id)
        await self._act(self.chair, panels.move, phase_id, PanelState.SETTLED)

    async def _agree(self, db: AsyncSession, phase_id: UUID, best: str) -> None:
        asked = await panel_queries.scored_questions(db, phase_id)
        for each in await phases.entrants(db, phase_id):
            for position, question in enumerate(asked):
                points = 4 if each.code == best else 3 - position % 2
                await scores.agree(
                    db, self.chair, phase_id, each.candidate_id, question.id, points=points, reason=WHY
                )

    async def _decide(self, challenge_id: UUID, phase_id: UUID, go_on: Sequence[str]) -> None:
        ranked = await self._ask(phases.ranking, phase_id)
        choices = {each.response_id: Choice(each.code in go_on, TOLD[each.code in go_on]) for each in ranked}
        await self._act(self.officer, deciding.decide, challenge_id, phase_id, choices)

    async def choose_all(self, challenge_id: UUID, codes: Sequence[str]) -> None:
        """Judge one phase, from which all go on to a pilot; the first of the codes is the best."""
        phase_id = await self.begin(challenge_id, PhaseKind.PILOT)
        for given, actor in enumerate((self.chair, self.other), start=3):
            await self.score(phase_id, actor, given)
        await self._settle(challenge_id, phase_id, codes[0], lifts=False)
        await self._decide(challenge_id, phase_id, codes)

    async def judge(self, challenge_id: UUID, best: str) -> None:
        """Judge both phases: two responses are short-listed, the one of this code is chosen for a pilot."""
        for kind in PLACES:
            phase_id = await self.begin(challenge_id, kind)
            for given, actor in enumerate((self.chair, self.other), start=3):
                await self.score(phase_id, actor, given)
            first = kind is PhaseKind.SHORTLIST
            await self._settle(challenge_id, phase_id, best, lifts=first)
            everybody = [each.code for each in await self._ask(phases.entrants, phase_id)]
            await self._decide(challenge_id, phase_id, everybody if first else [best])
