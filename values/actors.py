"""Who is asking: the second argument of every action and query."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class Role(enum.StrEnum):
    """What a person may do for the organisation that they belong to."""

    OFFICER = "officer"
    APPROVER = "approver"
    SECTOR_LEAD = "sector_lead"
    SUPPLIER = "supplier"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation, or nobody: the public.

    Attributes:
        person_id: None for the public and for the system's own jobs.
        organisation_id: the body that the person acts for in this session.
        roles: what the membership grants; empty for the public.
        name: shown in the page's header and kept in the audit trail.
    """

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    name: str = ""

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)


PUBLIC = Actor()
