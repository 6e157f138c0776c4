"""Writing down what was found for open needs and was not told yet; notices are made from it.

A finding names a pair of needs and stays for good, so that a search that finds the same every night tells of
it once. What a search found stands with the entry of the audit trail, in one transaction.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from procurement.models import MatchLabel, Need, NeedFinding, NeedMatch
from procurement.rules.findings import CLOSE_COSINE, MATCHED, Kind
from procurement.rules.needs import NeedState
from store import audit
from values.actors import Actor
from values.ids import uuid7

# A suggested pool is news for a need that heard of less than half of the others before; whom a pool exchanges
# for another from one night to the next is none.
_SUGGESTED: Final = text("""
    insert into need_finding (need_id, other_id, kind, batch_id)
    select s.need_id, unnest(array_agg(o.need_id)), 'suggested', :run_id
    from suggested_need s
      join suggested_pool p on p.id = s.pool_id and p.run_id = :run_id
      join suggested_need o on o.pool_id = s.pool_id and o.body_code <> s.body_code
      left join need_finding f
        on f.need_id = s.need_id and f.other_id = o.need_id and f.kind = 'suggested'
    group by s.need_id, s.pool_id
    having 2 * count(f.need_id) < count(*)
    on conflict (need_id, other_id, kind) do update set batch_id = excluded.batch_id
""").bindparams(bindparam("run_id", type_=Uuid()))


async def note_matches(db: AsyncSession, actor: Actor, which: ColumnElement[bool]) -> None:
    """Write down which of some matches are close and were not told of, for needs that are in no pool."""
    other, batch_id = aliased(Need), uuid7()
    not_alike = exists().where(
        MatchLabel.first_id == func.least(NeedMatch.need_id, NeedMatch.other_id),
        MatchLabel.second_id == func.greatest(NeedMatch.need_id, NeedMatch.other_id),
        MatchLabel.body_code == Need.body_code,
    )
    close = (
        select(NeedMatch.need_id, NeedMatch.other_id, literal(Kind.MATCH.value), literal(batch_id))
        .join(Need, Need.id == NeedMatch.need_id)
        .join(
            other,
            and_(
                other.id == NeedMatch.other_id,
                other.category == Need.category,
                other.body_code != Need.body_code,
                other.earliest_start_on <= Need.latest_start_on,
                other.latest_start_on >= Need.earliest_start_on,
            ),
        )
        .where(
            which,
            NeedMatch.cosine >= CLOSE_COSINE,
            Need.state == NeedState.OPEN,
            other.state == NeedState.OPEN,
            Need.id.not_in(select(func.app.needs_in_pools())),
            ~not_alike,
        )
    )
    written = insert(NeedFinding).from_select(["need_id", "other_id", "kind", "batch_id"], close)
    found = (await db.scalars(written.on_conflict_do_nothing().returning(NeedFinding.need_id))).all()
    if found:
        await audit.record(db, actor, MATCHED, "finding", batch_id, needs=len(set(found)), pairs=len(found))


async def note_suggestions(db: AsyncSession, run_id: UUID) -> None:
    """Write down for which needs a run suggests a pool that is news; the run's own entry tells of it."""
    await db.execute(_SUGGESTED, {"run_id": run_id})
