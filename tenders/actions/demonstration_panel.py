"""What the panel of an invented tender does: declare, score alone, agree, settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from accounts.actions.demonstration import PEOPLE
from accounts.rules.register import NAMESPACE, body_id
from sourcing.actions import declarations, panels, scores
from sourcing.queries import panels as queries
from sourcing.rules.panels import PanelState
from store.db import Sessions, transaction
from tenders.actions import assembling, assessing
from tenders.queries import assessments, awards
from tenders.rules.checks import CheckKind, Step
from values.actors import Actor

OFFICER: Final = "officer.leeds@example.org"
CHAIR: Final = "approver.leeds@example.org"
OTHER_OFFICER: Final = "officer.camden@example.org"
OTHER: Final = "approver.camden@example.org"
THIRD_OFFICER: Final = "officer.salford@example.org"
THIRD: Final = "approver.salford@example.org"
REASON: Final = "Two of the five tasks were seen in the demonstration, the others described (invented)"


def account(email: str) -> Actor:
    """Return an invented person who has an account, so that whoever tries the service goes on as them."""
    found = next(each for each in PEOPLE if each.email == email)
    return Actor(uuid5(NAMESPACE, email), body_id(found.body), frozenset({found.role}), found.name)


async def act(sessions: Sessions, email: str, action: Any, *args: Any, **more: Any) -> Any:
    """Do something as an invented person, in a transaction of its own."""
    actor = account(email)
    async with transaction(sessions, actor) as db:
        return await action(db, actor, *args, **more)


async def begin(sessions: Sessions, tender_id: UUID) -> None:
    """Form a panel of two councils, which declares that nobody knows of a conflict, and begins to score."""
    chair, other = account(CHAIR), account(OTHER)
    await act(sessions, OFFICER, assembling.form_panel, tender_id, chair_id=chair.person_id, assesses=True)
    await act(sessions, OTHER_OFFICER, panels.name_member, tender_id, other.person_id)
    await act(sessions, CHAIR, panels.move, tender_id, PanelState.SCORING)
    await _declare(sessions, tender_id)


async def settle(sessions: Sessions, tender_id: UUID, marks: Mapping[UUID, Sequence[int]]) -> None:
    """Score alone, agree, settle and assess; `marks`: supplier → what is agreed on, by criterion."""
    candidates, questions = await _asked(sessions, tender_id)
    for email in (CHAIR, OTHER):
        actor = account(email)
        async with transaction(sessions, actor) as db:
            for candidate in candidates:
                for question in questions:
                    points = 3 if email == CHAIR else 4
                    await scores.write_score(
                        db, actor, tender_id, candidate.id, question.id, points=points, reason=REASON
                    )
            await scores.lock_scores(db, actor, tender_id)
    await act(sessions, CHAIR, panels.move, tender_id, PanelState.MODERATING)
    await act(sessions, CHAIR, panels.lift_names, tender_id, reason="Exclusions are looked at next")
    await _declare(sessions, tender_id)
    chair = account(CHAIR)
    async with transaction(sessions, chair) as db:
        names = await awards.names(db, tender_id)
        for candidate in candidates:
            agreed = marks[names[candidate.id][1]]
            for question, points in zip(questions, agreed, strict=False):
                await scores.agree(
                    db, chair, tender_id, candidate.id, question.id, points=points, reason=REASON
                )
        await panels.move(db, chair, tender_id, PanelState.SETTLED)
    await _assess(sessions, tender_id)


async def _asked(sessions: Sessions, tender_id: UUID) -> tuple[Sequence[Any], Sequence[Any]]:
    async with transaction(sessions, account(CHAIR)) as db:
        return await queries.candidates(db, tender_id), await queries.scored_questions(db, tender_id)


async def _declare(sessions: Sessions, tender_id: UUID) -> None:
    candidates, _ = await _asked(sessions, tender_id)
    for email in (CHAIR, OTHER):
        actor = account(email)
        async with transaction(sessions, actor) as db:
            for each in candidates:
                await declarations.declare(db, actor, tender_id, each.id, conflict=False)


async def _assess(sessions: Sessions, tender_id: UUID) -> None:
    officer = account(OFFICER)
    async with transaction(sessions, officer) as db:
        page = await assessments.page(db, tender_id)
        for bid in page.bids:
            for condition in page.asked.conditions:
                await assessing.record_check(
                    db,
                    officer,
                    tender_id,
                    bid.candidate.number,
                    kind=CheckKind.CONDITION,
                    criterion_id=UUID(condition.id),
                    step=Step.PASSES,
                    reason=REASON,
                )
        await assessing.assess(db, officer, tender_id)
