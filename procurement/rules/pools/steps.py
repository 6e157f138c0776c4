"""What a person can do in a pool now, so that pages offer it; the actions check it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from procurement.rules.pools import joining
from procurement.rules.pools.joining import Entered
from procurement.rules.pools.states import OPEN, PoolState, Stage
from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: its words, and what follows the pool's address."""

    text: str
    path: str
    main: bool = False


HAND_ON: Final = Step("Offer the lead to another council", "/lead")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a pool.

    Attributes:
        stage: of their council in it, or None.
        of_lead: whether their council leads it.
        leads: whether they run it: an officer of that council.
        officer: whether they are an officer of a council.
        approver: whether they are an approver of a council.
        region_code: of their council.
        offered_lead: whether the lead is offered to their council.
    """

    stage: str | None
    of_lead: bool
    leads: bool
    officer: bool
    approver: bool
    region_code: str | None
    offered_lead: bool = False


def steps(pool: Entered, who: Standing, *, holds: bool) -> list[Step]:
    """Return what a person can do in a pool, the main thing first."""
    found: list[Step] = []
    if who.leads:
        found += _of_lead(pool, holds=holds)
    if who.officer and who.offered_lead and pool.state in OPEN:
        found.append(Step("Answer the offer to lead this pool", "/lead", main=True))
    if who.officer and who.stage in (Stage.INTERESTED, Stage.CONDITIONAL) and pool.state in OPEN:
        found += [Step("Set your terms", "/terms", main=True), Step("Change what you bring", "/stake")]
    if (who.officer or who.approver) and who.stage is not None:
        try:
            joining.check_can_withdraw(pool, who.stage, leads=who.of_lead, reason="asked for then")
        except Refused:
            return found
        found.append(Step("Leave this pool", "/withdraw"))
    return found


def why_not_join(pool: Entered, who: Standing, *, members: int, now: datetime) -> str | None:
    """Return why a person's council cannot join, or None: it can."""
    try:
        joining.check_can_join(pool, stage=who.stage, members=members, region_code=who.region_code, now=now)
    except Refused as refused:
        return refused.message
    return None


def _of_lead(pool: Entered, *, holds: bool) -> list[Step]:
    match PoolState(pool.state):
        case PoolState.FORMING:
            early = [Step("Open it for agreeing now", "/open", main=True)] if holds else []
            return [
                *early,
                Step("Change the rules", "/edit"),
                HAND_ON,
                Step("Dissolve this pool", "/dissolve"),
            ]
        case PoolState.AGREEING:
            return [Step("Put the dates off", "/edit"), HAND_ON, Step("Dissolve this pool", "/dissolve")]
        case PoolState.COMMITTED:
            # That it is handed to tender comes with the tender, which is made on a page of its own.
            return [Step("Dissolve this pool", "/dissolve")]
        case PoolState.HANDED_OVER:
            return [Step("Close this pool", "/close", main=True), Step("Dissolve this pool", "/dissolve")]
        case _:
            return []
