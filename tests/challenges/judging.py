"""Ways through the judging of a challenge in tests: responses, panels, scores, consensus, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from challenges.actions import deciding, judging, responding, sponsoring
from challenges.queries import phases
from challenges.queries import responses as response_queries
from challenges.rules.content import FIRST_CRITERIA, FIRST_SECTIONS
from challenges.rules.phases import Choice, PhaseKind
from challenges.rules.responding import Particulars
from sourcing.actions import declarations, panels, scores
from sourcing.queries import panels as panel_queries
from sourcing.rules.panels import PanelState
from store.db import Sessions, transaction
from tests.challenges import made
from tests.challenges.made import Cast

PLACES = {PhaseKind.SHORTLIST: 2, PhaseKind.PILOT: 1}
JUDGES = ("leeds", "camden")
WHY = "Two of three outcomes can be seen in what they wrote."


class Judging:
    """A challenge that is judged, by the people of a cast."""

    def __init__(self, sessions: Sessions, cast: Cast, challenge_id: UUID) -> None:
        self.sessions, self.cast, self.challenge_id = sessions, cast, challenge_id

    async def act(self, who: str, action: Any, *args: Any, **more: Any) -> Any:
        """Do something as somebody, in a transaction of its own."""
        actor = self.cast[who].actor
        async with transaction(self.sessions, actor) as db:
            return await action(db, actor, *args, **more)

    async def ask(self, query: Any, *args: Any, who: str = "officer") -> Any:
        """Read something as somebody."""
        async with transaction(self.sessions, self.cast[who].actor) as db:
            return await query(db, *args)

    async def join(self) -> None:
        """Camden joins as a sponsor and approves."""
        await self.act("camden officer", sponsoring.join, self.challenge_id, line="We too", need_id=None)
        await made.approve(self.sessions, self.cast["camden"], self.challenge_id)

    async def respond(self, who: str, product: str) -> None:
        """Hand a whole response in."""
        said = Particulars(product, 18_000_00, 25_000_00, "", 6, "Asha and Col")
        words = dict.fromkeys(range(1, len(FIRST_SECTIONS) + 1), f"{product[0]} listens to the walls.")
        await self.act(who, responding.begin, self.challenge_id)
        actor = self.cast[who].actor
        async with transaction(self.sessions, actor) as db:
            draft = await response_queries.own_draft(db, actor, self.challenge_id)
            await responding.save(
                db, actor, self.challenge_id, said, words, seen=draft.version, seen_answers={}
            )
            await responding.submit(db, actor, self.challenge_id, known=None)

    async def phase(self, kind: PhaseKind) -> UUID:
        """Return the id of a phase."""
        rows = await self.ask(phases.phases, self.challenge_id)
        return next(each.id for each in rows if each.kind is kind)

    async def begin(self, kind: PhaseKind) -> UUID:
        """Form the panel of a phase, name a judge of each council, declare, and begin to score."""
        phase_id = await self.phase(kind)
        chair_id = self.cast["leeds"].id
        await self.act(
            "officer", judging.begin, self.challenge_id, phase_id, chair_id=chair_id, assesses=True
        )
        await self.act("camden officer", panels.name_member, phase_id, self.cast["camden"].id)
        await self.act("leeds", panels.move, phase_id, PanelState.SCORING)
        await self.declare(phase_id)
        return phase_id

    async def declare(self, phase_id: UUID, *, judges: Sequence[str] = JUDGES) -> None:
        """Judges declare no conflict with anybody."""
        for who in judges:
            for each in await self.ask(panel_queries.candidates, phase_id):
                await self.act(who, declarations.declare, phase_id, each.id, conflict=False)

    async def score(self, phase_id: UUID, *, judges: Sequence[str] = JUDGES) -> None:
        """Judges score alone, each other points, and lock."""
        candidates = await self.ask(panel_queries.candidates, phase_id)
        questions = await self.ask(panel_queries.scored_questions, phase_id)
        for points, who in enumerate(judges, start=3):
            actor = self.cast[who].actor
            async with transaction(self.sessions, actor) as db:
                for each in candidates:
                    for asked in questions:
                        await scores.write_score(
                            db, actor, phase_id, each.id, asked.id, points=points, reason=WHY
                        )
                await scores.lock_scores(db, actor, phase_id)

    async def agree(self, phase_id: UUID, points: Mapping[str, Sequence[int]]) -> None:
        """Moderate: agree on points for each response, by its code and the criteria in their order."""
        await self.act("leeds", panels.move, phase_id, PanelState.MODERATING)
        entered = await self.ask(phases.entrants, phase_id)
        questions = await self.ask(panel_queries.scored_questions, phase_id)
        for each in entered:
            for asked, given in zip(questions, points[each.code], strict=True):
                await self.act(
                    "leeds", scores.agree, phase_id, each.candidate_id, asked.id, points=given, reason=WHY
                )

    async def settle(self, phase_id: UUID) -> None:
        """Settle the panel."""
        await self.act("leeds", panels.move, phase_id, PanelState.SETTLED)

    async def decide(self, phase_id: UUID, go_on: Sequence[str], departure: str = "") -> None:
        """Decide who goes on, by the codes."""
        ranked = await self.ask(phases.ranking, phase_id)
        choices = {
            each.response_id: Choice(
                each.code in go_on, "Say earlier what the residents would notice.", departure
            )
            for each in ranked
        }
        await self.act("officer", deciding.decide, self.challenge_id, phase_id, choices)

    async def codes(self) -> dict[str, str]:
        """Return the codes of the responses, by who wrote them."""
        found = {}
        for who in ("author", "rival"):
            actor = self.cast[who].actor
            async with transaction(self.sessions, actor) as db:
                found[who] = (await response_queries.own_draft(db, actor, self.challenge_id)).code
        return found


def points(codes: Mapping[str, str], author: int, rival: int) -> dict[str, list[int]]:
    """Return the same points for each criterion, for each of the two responses."""
    return {
        codes["author"]: [author] * len(FIRST_CRITERIA),
        codes["rival"]: [rival] * len(FIRST_CRITERIA),
    }
