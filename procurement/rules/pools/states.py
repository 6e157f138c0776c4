"""The states of a pool and the stages of its members, and who may move them.

The tables of moves stand once more in migration 0009, as triggers; a test compares the two.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


class PoolState(enum.StrEnum):
    """How far a pool is."""

    FORMING = "forming"
    AGREEING = "agreeing"
    COMMITTED = "committed"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    DISSOLVED = "dissolved"


class Stage(enum.StrEnum):
    """How far a council has gone in a pool."""

    INTERESTED = "interested"
    CONDITIONAL = "conditional"
    BOUND = "bound"
    WITHDRAWN = "withdrawn"


class VoteRule(enum.StrEnum):
    """How votes count: one a council, or by volume. Chosen when the pool is started, never changed."""

    COUNCIL = "council"
    VOLUME = "volume"


POOL_MOVES: Final[Mapping[PoolState, tuple[PoolState, ...]]] = {
    PoolState.FORMING: (PoolState.AGREEING, PoolState.DISSOLVED),
    PoolState.AGREEING: (PoolState.COMMITTED, PoolState.DISSOLVED),
    # Back to agreeing where a bound council left and those who stay do not hold without it.
    PoolState.COMMITTED: (PoolState.AGREEING, PoolState.HANDED_OVER, PoolState.DISSOLVED),
    PoolState.HANDED_OVER: (PoolState.CLOSED, PoolState.DISSOLVED),
    PoolState.CLOSED: (),
    PoolState.DISSOLVED: (),
}
STAGE_MOVES: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    Stage.INTERESTED: (Stage.CONDITIONAL, Stage.BOUND, Stage.WITHDRAWN),
    Stage.CONDITIONAL: (Stage.INTERESTED, Stage.BOUND, Stage.WITHDRAWN),
    # A new version of the agreement must be signed again.
    Stage.BOUND: (Stage.CONDITIONAL, Stage.WITHDRAWN),
    Stage.WITHDRAWN: (Stage.INTERESTED,),
}
# While a pool is in one of these, councils join it, set terms and withdraw freely.
OPEN: Final = frozenset({PoolState.FORMING, PoolState.AGREEING})
# In these a pool counts as alive.
ALIVE: Final = OPEN | {PoolState.COMMITTED, PoolState.HANDED_OVER}
STATE_WORDS: Final[Mapping[PoolState, tuple[str, str]]] = {
    PoolState.FORMING: ("Forming", "blue"),
    PoolState.AGREEING: ("Agreeing", "yellow"),
    PoolState.COMMITTED: ("Committed", "green"),
    PoolState.HANDED_OVER: ("Handed to tender", "turquoise"),
    PoolState.CLOSED: ("Closed", "grey"),
    PoolState.DISSOLVED: ("Dissolved", "orange"),
}
STAGE_WORDS: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.INTERESTED: ("Interested", "blue"),
    Stage.CONDITIONAL: ("In on conditions", "yellow"),
    Stage.BOUND: ("Bound", "green"),
    Stage.WITHDRAWN: ("Withdrawn", "grey"),
}


def check_pool_move(state: str, to: PoolState) -> None:
    """Refuse a change of state that the table does not have.

    Raises:
        Refused: the pool is in another state by now.
    """
    if to not in POOL_MOVES[PoolState(state)]:
        now, then = STATE_WORDS[PoolState(state)][0].lower(), STATE_WORDS[to][0].lower()
        raise Refused(f"A pool that is {now} cannot become {then}.")


def check_stage_move(stage: str, to: Stage) -> None:
    """Refuse a change of stage that the table does not have.

    Raises:
        Refused: the council has gone further, or has left, by now.
    """
    if to not in STAGE_MOVES[Stage(stage)]:
        now, then = STAGE_WORDS[Stage(stage)][0].lower(), STAGE_WORDS[to][0].lower()
        raise Refused(f"A council that is {now} cannot become {then}.")


def may_see_pools(actor: Actor) -> bool:
    """Tell whether an actor sees all pools with their members: people of councils and sector leads."""
    return actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)


def may_act_for_council(actor: Actor) -> bool:
    """Tell whether an actor is an officer or an approver, and so speaks among the members of a pool."""
    return actor.has(Role.OFFICER, Role.APPROVER)


def may_lead(actor: Actor, lead_code: str, own_code: str | None) -> bool:
    """Tell whether an actor runs a pool for its lead council."""
    return actor.has(Role.OFFICER) and own_code == lead_code


def check_may_lead(actor: Actor, lead_code: str, own_code: str | None) -> None:
    """Refuse whoever does not run a pool.

    Raises:
        NotAllowed: not an officer of the lead council.
    """
    if not may_lead(actor, lead_code, own_code):
        raise NotAllowed("Only an officer of the lead council can do this.")


def check_officer(actor: Actor) -> None:
    """Refuse whoever may not speak for a council in a pool.

    Raises:
        NotAllowed: not an officer.
    """
    if not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a council can do this.")
