"""When an approver may sign the agreement of a pool, up to which sum, and when a signature is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from analytics.pooling import fair_split
from analytics.pooling.needs import UNIT_GBP, Model
from procurement.rules.pools.states import OPEN, STATE_WORDS, PoolState, Stage
from values.actors import Actor, Role
from values.money import format_pence
from values.refusals import NotAllowed, Refused
from values.years import LONDON, london_today

# Bound is until the pool is handed over; from then on the tender decides.
REVOCABLE: Final = frozenset({PoolState.AGREEING, PoolState.COMMITTED})
LONGEST_YEARS: Final = 10
LAPSED: Final = "The commitment ended on the day that the council had set"
_STEP_PENCE: Final = UNIT_GBP * 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How a council stands to the agreement of its pool.

    Attributes:
        stage: how far it has gone, or None where it is not in the pool.
        last: the last version and the hash of its text, or None where there is none.
        named: whether the text names the council.
        leads_on: whether the council that the text names as lead still leads.
        signed_by: who signed the last version for it, or empty.
        limit_pence: the approver's own authority, or None where nobody set one.
    """

    stage: str | None
    last: tuple[int, bytes] | None
    named: bool
    signed_by: str
    limit_pence: int | None
    leads_on: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an approver wants to sign: the text that was before them, up to which sum, until when."""

    sha256: bytes
    sum_pence: int
    until_on: date


def check_can_make(state: str, signs_until: datetime, now: datetime) -> None:
    """Refuse a new version where nobody could sign it.

    Raises:
        Refused: the pool is past agreeing, or the time to sign is over.
    """
    if PoolState(state) not in OPEN:
        raise Refused(f"A pool that is {STATE_WORDS[PoolState(state)][0].lower()} takes no new version.")
    if now >= signs_until:
        raise Refused(f"Signing ended on {_day(signs_until)}.")


def check_approver(actor: Actor) -> None:
    """Refuse whoever cannot bind a council.

    Raises:
        NotAllowed: not an approver.
    """
    if not actor.has(Role.APPROVER):
        raise NotAllowed("Only an approver of a council in the pool signs.")


def check_can_sign(state: str, signs_until: datetime, standing: Standing, now: datetime) -> None:
    """Refuse to sign where the pool, the council or the approver is not so far.

    Raises:
        Refused: with what is in the way.
    """
    _check_time(PoolState(state), signs_until, now)
    if standing.stage is None or standing.stage == Stage.WITHDRAWN:
        raise Refused("Your council is not in this pool.")
    if standing.last is None:
        raise Refused("The lead council has not made an agreement yet.")
    if standing.signed_by:
        raise Refused(f"{standing.signed_by} signed version {standing.last[0]} for your council already.")
    if not standing.leads_on:
        raise Refused("The agreement names an earlier lead. Ask the lead council for a new version.")
    if not standing.named:
        raise Refused(
            "The agreement was made before your council joined. Ask the lead council for a new version."
        )
    if standing.limit_pence is None:
        raise Refused("Nobody has set up to which sum you may commit your council.")


def _check_time(state: PoolState, signs_until: datetime, now: datetime) -> None:
    if state is PoolState.FORMING:
        raise Refused("This pool is still forming. Councils sign once it is agreeing.")
    if state not in REVOCABLE:
        raise Refused(f"A pool that is {STATE_WORDS[state][0].lower()} takes no signatures.")
    # A council that joins a pool that holds already may sign as long as the pool is not handed over.
    if state is PoolState.AGREEING and now >= signs_until:
        raise Refused(f"Signing ended on {_day(signs_until)}.")


def check_wanted(wanted: Wanted, standing: Standing, signs_until: datetime, now: datetime) -> None:
    """Refuse a sum past the approver's authority, a day that is too early, and a text that is not the last.

    Raises:
        Refused: at the field that is wrong.
    """
    if standing.last is None or standing.limit_pence is None:
        raise LookupError("check_can_sign comes first")
    if wanted.sha256 != standing.last[1]:
        raise Refused(f"A new version was made: version {standing.last[0]}. Read it, then sign.")
    if wanted.sum_pence > standing.limit_pence:
        most = format_pence(standing.limit_pence).removesuffix(".00")
        raise Refused(f"You may commit your council up to {most}. Enter that or less.", "sum_pence")
    first, today = earliest_until(signs_until, now), london_today(now)
    if wanted.until_on < first:
        raise Refused(f"The commitment must last until {_day(first)} at least", "until_on")
    if wanted.until_on.year > today.year + LONGEST_YEARS:
        raise Refused(f"The commitment must end within {LONGEST_YEARS} years", "until_on")


def earliest_until(signs_until: datetime, now: datetime) -> date:
    """Return the first day until which a commitment may last: it outlasts signing, and today."""
    return max(signs_until.astimezone(LONDON).date(), london_today(now))


def check_can_take_back(state: str) -> None:
    """Refuse to take a signature back once the tender depends on it.

    Raises:
        Refused: the pool was handed over, or is over.
    """
    if PoolState(state) not in REVOCABLE:
        raise Refused(
            f"A signature cannot be taken back when a pool is {STATE_WORDS[PoolState(state)][0].lower()}."
        )


def expected_pence(estimates_pence: Sequence[int], which: int, model: Model) -> int:
    """Return what one member would pay in the pool by the model: its estimate less its part of the saving.

    Args:
        estimates_pence: of all members whose worth is told, each above zero.
        which: the member's place among them.
        model: the curve of price by volume.
    """
    if len(estimates_pence) < 2:
        return estimates_pence[which]
    volumes = [pence / _STEP_PENCE for pence in estimates_pence]
    saved = fair_split.in_pence(fair_split.split(volumes, model).shapley, model)
    # Below £10,000 the curve's saving can be above the estimate.
    return max(0, estimates_pence[which] - saved[which].gross_pence)


def _day(value: date) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {value:%B %Y}"
