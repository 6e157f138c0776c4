"""Declared conflicts and what was decided, for those who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Candidate, Declaration, DeclarationDecision, PanelMember
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """What somebody declared about a candidate, and what was decided, if anything."""

    id: UUID
    candidate_id: UUID
    number: int
    person_id: UUID
    person_name: str
    named: bool
    conflict: bool
    nature: str
    declared_at: datetime
    decision: str | None
    reason: str | None
    decided_by_name: str | None


async def declarations(db: AsyncSession, subject_id: UUID) -> Sequence[DeclarationRow]:
    """Return the declarations that the reader may read, the newest first."""
    query = (
        select(
            Declaration.id,
            Declaration.candidate_id,
            Candidate.number,
            Declaration.person_id,
            PanelMember.person_name,
            Declaration.named,
            Declaration.conflict,
            Declaration.nature,
            Declaration.declared_at,
            DeclarationDecision.decision,
            DeclarationDecision.reason,
            DeclarationDecision.decided_by_name,
        )
        .join(Candidate, Candidate.id == Declaration.candidate_id)
        .join(
            PanelMember,
            (PanelMember.subject_id == Declaration.subject_id)
            & (PanelMember.person_id == Declaration.person_id),
        )
        .outerjoin(DeclarationDecision, DeclarationDecision.declaration_id == Declaration.id)
        .where(Declaration.subject_id == subject_id)
    )
    rows = await db.execute(query.order_by(Declaration.declared_at.desc(), Declaration.id.desc()))
    return [DeclarationRow(*row) for row in rows]


async def declaration(db: AsyncSession, subject_id: UUID, declaration_id: UUID) -> DeclarationRow:
    """Return one declaration.

    Raises:
        Missing: there is none that the reader may read.
    """
    for each in await declarations(db, subject_id):
        if each.id == declaration_id:
            return each
    raise Missing("declaration")
