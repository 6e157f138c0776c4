"""What a pool must be, who may join it, change its rules, and leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from analytics.pooling.needs import UNIT_PENCE, Model
from procurement.rules.needs import NeedState, Wanted, overlap
from procurement.rules.pools.states import ALIVE, OPEN, PoolState, Stage, VoteRule
from values.money import format_pence
from values.refusals import Refused
from values.years import LONDON

MODEL: Final = Model()
LEAST_QUORUM: Final = 3  # below it a pool's totals would give a member's own figure away
MOST_MEMBERS: Final = 60
DAY_ENDS: Final = time(17)  # deadlines of a pool end with the working day in London
DAYS_TO_SIGN: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Charter:
    """The rules of a pool, which members see before they join."""

    title: str
    purpose: str
    quorum: int
    largest: int
    cap_pence: int
    first_start_on: date
    last_start_on: date
    joins_until: datetime
    signs_until: datetime


class Brought(Protocol):
    """What of a need decides whether a council may bring it."""

    @property
    def body_code(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def value_pence(self) -> int | None: ...  # noqa: D102
    @property
    def earliest_start_on(self) -> date | None: ...  # noqa: D102
    @property
    def latest_start_on(self) -> date | None: ...  # noqa: D102


class Entered(Protocol):
    """What of a pool decides who may enter it."""

    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def region_code(self) -> str | None: ...  # noqa: D102
    @property
    def largest(self) -> int: ...  # noqa: D102
    @property
    def cap_pence(self) -> int: ...  # noqa: D102
    @property
    def first_start_on(self) -> date: ...  # noqa: D102
    @property
    def last_start_on(self) -> date: ...  # noqa: D102
    @property
    def joins_until(self) -> datetime: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102


def day_end(day: date) -> datetime:
    """Return the instant at which a deadline on a day passes: five in the afternoon in London."""
    return datetime.combine(day, DAY_ENDS, LONDON)


def usual_cap_pence(region_code: str | None) -> int:
    """Return the usual bound on a pool's joint value: beyond it, few small firms could still bid."""
    return MODEL.cap(national=region_code is None) * UNIT_PENCE


def check_charter(charter: Charter, now: datetime, before: Charter | None = None) -> None:
    """Refuse rules that no pool could live by; `before` is what they replace.

    Raises:
        Refused: with the field that is wrong.
    """
    if charter.quorum < LEAST_QUORUM:
        raise Refused(f"A pool needs at least {LEAST_QUORUM} councils", "quorum")
    if not charter.quorum <= charter.largest <= MOST_MEMBERS:
        raise Refused(
            f"The largest number of councils must be from {charter.quorum} to {MOST_MEMBERS}", "largest"
        )
    if charter.cap_pence <= 0:
        raise Refused("The largest joint value must be more than £0", "cap_pence")
    if charter.last_start_on < charter.first_start_on:
        raise Refused("The latest start must be the same as or after the earliest start", "last_start_on")
    moved = before is None or before.joins_until != charter.joins_until
    if moved and charter.joins_until <= now:
        raise Refused("The last day to join must be in the future", "joins_until")
    if charter.signs_until <= now or (moved and charter.signs_until < charter.joins_until + DAYS_TO_SIGN):
        raise Refused(
            f"The last day to sign must be at least {DAYS_TO_SIGN.days} days after the last day to join",
            "signs_until",
        )
    if charter.last_start_on <= charter.signs_until.astimezone(LONDON).date():
        raise Refused("The latest start must be after the last day to sign", "last_start_on")


def check_change(state: str, before: Charter, after: Charter, *, others: int) -> None:
    """Refuse a change of the rules that members have not joined for.

    Args:
        state: of the pool.
        before: as it was.
        after: as it shall be.
        others: how many councils besides the lead are in it.

    Raises:
        Refused: with the field that is wrong.
    """
    if state not in OPEN:
        raise Refused("The rules of a pool can be changed only while it is forming or agreeing.")
    dates = ("joins_until", "signs_until")
    fixed = [name for name in Charter.__slots__ if name not in dates]
    changed = next((name for name in fixed if getattr(before, name) != getattr(after, name)), None)
    if state == PoolState.AGREEING and changed:
        raise Refused("While members are signing, only the dates can be put off", changed)
    if others or state == PoolState.AGREEING:
        for name in dates:
            if getattr(after, name) < getattr(before, name):
                raise Refused("Others joined under these dates: they can only be put off", name)


def check_can_join(
    pool: Entered, *, stage: str | None, members: int, region_code: str | None, now: datetime
) -> None:
    """Refuse a council that cannot enter a pool.

    Args:
        pool: which.
        stage: how far the council has gone in it before, or None.
        members: how many councils are in it.
        region_code: of the council.
        now: this instant.

    Raises:
        Refused: why.
    """
    if stage is not None and stage != Stage.WITHDRAWN:
        raise Refused("Your council is in this pool already.")
    if pool.state not in OPEN or now >= pool.joins_until:
        raise Refused("Joining this pool has ended.")
    if pool.region_code is not None and pool.region_code != region_code:
        raise Refused("This pool is for councils of one region, and yours is in another.")
    if members >= pool.largest:
        raise Refused(f"This pool is full: it takes {pool.largest} councils.")


def check_brings(pool: Entered, need: Brought, own_code: str | None) -> None:
    """Refuse a need that does not fit a pool.

    Raises:
        Refused: why, at the field `need_id`.
    """
    if need.body_code != own_code:
        raise Refused("Choose a need of your own council", "need_id")
    if need.state != NeedState.OPEN:
        raise Refused("Choose a need that is open", "need_id")
    if need.category != pool.category:
        raise Refused("Choose a need of the pool's category", "need_id")
    if need.value_pence is None:
        raise Refused("This need has no estimated value yet. Add one to it first", "need_id")
    if not _overlaps(need, (pool.first_start_on, pool.last_start_on)):
        raise Refused("This need could not start on any day on which the pool could", "need_id")


def _overlaps(need: Brought | Wanted, window: tuple[date, date]) -> bool:
    if need.earliest_start_on is None or need.latest_start_on is None:
        return False
    return overlap((need.earliest_start_on, need.latest_start_on), window) is not None


def check_pooled_move(pool_title: str, to: NeedState) -> None:
    """Refuse to take away a need that a pool reckons with.

    Raises:
        Refused: with what to do instead.
    """
    if to is not NeedState.OPEN:
        raise Refused(f"This need is in the pool “{pool_title}”. Leave that pool before you do this.")


def check_pooled_change(pool_title: str, window: tuple[date, date], before: Wanted, after: Wanted) -> None:
    """Refuse a change of a need that the members of its pool would not see.

    Args:
        pool_title: the pool that the need is in.
        window: on which days that pool can start.
        before: the need as it was.
        after: as it shall be.

    Raises:
        Refused: with the field, and what to do instead.
    """
    for name, what in (("value_pence", "estimated value"), ("volume", "volume"), ("unit", "unit")):
        if getattr(before, name) != getattr(after, name):
            raise Refused(
                f"This need is in the pool “{pool_title}”, whose members reckon with its {what}. "
                "Change there what your council brings",
                name,
            )
    if before.category != after.category:
        raise Refused(f"The category cannot change while the need is in the pool “{pool_title}”", "category")
    if not _overlaps(after, window):
        raise Refused(f"The need must be able to start when the pool “{pool_title}” can", "earliest_start_on")


def check_fits(pool: Entered, joint_pence: int, field: str) -> None:
    """Refuse what would take a pool above its bound.

    Raises:
        Refused: at a field.
    """
    if joint_pence > pool.cap_pence:
        raise Refused(
            f"With it the pool would be above its largest joint value of {format_pence(pool.cap_pence)}. "
            "Look for another pool, or start one",
            field,
        )


def check_can_set_terms(pool: Entered, stage: str) -> None:
    """Refuse terms of a council that is bound, or of a pool that is past them.

    Raises:
        Refused: why.
    """
    if stage == Stage.WITHDRAWN:
        raise Refused("Your council has left this pool.")
    if stage == Stage.BOUND:
        raise Refused("Your council has signed: what it brings and its terms stay as they are.")
    if pool.state not in OPEN:
        raise Refused("This pool is past setting terms.")


def check_can_withdraw(pool: Entered, stage: str, *, leads: bool, reason: str) -> None:
    """Refuse a council that cannot leave, or does not say why.

    Raises:
        Refused: why, where a reason is missing at that field.
    """
    if stage == Stage.WITHDRAWN:
        raise Refused("Your council has left this pool already.")
    if leads:
        raise Refused("The lead council cannot leave its pool; it can dissolve it.")
    if pool.state not in ALIVE or pool.state == PoolState.HANDED_OVER:
        raise Refused("Nobody leaves this pool any more: it has been handed to tender, or has ended.")
    if stage == Stage.BOUND and not reason:
        raise Refused("Say why your council leaves: it is bound", "reason")


def check_can_open(*, state: str, settling: bool, holds: bool) -> None:
    """Refuse to open agreeing before the pool holds.

    Raises:
        Refused: why.
    """
    if state != PoolState.FORMING:
        raise Refused("Only a pool that is forming can be opened for agreeing.")
    if settling:
        raise Refused("It is being worked out who is in. Try again in a moment.")
    if not holds:
        raise Refused("The pool does not hold yet: the outlook says what is missing.")


def check_can_hand_over(*, state: str, settling: bool) -> None:
    """Refuse to hand over a pool that is not committed, or may no longer be.

    Raises:
        Refused: why.
    """
    if state != PoolState.COMMITTED:
        raise Refused("Only a committed pool can be handed to tender.")
    if settling:
        raise Refused("It is being worked out who is in. Try again in a moment.")


VOTE_WORDS: Final = {
    VoteRule.COUNCIL: "One council, one vote",
    VoteRule.VOLUME: "Votes count by volume, or by estimated value where volumes cannot be added up",
}
