"""The lead decides who goes on from a phase, with a reason for each firm; the last decision ends it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing
from challenges.models import ChallengeMark, ChallengeOutcome
from challenges.queries import challenges, phases
from challenges.queries.challenges import ChallengeRow
from challenges.rules import phases as rules
from challenges.rules.phases import Choice, PhaseKind, Ranked
from challenges.rules.states import ChallengeState
from sourcing.queries import panels as panel_queries
from sourcing.queries import scores
from sourcing.rules.panels import PanelState, check_hidden
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def decide(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, choices: Mapping[UUID, Choice]
) -> None:
    """Decide for each response, by its id, whether it goes on, with the reason that its firm reads.

    After the last phase, or where nobody goes on, the challenge is judged.

    Raises:
        Missing: there is no such phase for the actor.
        NotAllowed: not an officer of the lead council.
        Refused: the panel has not settled, it was decided, a reason is missing, names are still hidden, or
            the actor has a conflict with a response.
    """
    challenge = await changing.led(db, actor, challenge_id)
    phase = await phases.phase(db, challenge_id, phase_id)
    if phase.decided or challenge.state != ChallengeState.OPEN:
        raise Refused("It was decided who goes on.")
    if phase.panel_state != PanelState.SETTLED:
        raise Refused("The panel settles first: ranks follow from what it agreed on.")
    check_hidden(await phases.hidden(db, challenge_id, phase_id))
    ranked = await phases.ranking(db, phase_id)
    rules.check_choices(ranked, phase.places, choices)
    goes_on = any(choices[each.response_id].goes_on for each in ranked)
    if phase.kind is PhaseKind.PILOT and goes_on:
        await _check_by_name(db, challenge_id, phase_id)
    last = phase.kind is PhaseKind.PILOT or not goes_on
    await db.execute(
        insert(ChallengeOutcome).inline(),
        [_outcome(actor, phase, each, choices[each.response_id]) for each in ranked],
    )
    if marks := await _marks(db, challenge, phase_id, ranked):
        await db.execute(insert(ChallengeMark).inline(), marks)
    proposed = rules.by_rank(ranked, phase.places)
    went_on = {each.response_id for each in ranked if choices[each.response_id].goes_on}
    await audit.record(
        db,
        actor,
        "challenge.phase_decided",
        "challenge",
        challenge_id,
        phase=phase.name.lower(),
        phase_id=str(phase_id),
        entered=len(ranked),
        went_on=len(went_on),
        against_rank=len(proposed ^ went_on),
    )
    if last:
        await changing.move(db, challenge, ChallengeState.JUDGED)
        await audit.record(db, actor, "challenge.judged", "challenge", challenge_id)


async def _check_by_name(db: AsyncSession, challenge_id: UUID, phase_id: UUID) -> None:
    if not await phases.names_are_shown(db, challenge_id):
        raise Refused("The chair shows the names first: a pilot is agreed with a firm.")
    if (await panel_queries.lacks(db, phase_id)).undeclared:
        raise Refused(
            "Judges declare by name first: the chair opens what was settled again, and they declare anew."
        )


async def close_empty(db: AsyncSession, actor: Actor, challenge_id: UUID) -> None:
    """Say that a challenge is judged to which nobody responded.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: it is not due, or there are responses to judge.
    """
    challenge = await changing.led(db, actor, challenge_id)
    if challenge.state != ChallengeState.OPEN or challenge.takes_responses:
        raise Refused("Firms can still respond, or the challenge is judged.")
    if await challenges.entry_count(db, challenge_id):
        raise Refused("There are responses to judge.")
    await changing.move(db, challenge, ChallengeState.JUDGED, "Nobody responded")
    await audit.record(db, actor, "challenge.judged", "challenge", challenge_id)


def _outcome(actor: Actor, phase: phases.PhaseRow, each: Ranked, choice: Choice) -> dict[str, Any]:
    return {
        "phase_id": phase.id,
        "response_id": each.response_id,
        "challenge_id": phase.challenge_id,
        "rank": each.rank,
        "total": each.total,
        "goes_on": choice.goes_on,
        "departure": choice.departure.strip(),
        "reason": choice.reason.strip(),
        "decided_by": actor.name,
    }


async def _marks(
    db: AsyncSession, challenge: ChallengeRow, phase_id: UUID, ranked: Sequence[Ranked]
) -> list[dict[str, Any]]:
    """Return what the panel agreed on as firms read it, by criterion."""
    agreed = await scores.agreed(db, phase_id)
    criteria = (await challenges.content(db, challenge.id)).criteria
    return [
        {
            "phase_id": phase_id,
            "response_id": each.response_id,
            "position": int(question.code),
            "title": question.title,
            "weight": criteria[int(question.code) - 1].weight,
            "points": agreed[each.candidate_id, question.id].points,
            "highest": question.highest,
            "reason": agreed[each.candidate_id, question.id].reason,
        }
        for each in ranked
        if each.rank is not None
        for question in await panel_queries.scored_questions(db, phase_id)
    ]
