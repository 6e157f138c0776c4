"""Setting up to which sum an approver may commit their council."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Membership, Organisation, Person
from procurement.models import ApproverAuthority
from procurement.queries import authority as queries
from procurement.queries.authority import ApproverRow
from procurement.rules import authority as rules
from store import audit
from values.actors import Actor, Role
from values.refusals import Refused


async def set_limit(
    db: AsyncSession, actor: Actor, organisation_id: UUID, person_id: UUID, *, limit_pence: int
) -> None:
    """Say up to which sum an approver may commit their council; nought is nothing at all.

    Raises:
        Missing: the actor knows no such approver.
        NotAllowed: it is not theirs to say, or it is their own.
    """
    rules.check_may_set(actor, organisation_id, person_id)
    found = await queries.approver(db, actor, organisation_id, person_id)
    await _write(db, actor, found, limit_pence)


async def set_limit_of(
    db: AsyncSession, actor: Actor, *, email: str, limit_pence: int, council: str = ""
) -> ApproverRow:
    """Say the same from the command line, by e-mail address; return whose limit it was.

    Raises:
        Refused: nobody with that address approves, or for several councils and none was named.
    """
    rows = (
        await db.execute(
            select(Person.id, Organisation.id)
            .join(Membership, Membership.person_id == Person.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Person.email == email.strip().lower(),
                Membership.role == Role.APPROVER,
                (Organisation.code == council.upper()) | (Organisation.gss_code == council) | (council == ""),
            )
        )
    ).all()
    if not rows:
        raise Refused(f"No approver{' of ' + council if council else ''} has the address {email}.")
    if len(rows) > 1:
        raise Refused(f"{email} approves for several councils. Say which one with --council.")
    person_id, organisation_id = rows[0]
    found = await queries.approver(db, actor, organisation_id, person_id)
    await _write(db, actor, found, limit_pence)
    return found


async def _write(db: AsyncSession, actor: Actor, approver: ApproverRow, limit_pence: int) -> None:
    said = {
        "limit_pence": limit_pence,
        "set_by_id": actor.person_id,
        "set_by_name": actor.name,
        "set_at": func.statement_timestamp(),
    }
    await db.execute(
        insert(ApproverAuthority)
        .values(body_code=approver.body_code, person_id=approver.person_id, **said)
        .on_conflict_do_update(constraint="pk_approver_authority", set_=said)
        .inline()
    )
    # In the council's own trail, also where an operator of another body set it: the council must see it.
    await audit.record(
        db,
        dataclasses.replace(actor, organisation_id=approver.organisation_id),
        "authority.set",
        "authority",
        f"{approver.body_code}/{approver.person_id}",
        name=approver.name,
        before_pence=approver.limit_pence,
        limit_pence=limit_pence,
    )
