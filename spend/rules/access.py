"""Who may do what with a body's published files."""

from __future__ import annotations

from values.actors import Actor, Role
from values.refusals import NotAllowed


def may_change(actor: Actor, body_code: str, own_code: str | None) -> bool:
    """Tell whether an actor may upload, correct, withdraw and take away a body's files.

    Args:
        actor: who is asking.
        body_code: whose files they are.
        own_code: of the body that the actor acts for; None for a person of no body of the register.
    """
    return actor.has(Role.OPERATOR) or (actor.has(Role.OFFICER) and own_code == body_code)


def check_may_change(actor: Actor, body_code: str, own_code: str | None) -> None:
    """Refuse whoever may not change a body's files.

    Raises:
        NotAllowed: neither an officer of the body nor an operator.
    """
    if not may_change(actor, body_code, own_code):
        raise NotAllowed(
            "Only an officer of the council that published a file, or an operator, can do this with it."
        )


def may_see_set_aside(actor: Actor, body_code: str, own_code: str | None) -> bool:
    """Tell whether an actor may read the lines that could not be read: they may hold names.

    Row-level security says the same; here it decides whether a link is shown.
    """
    return actor.has(Role.OPERATOR, Role.SECTOR_LEAD) or (
        actor.person_id is not None and own_code == body_code
    )


def may_upload(actor: Actor) -> bool:
    """Tell whether there is any body for which an actor may upload files."""
    return actor.has(Role.OPERATOR, Role.OFFICER)
