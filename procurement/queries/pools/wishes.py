"""Wishes about suggested pools that count, as far as the reader's council is named in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from procurement.models import Need, SuggestionWish
from procurement.rules.pools.wishes import Wish, WishKind
from values.refusals import Missing

_COLUMNS: Final = (
    SuggestionWish.id,
    SuggestionWish.kind,
    SuggestionWish.need_ids,
    SuggestionWish.body_code,
    Organisation.short_name,
    SuggestionWish.person_name,
    SuggestionWish.reason,
    SuggestionWish.made_at,
    SuggestionWish.set_aside,
)
_LIVE: Final = (
    select(*_COLUMNS)
    .join(Organisation, Organisation.code == SuggestionWish.body_code)
    .where(SuggestionWish.ended_at.is_(None))
    .order_by(SuggestionWish.made_at, SuggestionWish.id)
)


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A wish with the needs that it names, in words, as far as the reader may know them."""

    wish: Wish
    needs: Sequence[str]


async def live_wishes(db: AsyncSession) -> list[Wish]:
    """Return the wishes that nobody has ended, the oldest first; row-level security leaves out others'."""
    return [_wish(row) for row in await db.execute(_LIVE)]


def _wish(row: Any) -> Wish:
    return Wish(
        row.id,
        WishKind(row.kind),
        tuple(row.need_ids),
        row.body_code,
        row.short_name,
        row.person_name,
        row.reason,
        row.made_at,
        row.set_aside,
    )


async def shown_wishes(db: AsyncSession) -> list[ShownWish]:
    """Return the same with the titles of the needs."""
    wishes = await live_wishes(db)
    ids = {need_id for wish in wishes for need_id in wish.need_ids}
    rows = await db.execute(
        select(Need.id, func.concat("“", Need.title, "” (", Organisation.short_name, ")"))
        .join(Organisation, Organisation.code == Need.body_code)
        .where(Need.id.in_(ids))
    )
    told: dict[UUID, str] = {row[0]: row[1] for row in rows}
    return [
        ShownWish(wish, [told.get(each, "a need that is not open") for each in wish.need_ids])
        for wish in wishes
    ]


async def locked_wish(db: AsyncSession, wish_id: UUID) -> Wish:
    """Return a wish that counts, and that nobody else ends until this transaction does.

    Raises:
        Missing: there is none, or it is not theirs to see.
    """
    row = (
        await db.execute(_LIVE.where(SuggestionWish.id == wish_id).with_for_update(of=SuggestionWish))
    ).first()
    if row is None:
        raise Missing("wish")
    return _wish(row)
