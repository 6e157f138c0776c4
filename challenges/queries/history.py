"""What happened to a challenge and on the panels of its phases, for people of its sponsors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries import trail
from accounts.queries.trail import EntryRow
from challenges.queries import phases
from challenges.rules import happenings
from challenges.rules.phases import SUBJECT_KIND
from store.models import AuditEntry


async def entries(
    db: AsyncSession, challenge_id: UUID, *, offset: int, limit: int
) -> tuple[int, Sequence[EntryRow]]:
    """Return how many entries a challenge has with its panels, and a part of them, the newest first.

    Of a panel it is told who was named and released, declared, was barred, locked and agreed; no score.
    """
    names = {str(each.id): each.name for each in await phases.phases(db, challenge_id)}
    on_panels = and_(
        AuditEntry.subject_kind == SUBJECT_KIND,
        AuditEntry.subject_id.in_(list(names)),
        AuditEntry.action.in_(list(happenings.PANEL_SENTENCES)),
    )
    total, found = await trail.entries(
        db, "challenge", challenge_id, happenings.WORDS, offset=offset, limit=limit, also=on_panels
    )
    return total, [
        _of_panel(each, names[each.subject_id]) if each.subject_id in names else each for each in found
    ]


def _of_panel(entry: EntryRow, phase: str) -> EntryRow:
    decision = happenings.DECIDED.get(entry.details.get("decision", ""), "")
    return replace(entry, details={**entry.details, "phase": phase, "decision": decision})
