"""Everybody on a panel declares for each candidate, and somebody else decides about a conflict."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.models import Declaration, DeclarationDecision
from sourcing.queries import declarations as queries
from sourcing.queries import panels, subjects
from sourcing.rules import panels as rules
from sourcing.rules.panels import Decision
from store import audit
from values.actors import Actor, Role
from values.ids import uuid7


async def declare(
    db: AsyncSession, actor: Actor, subject_id: UUID, candidate_id: UUID, *, conflict: bool, nature: str = ""
) -> UUID:
    """Declare a conflict with a candidate, or none; once more after names were lifted, or when it changed.

    Raises:
        Missing: there is no such candidate for the actor.
        NotAllowed: the actor is not on the panel.
        Refused: it is the wrong time, nothing is described, or an earlier one is open or decided for good.
    """
    found = await subjects.subject(db, subject_id)
    panel = await panels.panel(db, subject_id)
    await panels.member(db, subject_id, actor.person_id)
    row = await panels.candidate(db, subject_id, candidate_id)
    standing = await panels.standing(db, candidate_id, actor.person_id)
    kept = candidate_id in await panels.kept(db, subject_id)
    rules.check_declare(panel.state, standing, conflict=conflict, nature=nature, kept=kept)
    declaration_id, named = uuid7(), panel.names_lifted_at is not None
    await db.execute(
        insert(Declaration)
        .values(
            id=declaration_id,
            subject_id=subject_id,
            candidate_id=candidate_id,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            named=named,
            conflict=conflict,
            nature=nature.strip(),
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        "conflict.declared",
        found.kind,
        subject_id,
        number=row.number,
        conflict=conflict,
        named=named,
    )
    return declaration_id


async def decide(
    db: AsyncSession, actor: Actor, subject_id: UUID, declaration_id: UUID, decision: Decision, *, reason: str
) -> None:
    """Decide whether somebody who declared a conflict may score.

    Raises:
        Missing: there is no such declaration for the actor.
        NotAllowed: the actor declared it, or does not decide about it.
        Refused: there is nothing to decide, or no reason.
    """
    found = await subjects.subject(db, subject_id)
    panel = await panels.panel(db, subject_id)
    row = await queries.declaration(db, subject_id, declaration_id)
    leads = any(
        buyer.leads and buyer.organisation_id == actor.organisation_id
        for buyer in await subjects.buyers(db, subject_id)
    )
    rules.check_decide(
        actor.person_id,
        row.person_id,
        panel.chair_id,
        conflict=row.conflict,
        decided=row.decision is not None,
        approves=leads and actor.has(Role.APPROVER),
        reason=reason,
    )
    await db.execute(
        insert(DeclarationDecision)
        .values(
            declaration_id=declaration_id,
            decision=decision,
            reason=reason.strip(),
            decided_by_id=actor.person_id,
            decided_by_name=actor.name,
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        "conflict.decided",
        found.kind,
        subject_id,
        number=row.number,
        person=row.person_name,
        decision=decision,
    )
