"""Who hears of what was found for an open need, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notifications.rules.telling import Reason, Wording
from procurement.rules.findings import Kind

MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at once for one need.

    Attributes:
        title: of the need itself.
        councils: short names of those whose needs were found, in order.
    """

    entry_id: int
    at: datetime
    kind: str
    need_id: UUID
    title: str
    body_code: str
    councils: tuple[str, ...]


def notices(found: Sequence[Found], officers: Mapping[str, Sequence[UUID]]) -> Sequence[Wording]:
    """Return the notices that findings make: for each officer of the need's council, and nobody else."""
    return [
        Wording(
            person_id,
            each.entry_id,
            each.at,
            each.title,
            Reason.MATCHED if each.kind == Kind.MATCH else Reason.SUGGESTED,
            words(each),
            href(each),
            need_id=each.need_id,
        )
        for each in found
        for person_id in officers.get(each.body_code, ())
    ]


def words(found: Found) -> str:
    """Return a notice's sentence. It names councils and holds nobody's own words: it is also sent by mail."""
    councils = named(found.councils)
    if found.kind == Kind.MATCH:
        return f"{councils} {'needs' if len(found.councils) == 1 else 'need'} much the same"
    return f"A pool with {councils} is suggested for this need"


def named(councils: Sequence[str]) -> str:
    """Return the names of councils in a sentence, the first few of many."""
    if len(councils) > MOST_NAMED + 1:
        return f"{', '.join(councils[:MOST_NAMED])} and {len(councils) - MOST_NAMED} more councils"
    return " and ".join(part for part in (", ".join(councils[:-1]), councils[-1]) if part)


def href(found: Found) -> str:
    """Return where a notice leads: to the need with its matches, or to the pool that holds it now."""
    if found.kind == Kind.MATCH:
        return f"/needs/{found.need_id}"
    return f"/pools/suggested/with/{found.need_id}"
