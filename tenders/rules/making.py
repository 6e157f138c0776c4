"""When a pool becomes a tender."""

from __future__ import annotations

from collections.abc import Collection

from procurement.rules.pools.states import STATE_WORDS, PoolState
from values.refusals import Refused


def check_can_make(state: str, *, has_tender: bool, bound: Collection[str], signed: Collection[str]) -> None:
    """Refuse to make a tender of a pool that is not so far, or of councils that are not bound.

    A pool that was handed to tender may have no tender, or one that was terminated.

    Raises:
        Refused: with what is in the way.
    """
    if has_tender:
        raise Refused("This pool has a tender already.")
    if PoolState(state) not in (PoolState.COMMITTED, PoolState.HANDED_OVER):
        now = STATE_WORDS[PoolState(state)][0].lower()
        raise Refused(f"A tender is made from a pool that is committed. This one is {now}.")
    if not bound:
        raise Refused("No council is bound in this pool.")
    unsigned = set(bound) - set(signed)
    if unsigned:
        raise Refused("The signature of a council in this pool does not stand. Let it sign first.")
