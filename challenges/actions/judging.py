"""The phases of a challenge are fixed, each begins with a panel of its sponsors, and names are lifted.

The panel itself is one of `sourcing`, under the phase's id. Entries of the trail hold no code and no name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from challenges.actions import changing, making
from challenges.models import ChallengeEntrant
from challenges.queries import challenges, phases, responses, sponsors
from challenges.queries.challenges import ChallengeRow
from challenges.queries.phases import PhaseRow
from challenges.rules import phases as rules
from challenges.rules.phases import ORDER, PhaseKind
from challenges.rules.states import ChallengeState
from sourcing.actions import panels, subjects
from sourcing.actions.panels import Bidder
from sourcing.queries import panels as panel_queries
from sourcing.rules.panels import PanelState, check_hidden
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def fix_phases(
    db: AsyncSession, actor: Actor, challenge_id: UUID, wanted: Mapping[PhaseKind, int]
) -> None:
    """Fix the phases with their places: anew with the statement, and once where it was published without.

    They are part of what sponsors approve: others in their place take approval away. Nothing is published
    without phases; what was, was published before they were approved.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: they stand already, the challenge is over, or they do not fit together.
    """
    challenge = await changing.led(db, actor, challenge_id)
    rules.check_phases(wanted)
    known = await phases.phases(db, challenge_id)
    if challenge.state not in (ChallengeState.STATEMENT, ChallengeState.OPEN) or (
        known and not challenge.changeable
    ):
        raise Refused("The phases are fixed: firms read them.")
    await making.replace_phases(db, challenge_id, wanted)
    if challenge.changeable:
        await changing.fix(db, challenge_id, before=challenge.fingerprint)
    told = [f"{rules.PHASE_WORDS[kind].lower()}: {wanted[kind]}" for kind in ORDER if kind in wanted]
    await audit.record(db, actor, "challenge.phases_fixed", "challenge", challenge_id, places=told)


async def begin(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, *, chair_id: UUID, assesses: bool
) -> int:
    """Form the panel of a phase with the criteria of the statement; return how many responses it judges.

    Raises:
        Missing: there is no such phase for the actor.
        NotAllowed: not an officer of the lead council.
        Refused: responses still come, an earlier phase comes first, or nobody is left to judge.
    """
    challenge = await changing.led(db, actor, challenge_id)
    phase = await phases.phase(db, challenge_id, phase_id)
    entering = await _entering(db, challenge, phase)
    await subjects.register(
        db,
        actor,
        phase_id,
        rules.SUBJECT_KIND,
        buyers=[
            each.organisation_id
            for each in await sponsors.sponsors(db, challenge_id)
            if each.stands and each.code != challenge.lead_code
        ],
    )
    await panels.form_panel(db, actor, phase_id, chair_id=chair_id, assesses=assesses)
    content = await challenges.content(db, challenge_id)
    await panels.give_questions(db, actor, phase_id, rules.questions(content.criteria))
    # The code stands in place of the name: whoever enters the responses does not learn whose they are.
    bidders = [Bidder(code, reference=submission_id) for _, submission_id, code in entering]
    candidates = await panels.enter_candidates(db, actor, phase_id, bidders)
    await db.execute(
        insert(ChallengeEntrant).inline(),
        [
            {
                "phase_id": phase_id,
                "response_id": response_id,
                "challenge_id": challenge_id,
                "submission_id": submission_id,
                "candidate_id": candidate_id,
            }
            for (response_id, submission_id, _), candidate_id in zip(entering, candidates, strict=True)
        ],
    )
    await audit.record(
        db, actor, "challenge.phase_begun", "challenge", challenge_id, phase=phase.name.lower()
    )
    return len(entering)


async def _entering(
    db: AsyncSession, challenge: ChallengeRow, phase: PhaseRow
) -> Sequence[tuple[UUID, UUID, str]]:
    """Return what a phase judges, as response, submission and code: all, or who went on before."""
    if challenge.state != ChallengeState.OPEN or challenge.takes_responses:
        raise Refused("Judging begins once the deadline has passed.")
    if phase.panel_state is not None:
        raise Refused("This phase has begun.")
    all_phases = await phases.phases(db, challenge.id)
    before = all_phases[: [each.id for each in all_phases].index(phase.id)]
    if any(not each.decided for each in before):
        raise Refused("Decide the phase before this one first.")
    if before:
        check_hidden(await phases.hidden(db, challenge.id))
        if not await phases.names_are_shown(db, challenge.id):
            raise Refused("The chair of the first phase lifts the names first: judges declare by name now.")
        gone_on = {
            response_id
            for response_id, each in (await phases.outcomes(db, before[-1].id)).items()
            if each.goes_on
        }
        found = [
            (each.response_id, each.submission_id, each.code)
            for each in await phases.entrants(db, before[-1].id)
            if each.response_id in gone_on
        ]
    else:
        found = await responses.counting(db, challenge.id)
    if not found:
        raise Refused("There is no response to judge.")
    return found


async def lift_names(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, *, reason: str
) -> None:
    """Show sponsors whose responses they are, once the panel agreed on all of them; its chair does.

    Raises:
        Missing: there is no such phase for the actor.
        NotAllowed: somebody else chairs its panel.
        Refused: names are shown, the panel has not agreed, or there is no reason.
    """
    await phases.phase(db, challenge_id, phase_id)
    if await phases.names_are_shown(db, challenge_id):
        raise Refused("Names are shown already.")
    panel = await panel_queries.panel(db, phase_id)
    lacks = await panel_queries.lacks(db, phase_id)
    if panel.state not in (PanelState.MODERATING, PanelState.SETTLED) or lacks.unsettled:
        raise Refused("Names are shown once the panel has agreed on every response.")
    await panels.lift_names(db, actor, phase_id, reason=reason)


async def reopen(db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, *, reason: str) -> None:
    """Let the panel agree anew, while nobody was told who goes on.

    Raises:
        Missing: there is no such phase for the actor.
        NotAllowed: somebody else chairs its panel.
        Refused: it was decided who goes on, or there is no reason.
    """
    if (await phases.phase(db, challenge_id, phase_id)).decided:
        raise Refused("It was decided who goes on: what the panel agreed on stands.")
    await panels.move(db, actor, phase_id, PanelState.MODERATING, reason=reason)
