"""Who says up to which sum an approver may commit their council."""

from __future__ import annotations

from uuid import UUID

from values.actors import Actor, Role
from values.refusals import NotAllowed


def may_see(actor: Actor) -> bool:
    """Tell whether an actor sees limits: those of their own council, an operator those of all."""
    return actor.has(Role.OFFICER, Role.APPROVER, Role.OPERATOR)


def may_set(actor: Actor, organisation_id: UUID, person_id: UUID) -> bool:
    """Tell whether an actor sets the limit of an approver: never their own."""
    own = actor.organisation_id == organisation_id
    return person_id != actor.person_id and (actor.has(Role.OPERATOR) or (own and actor.has(Role.APPROVER)))


def check_may_set(actor: Actor, organisation_id: UUID, person_id: UUID) -> None:
    """Refuse whoever does not set a limit.

    Raises:
        NotAllowed: it is their own, or they are neither an approver of the council nor an operator.
    """
    if person_id == actor.person_id:
        raise NotAllowed("Nobody sets their own limit. Ask another approver of your council, or an operator.")
    if not may_set(actor, organisation_id, person_id):
        raise NotAllowed("Only another approver of the council, or an operator, sets this limit.")
