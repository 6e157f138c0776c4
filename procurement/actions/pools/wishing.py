"""Wishes about suggested pools: an officer makes one for an own need, any council named ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.pooling.crew import Limits
from analytics.pooling.needs import Need
from analytics.pooling.optimising import TooLittleTime, optimise
from procurement.models import SuggestionWish
from procurement.queries import needs as need_queries
from procurement.queries.pools import candidates as candidate_queries
from procurement.queries.pools import wishes as queries
from procurement.rules.pools import candidates, wishes
from procurement.rules.pools.candidates import MODEL, Taken
from procurement.rules.pools.states import check_officer
from procurement.rules.pools.wishes import WishKind
from spend.queries import own_code
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import NotAllowed, Refused
from values.years import london_today

# How long a person waits to hear that no lawful pool can keep a pin.
CHECK_SECONDS = 1.5


async def wish(
    db: AsyncSession,
    actor: Actor,
    need_id: UUID,
    *,
    kind: WishKind,
    others: Sequence[UUID] = (),
    reason: str,
) -> list[UUID]:
    """Save what a council wishes of the next run; of several needs to keep apart, one wish each.

    Raises:
        NotAllowed: not an officer of the need's council.
        Refused: it contradicts a wish that counts, or no lawful pool could keep it.
    """
    check_officer(actor)
    code = await own_code(db, actor)
    need = await need_queries.need_row(db, need_id)
    if code is None or need.body_code != code:
        raise NotAllowed("A wish is about a need of your own council.")
    if not reason.strip():
        raise Refused("Say why, so that others understand it.", "reason")
    others = [other for other in dict.fromkeys(others) if other != need_id]
    sets = [[need_id, other] for other in others] if kind is WishKind.APART else [[need_id, *others]]
    if kind is WishKind.APART and not others:
        raise Refused("Choose at least one other need.", "others")
    for ids in sets:
        wishes.check_shape(kind, ids)
    taken = await _market_of(db, need.category)
    await _check(db, taken, kind, sets)
    return [await _save(db, actor, code, taken, kind, ids, reason.strip()) for ids in sets]


async def end_wish(db: AsyncSession, actor: Actor, wish_id: UUID) -> None:
    """End a wish that names a need of the actor's council, whoever made it."""
    check_officer(actor)
    found = await queries.locked_wish(db, wish_id)
    await db.execute(
        update(SuggestionWish)
        .where(SuggestionWish.id == wish_id)
        .values(ended_at=func.statement_timestamp(), ended_by_name=actor.name)
    )
    await audit.record(
        db,
        actor,
        "suggestion_wish.ended",
        "suggestion_wish",
        wish_id,
        kind=found.kind,
        made_by=found.body_code,
    )


async def _market_of(db: AsyncSession, category: str) -> Taken:
    return candidates.taken(await candidate_queries.open_needs(db, category=category), london_today())


async def _check(db: AsyncSession, taken: Taken, kind: WishKind, sets: Sequence[Sequence[UUID]]) -> None:
    """Refuse a wish about needs that are not searched, or that contradicts those that count."""
    for need_id in dict.fromkeys(need_id for ids in sets for need_id in ids):
        if str(need_id) not in taken.by_id:
            why = taken.left_out.get(need_id, "it is not open, or of another category")
            raise Refused(f"One of these needs is not looked at: {why}.")
    live = [
        (each.kind, each.names)
        for each in await queries.live_wishes(db)
        if all(name in taken.by_id for name in each.names)
    ]
    wished = [*live, *((kind, frozenset(map(str, ids))) for ids in sets)]
    wishes.check_together(taken.needs, wished, by_id=taken.by_id, model=MODEL)
    if kind in (WishKind.TOGETHER, WishKind.INSIDE):
        await asyncio.to_thread(_check_possible, taken, wished, str(sets[0][0]))


def _check_possible(taken: Taken, wished: Sequence[tuple[WishKind, frozenset[str]]], name: str) -> None:
    """Refuse a pin where a short search proves that no lawful pools keep it."""
    about = next(need for need in taken.needs if need.id == name)
    here: list[Need] = candidates.market(taken.needs, about)
    names = {need.id for need in here}
    kept = wishes.joined((kind, ids) for kind, ids in wished if ids <= names)
    try:
        optimise(here, MODEL, wishes=kept, limits=Limits(CHECK_SECONDS, processes=1))
    except TooLittleTime:
        return
    except Refused as refusal:
        raise Refused(wishes.in_words(refusal.message, taken.by_id)) from refusal


async def _save(
    db: AsyncSession,
    actor: Actor,
    code: str,
    taken: Taken,
    kind: WishKind,
    need_ids: Sequence[UUID],
    reason: str,
) -> UUID:
    wish_id = uuid7()
    codes = sorted({taken.by_id[str(need_id)].body_code for need_id in need_ids})
    await db.execute(
        insert(SuggestionWish)
        .values(
            id=wish_id,
            kind=kind,
            need_ids=list(need_ids),
            body_code=code,
            body_codes=codes,
            person_id=actor.person_id,
            person_name=actor.name,
            reason=reason,
        )
        .inline()
    )
    await audit.record(
        db,
        actor,
        "suggestion_wish.made",
        "suggestion_wish",
        wish_id,
        kind=kind,
        councils=codes,
        reason=reason,
    )
    return wish_id
