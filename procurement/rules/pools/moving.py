"""What a pool does by itself: by the clock, by its quorum, by the last signature, by who left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from procurement.rules.pools.states import PoolState, Stage
from procurement.rules.pools.terms import Member, Solved, solve
from values.years import LONDON

# Committees meet every few weeks: whoever is to sign gets at least this long after the text may be signed.
TO_SIGN: Final = timedelta(days=14)
LEFT_UNSIGNED: Final = "Did not sign by {day}"
LEFT_ALONE: Final = "Its own terms did not hold with those who signed"


class Clocked(Protocol):
    """What of a pool decides how it moves."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def lead_code(self) -> str: ...  # noqa: D102
    @property
    def quorum(self) -> int: ...  # noqa: D102
    @property
    def joins_until(self) -> datetime: ...  # noqa: D102
    @property
    def signs_until(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a pool's state.

    Attributes:
        reason: why, in a sentence for all members.
        leaving: whom it withdraws, and why.
        signs_until: the new last moment to sign, where it changes.
    """

    to: PoolState
    reason: str
    leaving: Mapping[str, str] = field(default_factory=dict[str, str])
    signs_until: datetime | None = None


def next_state(pool: Clocked, members: Sequence[Member], company: Solved, now: datetime) -> Move | None:
    """Return what a pool does next by itself, or None: it stays.

    Args:
        pool: its state, dates and quorum.
        members: all who have not left.
        company: the terms of all of them solved together.
        now: this instant.
    """
    match PoolState(pool.state):
        case PoolState.FORMING:
            return _formed(pool, company, now)
        case PoolState.AGREEING:
            return _agreed(pool, members, company, now)
        case PoolState.COMMITTED:
            return _broken(pool, members, now)
        case _:
            return None


def bound(pool: Clocked, members: Sequence[Member]) -> Solved:
    """Return the terms of those who signed solved without the others."""
    signed = [member for member in members if member.stage is Stage.BOUND]
    return solve(signed, lead_code=pool.lead_code, quorum=pool.quorum)


def time_to_sign(pool: Clocked, now: datetime) -> datetime | None:
    """Return until when a pool that opens now can be signed, where its own date comes too soon."""
    return now + TO_SIGN if pool.signs_until < now + TO_SIGN else None


def _formed(pool: Clocked, company: Solved, now: datetime) -> Move | None:
    if now < pool.joins_until:
        return None
    if company.holds:
        count = len(company.inside)
        return Move(
            PoolState.AGREEING,
            f"Joining ended, and the terms of {count} councils hold together",
            signs_until=time_to_sign(pool, now),
        )
    return Move(PoolState.DISSOLVED, f"Joining ended: {_why(company)}")


def _agreed(pool: Clocked, members: Sequence[Member], company: Solved, now: datetime) -> Move | None:
    signed = bound(pool, members)
    names = set(signed.inside)
    left = {member.code: member for member in members if member.code not in names}
    # A council that signed and whose terms do not hold is waiting too: it must not be lost before the date.
    if (
        signed.holds
        and names == set(company.inside)
        and not any(m.stage is Stage.BOUND for m in left.values())
    ):
        reasons = dict.fromkeys(left, LEFT_ALONE)
        return Move(PoolState.COMMITTED, f"All {len(names)} councils that are in have signed", reasons)
    if now < pool.signs_until:
        return None
    if not signed.holds:
        return Move(PoolState.DISSOLVED, f"The time to sign ended: {_why(signed, 'signed')}")
    local = pool.signs_until.astimezone(LONDON)
    unsigned = LEFT_UNSIGNED.format(day=f"{local.day} {local:%B %Y}")
    reasons = {code: LEFT_ALONE if member.stage is Stage.BOUND else unsigned for code, member in left.items()}
    return Move(
        PoolState.COMMITTED, f"The time to sign ended, and {len(names)} councils have signed", reasons
    )


def _broken(pool: Clocked, members: Sequence[Member], now: datetime) -> Move | None:
    signed = bound(pool, members)
    if signed.holds and len(signed.inside) == len(members):
        return None
    return Move(
        PoolState.AGREEING,
        "Those who are bound no longer hold together",
        signs_until=time_to_sign(pool, now),
    )


def _why(company: Solved, verb: str = "are in") -> str:
    """Say what keeps a pool from holding."""
    if company.quorum_lacking:
        more = "council is" if company.quorum_lacking == 1 else "councils are"
        return f"{company.quorum_lacking} more {more} needed"
    return "the lead council is not among those who " + verb
