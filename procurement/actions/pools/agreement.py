"""Making a version of the agreement of a pool."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from procurement.actions.pools import pulse
from procurement.models import PoolAgreement
from procurement.queries.pools import agreements
from procurement.queries.pools import pool as pools
from procurement.rules.pools import agreement as rules
from procurement.rules.pools import signing, states
from procurement.rules.pools.agreement import Choices
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.refusals import Refused


async def make_version(
    db: AsyncSession,
    actor: Actor,
    pool_id: UUID,
    choices: Choices,
    *,
    reason: str,
    seen: bytes,
    now: datetime | None = None,
) -> int:
    """Make the next version; return its number. Signatures under earlier ones end.

    `seen` is the hash of the preview that the officer read.

    Raises:
        NotAllowed: not an officer of the lead council.
        Refused: the pool takes no version, it changed since the preview, or nothing is different.
    """
    pool = await pools.locked_pool(db, pool_id)
    code = await own_code(db, actor)
    states.check_may_lead(actor, pool.lead_code, code)
    signing.check_can_make(pool.state, pool.signs_until, now or datetime.now(UTC))
    last = await agreements.last_version(db, pool_id)
    number = last.version + 1 if last else 1
    facts = await agreements.facts(db, pool_id)
    text = rules.fill(facts, choices, number)
    if last and rules.fill(facts, choices, last.version) == last.text:
        raise Refused(f"Nothing is different from version {last.version}.")
    if last and not reason:
        raise Refused("Say why there is a new version", "reason")
    if rules.digest(text) != seen:
        raise Refused(
            "The pool or your choices changed since this preview. Read it again, then make the version."
        )
    await db.execute(
        insert(PoolAgreement).values(
            pool_id=pool_id,
            version=number,
            text=text,
            sha256=seen,
            choices={**choices.as_json(), "parties": [party.code for party in facts.parties]},
            reason=reason,
            person_name=actor.name,
        )
    )
    await audit.record(
        db,
        actor,
        "pool.agreement_made",
        "pool",
        pool_id,
        body_code=code,
        version=number,
        sha256=seen.hex(),
        reason=reason,
    )
    await pulse.changed(db, actor, pool_id)
    await pulse.took_part(db, actor, pool_id, str(code))
    return number
