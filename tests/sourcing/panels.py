"""A panel for tests: three people of two councils, two questions, three bidders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sourcing.actions import declarations, panels, scores
from sourcing.actions.panels import Bidder
from sourcing.queries import panels as queries
from sourcing.rules.panels import PanelState
from sourcing.rules.scores import WantedQuestion
from tests.sourcing.beginnings import Cast

BIDDERS = (Bidder("Alder Invented Ltd"), Bidder("Beech Invented Ltd"), Bidder("Cedar Invented Ltd"))
QUESTIONS = (WantedQuestion("function", "Does it work?", 5, 2), WantedQuestion("delivery", "By when?", 10))
# The chair scores too; Camden sends one assessor, and somebody of it stays beside the panel.
CHAIR, ASSESSORS = "leeds", ("leeds", "leeds_too", "camden")
BECAUSE = "As the answer says on page 3"
Does = Callable[..., Awaitable[Any]]


class Bench:
    """A panel, and short words for what people do on it."""

    def __init__(self, cast: Cast, does: Does, reads: Does) -> None:
        self.cast, self.does, self.reads = cast, does, reads
        self.subject = cast.subject
        self.candidates: Sequence[UUID] = ()
        self.questions: Sequence[UUID] = ()

    def id_of(self, who: str) -> UUID:
        return self.cast.people[who].id

    async def form(self) -> None:
        """Up to where the chair could begin."""
        await self.does("leeds", panels.form_panel, self.subject, chair_id=self.id_of(CHAIR), assesses=True)
        await self.does("leeds", panels.name_member, self.subject, self.id_of("leeds_too"))
        await self.does("camden_too", panels.name_member, self.subject, self.id_of("camden"))
        await self.does("leeds", panels.give_questions, self.subject, QUESTIONS)
        entered = await self.does("leeds", panels.enter_candidates, self.subject, BIDDERS)
        rows = await self.reads("leeds", queries.candidates, self.subject)
        assert {row.id for row in rows} == set(entered)
        self.candidates = [row.id for row in rows]
        found = await self.reads("leeds", queries.scored_questions, self.subject)
        self.questions = [row.id for row in found]

    async def move(self, to: PanelState, who: str = CHAIR, **more: str) -> None:
        await self.does(who, panels.move, self.subject, to, **more)

    async def declare(self, who: str, number: int, nature: str = "") -> UUID:
        return await self.does(
            who,
            declarations.declare,
            self.subject,
            self.candidates[number],
            conflict=bool(nature),
            nature=nature,
        )

    async def all_declare(self) -> None:
        for who in ASSESSORS:
            for number in range(len(self.candidates)):
                await self.declare(who, number)

    async def score(self, who: str, number: int, question: int, points: int, reason: str = BECAUSE) -> None:
        await self.does(
            who, scores.write_score, self.subject, self.candidates[number], self.questions[question],
            points=points, reason=reason,
        )  # fmt: skip

    async def all_score(self, who: str, points: int) -> None:
        for number in range(len(self.candidates)):
            for question in range(len(self.questions)):
                await self.score(who, number, question, points)

    async def lock(self, who: str) -> int:
        return await self.does(who, scores.lock_scores, self.subject)

    async def agree(
        self, number: int, question: int, points: int, who: str = CHAIR, reason: str = BECAUSE
    ) -> None:
        await self.does(
            who, scores.agree, self.subject, self.candidates[number], self.questions[question],
            points=points, reason=reason,
        )  # fmt: skip

    async def score_alone(self) -> None:
        """All declared, and all scores given and locked: 1, 3 and 5 points for everything."""
        await self.form()
        await self.move(PanelState.SCORING)
        await self.all_declare()
        for points, who in zip((1, 3, 5), ASSESSORS, strict=True):
            await self.all_score(who, points)
            await self.lock(who)

    async def settle(self) -> None:
        await self.score_alone()
        await self.move(PanelState.MODERATING)
        for number in range(len(self.candidates)):
            for question in range(len(self.questions)):
                await self.agree(number, question, 3 + question)
        await self.move(PanelState.SETTLED)
