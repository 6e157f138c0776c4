"""What people say of matches, and what the ranking learns from it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.similarity.ranking import Label, learn
from procurement.models import MatchLabel, MatchWeights
from procurement.queries import matches as queries
from procurement.queries import needs
from procurement.rules import matching as rules
from spend.queries import own_code
from store import audit, jobs
from values.actors import Actor
from values.refusals import Missing, NotAllowed, Refused


async def say_not_alike(db: AsyncSession, actor: Actor, need_id: UUID, other_id: UUID) -> None:
    """Take a match out of the lists of the actor's council, and let the ranking learn from it.

    Raises:
        Refused: the two are no match, so nothing would be hidden.
        NotAllowed: neither need is the actor's council's.
    """
    page, code = await _either(db, actor, need_id, other_id)
    found = await queries.pair(db, page, other_id)
    if found is None:
        raise Refused("The two needs are no longer matched. Open the need again.")
    first, second = rules.ordered(need_id, other_id)
    label = (
        insert(MatchLabel)
        .values(
            first_id=first,
            second_id=second,
            body_code=code,
            features=list(found.features),
            person_name=actor.name,
        )
        .on_conflict_do_nothing()
        .returning(MatchLabel.first_id)
    )
    # Two people of one council may say it at once; the second adds nothing.
    if (await db.execute(label)).first() is None:
        return
    await audit.record(db, actor, "match.not_alike", "need", need_id, other=str(other_id))
    await jobs.enqueue(db, actor, "procurement.learn_matches")


async def take_back(db: AsyncSession, actor: Actor, need_id: UUID, other_id: UUID) -> None:
    """Show a match again that the actor's council had taken out, and let the ranking forget it."""
    _, code = await _either(db, actor, need_id, other_id)
    first, second = rules.ordered(need_id, other_id)
    gone = delete(MatchLabel).where(
        MatchLabel.first_id == first, MatchLabel.second_id == second, MatchLabel.body_code == code
    )
    if (await db.execute(gone.returning(MatchLabel.first_id))).first() is None:
        raise Refused("Nobody of your council has said that these two are not alike.")
    await audit.record(db, actor, "match.alike_again", "need", need_id, other=str(other_id))
    await jobs.enqueue(db, actor, "procurement.learn_matches")


async def learn_weights(
    db: AsyncSession, actor: Actor, pooled: Iterable[tuple[UUID, UUID]] = ()
) -> tuple[float, ...]:
    """Learn the weights of the ranking from all labels; keep and return them. Safe to run twice.

    Args:
        db: of the worker, which reads the labels of all councils.
        actor: who asks.
        pooled: pairs of needs that ended in one pool: those go together. A pair that is no match any more
            says nothing.
    """
    said = await db.scalars(select(MatchLabel.features).order_by(MatchLabel.said_at, MatchLabel.first_id))
    labels = [Label(tuple(features), alike=False) for features in said]
    for need_id, other_id in pooled:
        found = await queries.pair(db, await needs.need_page(db, need_id), other_id)
        if found is not None:
            labels.append(Label(found.features, alike=True))
    weights = learn(labels)
    kept = insert(MatchWeights).values(
        weights=list(weights), label_count=len(labels), learnt_at=func.clock_timestamp()
    )
    await db.execute(kept)
    await audit.record(
        db, actor, "match.weights_learnt", "match_weights", "all", labels=len(labels), weights=list(weights)
    )
    return weights


async def _either(
    db: AsyncSession, actor: Actor, need_id: UUID, other_id: UUID
) -> tuple[needs.NeedPage, str]:
    page = await needs.need_page(db, need_id)
    other = await needs.need_row(db, other_id)
    code = await own_code(db, actor)
    if code is None:
        raise Missing("need")
    if not rules.may_label(actor, code, (page.need.body_code, other.body_code)):
        raise NotAllowed("Only people of one of the two councils can say this.")
    return page, code
