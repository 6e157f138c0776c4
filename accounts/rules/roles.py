"""Who may hand out which role, and who needs a second factor."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused

NAMES: Final[Mapping[Role, str]] = {
    Role.OFFICER: "Procurement officer",
    Role.APPROVER: "Approver",
    Role.SECTOR_LEAD: "Sector lead",
    Role.SUPPLIER: "Supplier",
    Role.OPERATOR: "Operator",
}
# An approver commits the council, and so also says who acts for it. Migration 0002 holds the same list.
GRANTABLE: Final[Mapping[Role, frozenset[Role]]] = {
    Role.OFFICER: frozenset(),
    Role.APPROVER: frozenset({Role.OFFICER, Role.APPROVER}),
    Role.SECTOR_LEAD: frozenset({Role.SECTOR_LEAD}),
    Role.SUPPLIER: frozenset({Role.SUPPLIER}),
    Role.OPERATOR: frozenset(Role),
}
NEED_SECOND_FACTOR: Final = frozenset({Role.APPROVER, Role.OPERATOR})
FRESH: Final = timedelta(minutes=10)

_BUYERS: Final = frozenset({Role.OFFICER, Role.APPROVER, Role.OPERATOR})
_OF_KIND: Final[Mapping[str, frozenset[Role]]] = {
    "council": _BUYERS,
    # Its people get ready before its first day.
    "planned_council": _BUYERS,
    "former_council": frozenset(),
    "combined_authority": _BUYERS | {Role.SECTOR_LEAD},
    "purchasing_body": _BUYERS | {Role.SECTOR_LEAD},
    "sector_body": frozenset({Role.SECTOR_LEAD, Role.OPERATOR}),
    "supplier": frozenset({Role.SUPPLIER}),
}


class Stage(enum.Enum):
    """How far a sign-in has come."""

    SECOND_FACTOR = "second factor"
    ENROL = "enrol"
    COMPLETE = "complete"


def stage(roles: Collection[Role], *, enrolled: bool, second_factor_at: datetime | None) -> Stage:
    """Return what is still asked of somebody who gave the right password."""
    if enrolled:
        return Stage.COMPLETE if second_factor_at is not None else Stage.SECOND_FACTOR
    return Stage.ENROL if needs_second_factor(roles) else Stage.COMPLETE


def needs_second_factor(roles: Collection[Role]) -> bool:
    """Tell whether somebody with these roles cannot work without a second factor."""
    return not NEED_SECOND_FACTOR.isdisjoint(roles)


def is_fresh(second_factor_at: datetime | None, now: datetime) -> bool:
    """Tell whether the second factor was shown so lately that it need not be asked for again."""
    return second_factor_at is not None and now - second_factor_at <= FRESH


def grantable(actor: Actor) -> frozenset[Role]:
    """Return the roles that an actor may give to somebody, or take away."""
    return frozenset[Role]().union(*(GRANTABLE[role] for role in actor.roles))


def possible(kind: str) -> frozenset[Role]:
    """Return the roles that people can have in a body of this kind."""
    return _OF_KIND[kind]


def may_manage_people(actor: Actor) -> bool:
    """Tell whether an actor sees the pages on which people are invited and removed."""
    return bool(grantable(actor))


def check_can_grant(actor: Actor, kind: str, roles: Collection[Role]) -> None:
    """Refuse to hand out a role that is not the actor's to give, or makes no sense in such a body.

    Raises:
        NotAllowed: the actor may not give one of them.
        Refused: nobody has such a role there.
    """
    if not grantable(actor).issuperset(roles):
        raise NotAllowed("You may not give this role to somebody.")
    if wrong := sorted(NAMES[role] for role in set(roles) - possible(kind)):
        raise Refused(
            f"Nobody in such an organisation is called {wrong[0].lower()}. Choose another role.", "role"
        )
