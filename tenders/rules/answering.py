"""Who may do what around a published tender on the suppliers' side."""

from __future__ import annotations

from uuid import UUID

from tenders.rules import states
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused


def is_supplier(actor: Actor) -> bool:
    """Tell whether somebody acts for a supplier."""
    return actor.has(Role.SUPPLIER) and actor.organisation_id is not None


def check_supplier(actor: Actor) -> UUID:
    """Return the supplier that an actor acts for.

    Raises:
        NotAllowed: the actor acts for none.
    """
    if actor.organisation_id is None or not is_supplier(actor):
        raise NotAllowed("Only people of a supplier can do this.")
    return actor.organisation_id


def check_public(state: str, *, published: bool) -> None:
    """Refuse what suppliers do with a tender before everybody sees it.

    Raises:
        Refused: it is not public.
    """
    if not states.is_public(state, published=published):
        raise Refused("This tender is not published.")
