"""Whatever people of a panel do, in whatever order: scores stay alone, names hidden, no rule is passed by.

Each step is an action on a real database. What was accepted is written down beside it; after every step the
database must say the same, and show each person what the state of the panel lets them see.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import asyncpg
import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from sourcing.actions import declarations, panels, scores, subjects
from sourcing.actions.panels import Bidder
from sourcing.queries import panels as queries
from sourcing.rules.panels import CLEARED, MOVES, Decision, PanelState, Standing
from sourcing.rules.scores import WantedQuestion
from store.db import Sessions, transaction
from store.migrations import plain
from tests import build
from tests.databases import TESTER, cloned, connected
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused

PANEL = ("chair", "second", "camden")
EVERYBODY = (*PANEL, "approver", "beside")
people, anybody = st.sampled_from(PANEL), st.sampled_from(EVERYBODY)
# Most of what only the chair may do is tried by the chair.
mostly_chair = st.sampled_from(("chair",) * 6 + EVERYBODY)
numbers = st.integers(0, 1)
# In what somebody is kept from a candidate.
KEPT = (Standing.WAITING, Standing.BARRED)
SEEN = """select (select count(*) from score where subject_id = :subject),
                 (select count(*) from candidate_name where subject_id = :subject)"""


class World:
    """One database, its people and one loop for all examples."""

    def __init__(self, runner: asyncio.Runner, app: Sessions, raw: Any, actors: dict[str, Actor]) -> None:
        self.runner, self.app, self.raw, self.actors = runner, app, raw, actors

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return self.runner.run(awaited())

    async def does(self, who: str, action: Callable[..., Awaitable[Any]], *args: Any, **more: Any) -> Any:
        async with transaction(self.app, self.actors[who]) as db:
            return await action(db, self.actors[who], *args, **more)


def machine(world: World) -> type[RuleBasedStateMachine]:  # noqa: C901 -- a class with its steps
    class Panels(RuleBasedStateMachine):
        @initialize(far=st.sampled_from(["begun", "declared", "scored", "moderating"]))
        def start(self, far: str) -> None:
            """Begin with a panel that has just begun, or somewhere on its way."""
            self.subject = uuid7()
            self.done = 0
            self.declared: dict[tuple[str, int], list[tuple[UUID, bool, Decision | None]]] = {}
            self.before_names: set[tuple[str, int]] = set()
            self.locked: dict[tuple[str, int], int] = {}
            self.written: dict[tuple[str, int], int] = {}
            self.lifted = False
            self.released: set[str] = set()
            self.out: set[int] = set()
            world.run(self._formed())
            if far != "begun":
                self.everybody_declares()
            if far in ("scored", "moderating"):
                for number, who in enumerate(PANEL):
                    self.score_and_lock(who, number)
            if far == "moderating":
                self.move("chair", PanelState.MODERATING)
                assert self.state is PanelState.MODERATING

        async def _formed(self) -> None:
            camden = world.actors["camden"]
            does, subject = world.does, self.subject
            await does("chair", subjects.register, subject, "tender", buyers=[camden.organisation_id])
            chair_id = world.actors["chair"].person_id
            await does("chair", panels.form_panel, subject, chair_id=chair_id, assesses=True)
            await does("chair", panels.name_member, subject, world.actors["second"].person_id)
            await does("camden", panels.name_member, subject, camden.person_id)
            await does("chair", panels.give_questions, subject, [WantedQuestion("all", "All of it?", 5)])
            await does("chair", panels.enter_candidates, subject, [Bidder("Alder"), Bidder("Beech")])
            await does("chair", panels.move, subject, PanelState.SCORING)
            async with transaction(world.app, world.actors["chair"]) as db:
                self.candidates = [row.id for row in await queries.candidates(db, subject)]
                self.question = (await queries.scored_questions(db, subject))[0].id
            self.done, self.state = 8, PanelState.SCORING

        def accepted(self, who: str, action: Callable[..., Awaitable[Any]], *args: Any, **more: Any) -> Any:
            """What an action gives, or False where it was refused, which leaves nothing behind."""
            try:
                given = world.run(world.does(who, action, self.subject, *args, **more))
            except (Refused, NotAllowed, Missing):
                return False
            self.done += 1
            return True if given is None else given

        def standing(self, who: str, number: int) -> Standing:
            """What the rules make of all that was declared."""
            said = self.declared.get((who, number), [])
            if any(decision is Decision.MAY_NOT for _, _, decision in said):
                return Standing.BARRED
            if not said or (self.lifted and (who, number) in self.before_names):
                return Standing.UNDECLARED
            _, conflict, decision = said[-1]
            if not conflict:
                return Standing.CLEAR
            return Standing(decision.value) if decision else Standing.WAITING

        @rule(who=anybody, number=numbers, conflict=st.booleans())
        def declare(self, who: str, number: int, conflict: bool) -> None:  # noqa: FBT001 -- hypothesis passes it
            was = self.standing(who, number)
            nature = "My sister works there" if conflict else ""
            made = self.accepted(
                who, declarations.declare, self.candidates[number], conflict=conflict, nature=nature
            )
            if made:
                assert who in PANEL
                assert who not in self.released
                assert was not in (Standing.WAITING, Standing.BARRED)
                self.declared.setdefault((who, number), []).append((made, conflict, None))
                self.before_names.discard((who, number))

        @rule()
        def everybody_declares(self) -> None:
            for who, number in itertools.product(PANEL, (0, 1)):
                if self.standing(who, number) is Standing.UNDECLARED:
                    self.declare(who, number, conflict=False)

        @rule(who=mostly_chair, about=people, number=numbers, decision=st.sampled_from(Decision))
        def decide(self, who: str, about: str, number: int, decision: Decision) -> None:
            said = self.declared.get((about, number))
            if not said:
                return
            declaration_id, conflict, decided = said[-1]
            if self.accepted(who, declarations.decide, declaration_id, decision, reason="Because"):
                assert who == ("approver" if about == "chair" else "chair")
                assert conflict
                assert decided is None
                said[-1] = (declaration_id, conflict, decision)

        @rule(who=anybody, number=numbers, points=st.integers(-1, 6))
        def score(self, who: str, number: int, points: int) -> None:
            more = {"points": points, "reason": "As on page 3"}
            if self.accepted(who, scores.write_score, self.candidates[number], self.question, **more):
                assert self.state is PanelState.SCORING
                assert self.standing(who, number) in CLEARED
                assert who not in self.released
                assert number not in self.out
                assert (who, number) not in self.locked
                assert 0 <= points <= 5
                self.written[who, number] = points

        @rule(who=anybody)
        def lock(self, who: str) -> None:
            if self.accepted(who, scores.lock_scores):
                assert self.state is PanelState.SCORING
                for (writer, number), points in self.written.items():
                    if writer == who and self.standing(who, number) in CLEARED and number not in self.out:
                        self.locked[who, number] = points

        @rule(who=people, points=st.integers(0, 5))
        def score_and_lock(self, who: str, points: int) -> None:
            for number in (0, 1):
                self.score(who, number, points)
            self.lock(who)

        @rule(who=mostly_chair, to=st.sampled_from(PanelState))
        def move(self, who: str, to: PanelState) -> None:
            if self.accepted(who, panels.move, to, reason="A page was overlooked"):
                assert who == "chair"
                assert to in MOVES[self.state]
                self.state = to

        @rule(who=mostly_chair)
        def lift(self, who: str) -> None:
            everybody = itertools.product(set(PANEL) - self.released, {0, 1} - self.out)
            open_ones = [
                self.standing(*pair) in (Standing.UNDECLARED, Standing.WAITING) for pair in everybody
            ]
            if self.accepted(who, panels.lift_names, reason="Interviews begin"):
                assert who == "chair"
                assert not self.lifted
                assert not any(open_ones)
                self.lifted = True
                self.before_names = set(self.declared)

        @rule(who=anybody, about=people)
        def release(self, who: str, about: str) -> None:
            person_id = world.actors[about].person_id
            if self.accepted(who, panels.release_member, person_id, reason="Ill for a month"):
                assert about != "chair"
                self.released.add(about)

        @rule(who=anybody, number=numbers)
        def take_out(self, who: str, number: int) -> None:
            if self.accepted(who, panels.take_out, self.candidates[number], reason="Withdrew"):
                assert who in ("chair", "second", "beside")  # officers of the lead
                assert self.state is not PanelState.SETTLED
                self.out.add(number)

        @rule(who=mostly_chair, number=numbers, points=st.integers(0, 5))
        def agree(self, who: str, number: int, points: int) -> None:
            more = {"points": points, "reason": "As discussed"}
            if self.accepted(who, scores.agree, self.candidates[number], self.question, **more):
                assert who == "chair"
                assert self.state is PanelState.MODERATING
                assert self.standing("chair", number) in CLEARED
                for each in set(PANEL) - self.released:
                    assert self.standing(each, number) not in (Standing.UNDECLARED, Standing.WAITING)

        @rule()
        def lift_and_agree(self) -> None:
            """What was declared under numbers does not do for names."""
            self.lift("chair")
            self.agree("chair", 0, 3)

        @rule()
        def agree_on_all_and_settle(self) -> None:
            self.everybody_declares()
            for number in (0, 1):
                self.agree("chair", number, 3)
            self.move("chair", PanelState.SETTLED)

        @invariant()
        def the_database_says_the_same(self) -> None:
            world.run(self._says_the_same())

        async def _says_the_same(self) -> None:
            panel = await world.raw.fetchrow("select * from panel where subject_id = $1", self.subject)
            assert panel["state"] == self.state
            assert (panel["names_lifted_at"] is not None) == self.lifted
            hypothesis.event(f"a panel is {self.state}, names {'lifted' if self.lifted else 'hidden'}")
            trail = await world.raw.fetch(
                "select details::text as told from audit_entry where subject_id = $1", str(self.subject)
            )
            assert len(trail) == self.done
            assert not any("Alder" in row["told"] or "page 3" in row["told"] for row in trail)
            names = {actor.person_id: who for who, actor in world.actors.items()}
            rows = await world.raw.fetch("select * from score where subject_id = $1", self.subject)
            given = {
                (names[row["person_id"]], self.candidates.index(row["candidate_id"])): row for row in rows
            }
            assert {key: row["points"] for key, row in given.items()} == self.written
            assert {key: row["points"] for key, row in given.items() if row["locked_at"]} == self.locked
            if self.state in (PanelState.MODERATING, PanelState.SETTLED):
                for who, number in itertools.product(set(PANEL) - self.released, {0, 1} - self.out):
                    assert self.standing(who, number) is Standing.BARRED or (who, number) in self.locked
            if self.state is PanelState.SETTLED:
                agreed = await world.raw.fetch(
                    "select distinct candidate_id from consensus where subject_id = $1", self.subject
                )
                found = {self.candidates.index(row["candidate_id"]) for row in agreed}
                assert found >= {0, 1} - self.out

        @invariant()
        def each_sees_what_the_state_lets_them(self) -> None:
            for who in EVERYBODY:
                own = sum(writer == who for writer, _ in self.written)
                on_panel = who in PANEL and who not in self.released
                opened = self.state is PanelState.SETTLED or (
                    self.state is PanelState.MODERATING and on_panel
                )
                # Who has a conflict reads nobody else's scores of that candidate.
                shown = sum(
                    writer == who or self.standing(who, number) not in KEPT for writer, number in self.written
                )
                expected = (shown if opened else own, 2 * self.lifted)
                assert world.run(self._seen(who)) == expected, who

        async def _seen(self, who: str) -> tuple[int, int]:
            async with transaction(world.app, world.actors[who]) as db:
                return tuple((await db.execute(text(SEEN), {"subject": self.subject})).one())

    return Panels


async def _cast(jobs: Sessions) -> dict[str, Actor]:
    async with transaction(jobs, TESTER) as db:
        made = {
            "chair": await build.person(db),
            "second": await build.person(db),
            "camden": await build.person(db, organisation_id=build.council("CMD")),
            "approver": await build.person(db, Role.APPROVER),
            "beside": await build.person(db),
        }
    return {who: each.actor for who, each in made.items()}


def test_no_order_of_steps_shows_a_score_or_a_name_too_early(server, template):
    async def entered(stack: Any) -> tuple[Sessions, Any, dict[str, Actor]]:
        database = await stack.enter_async_context(cloned(server, template))
        app = await stack.enter_async_context(connected(database.app))
        jobs = await stack.enter_async_context(connected(database.jobs))
        raw = await asyncpg.connect(plain(database.admin))
        stack.push_async_callback(raw.close)
        return app, raw, await _cast(jobs)

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            world = World(runner, *runner.run(entered(stack)))
            run_state_machine_as_test(
                machine(world),
                settings=hypothesis.settings(
                    max_examples=15,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=list(hypothesis.HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())
