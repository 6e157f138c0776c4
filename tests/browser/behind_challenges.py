"""What a journey of a challenge leaves to others: co-sponsors, a rival, a second judge; and days that pass.

Others act by the product's own actions, as the application's role. Only time is moved past the product.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from challenges.actions import sponsoring
from challenges.rules.phases import PhaseKind
from sourcing.actions import panels
from tests.browser import behind
from tests.build import Built
from tests.challenges import made
from tests.challenges.judging import Judging
from tests.challenges.made import Cast


def _do(home: Path, challenge: str, work: Callable[[Judging], Awaitable[None]], **more: Built) -> None:
    """Let the invented people of councils, and more, do something with a challenge."""

    async def done() -> None:
        async with behind.acting(home, "bt_app") as sessions:
            await work(Judging(sessions, Cast({**behind.officials(), **more}), UUID(challenge)))

    behind.apart(done)


def salford_joins_and_co_sponsors_approve(home: Path, challenge: str) -> None:
    """Salford joins with a line of its own; its approver and Camden's approve the statement as it stands."""

    async def approve(judging: Judging) -> None:
        line = "We have 1,100 such homes, and would read ours for comparison"
        await judging.act("salford officer", sponsoring.join, judging.challenge_id, line=line, need_id=None)
        for who in ("camden", "salford"):
            await made.approve(judging.sessions, judging.cast[who], judging.challenge_id)

    _do(home, challenge, approve)


def a_rival_responds(home: Path, challenge: str, rival: Built) -> None:
    """Hand in the response of another firm."""
    _do(home, challenge, lambda judging: judging.respond("rival", "Wallwatch"), rival=rival)


def camden_names_a_judge(home: Path, challenge: str) -> None:
    """Camden's officer names its approver, who scores as well."""

    async def name(judging: Judging) -> None:
        phase_id = await judging.phase(PhaseKind.PILOT)
        await judging.act("camden officer", panels.name_member, phase_id, judging.cast["camden"].id)

    _do(home, challenge, name)


def camden_judges(home: Path, challenge: str) -> None:
    """Camden's judge declares no conflict, scores every response alone, and locks."""

    async def judge(judging: Judging) -> None:
        phase_id = await judging.phase(PhaseKind.PILOT)
        await judging.declare(phase_id, judges=("camden",))
        await judging.score(phase_id, judges=("camden",))

    _do(home, challenge, judge)


def let_responses_be_due(home: Path, challenge: str) -> None:
    """As if the last moment for responses had been a minute ago."""
    words = (
        "update challenge set responses_due_at = now() - interval '1 minute',"
        " questions_until = now() - interval '1 day' where id = $1::uuid"
    )
    behind.moved(home, words, challenge)
