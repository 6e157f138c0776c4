"""When the lead of a pool goes from one council to another: one offers it, the other accepts."""

from __future__ import annotations

from collections.abc import Iterable

from procurement.rules.pools.states import OPEN
from values.refusals import Refused


def check_open(state: str) -> None:
    """Refuse to change the lead of a pool that is bound to it.

    While it forms or agrees, members can still leave freely, or sign anew under the new lead. After that they
    are bound to an agreement, and later to a tender, that one council answers for.

    Raises:
        Refused: the pool is committed, or further.
    """
    if state not in OPEN:
        raise Refused("The lead goes to another council only while a pool is forming or agreeing.")


def check_can_offer(
    state: str, to_code: str | None, *, others: Iterable[str], offered_name: str | None
) -> None:
    """Refuse an offer of the lead.

    Args:
        state: of the pool.
        to_code: the council that is chosen.
        others: the councils that are in the pool besides the lead.
        offered_name: the council to which the lead is offered already, or None.

    Raises:
        Refused: why.
    """
    check_open(state)
    if offered_name is not None:
        raise Refused(f"The lead is offered to {offered_name} already. Take that offer back first.")
    if to_code not in set(others):
        raise Refused("Choose a council that is in this pool", "to_code")


def check_is_offered(state: str, offered_code: str | None, own_code: str | None) -> None:
    """Refuse to answer an offer that does not stand.

    Raises:
        Refused: the pool went on, or nobody offers this council the lead.
    """
    check_open(state)
    if offered_code is None or offered_code != own_code:
        raise Refused("The lead of this pool is not offered to your council, or no longer.")
