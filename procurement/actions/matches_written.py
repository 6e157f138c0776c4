"""Writing vectors and matches, many rows a statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, REAL, BigInteger, Boolean, LargeBinary, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.similarity.model import Vectors
from analytics.similarity.nearest import MOST_KEPT, Best
from procurement.queries.fields import Known, TextRow
from procurement.rules.needs import NeedState

_BATCH: Final = 10_000


def _array(name: str, kind: Any) -> Any:
    return bindparam(name, type_=ARRAY(kind))


_PUT: Final = text("""
    insert into need_vector (need_id, model_id, version, vector, wants, refuses, was_open)
    select v.need_id, :model_id, v.version, v.vector, v.wants, v.refuses, false
    from unnest(:ids, :versions, :vectors, :wants, :refuses) v (need_id, version, vector, wants, refuses)
    on conflict (need_id) do update set model_id = excluded.model_id, vector = excluded.vector,
      wants = excluded.wants, refuses = excluded.refuses
""").bindparams(
    bindparam("model_id", type_=Uuid()),
    _array("ids", Uuid()),
    _array("versions", BigInteger()),
    _array("vectors", LargeBinary()),
    _array("wants", LargeBinary()),
    _array("refuses", LargeBinary()),
)
_REMOVE: Final = text("delete from need_match where need_id = any(:ids)").bindparams(_array("ids", Uuid()))
_ADD: Final = text("""
    insert into need_match (need_id, other_id, cosine)
    select (:ids)[m.need], (:others)[m.other], m.cosine
    from unnest(:need, :other, :cosine) m (need, other, cosine)
    on conflict (need_id, other_id) do update set cosine = excluded.cosine
""").bindparams(
    _array("ids", Uuid()),
    _array("others", Uuid()),
    _array("need", BigInteger()),
    _array("other", BigInteger()),
    _array("cosine", REAL()),
)
_MARK: Final = text("""
    update need_vector v set version = m.version, was_open = m.was_open, least_log_odds = m.least,
      matched_at = statement_timestamp()
    from unnest(:ids, :versions, :opened, :least) m (need_id, version, was_open, least)
    where v.need_id = m.need_id
""").bindparams(
    _array("ids", Uuid()),
    _array("versions", BigInteger()),
    _array("opened", Boolean()),
    _array("least", REAL()),
)


async def put_vectors(db: AsyncSession, model_id: UUID, needs: Sequence[TextRow], vectors: Vectors) -> None:
    """Keep the vectors of needs; when their matches were worked out stays as it is."""
    for start in range(0, len(needs), _BATCH):
        some = needs[start : start + _BATCH]
        small = vectors[start : start + _BATCH].astype("<f2")
        await db.execute(
            _PUT,
            {
                "model_id": model_id,
                "ids": [need.id for need in some],
                "versions": [need.version for need in some],
                "vectors": [row.tobytes() for row in small],
                "wants": [need.wants for need in some],
                "refuses": [need.refuses for need in some],
            },
        )


async def write_best(db: AsyncSession, known: Known, found: Best) -> int:
    """Replace the matches of the needs that were asked for; return how many there are now."""
    await db.execute(_REMOVE, {"ids": [known.ids[place] for place in found.asked]})
    await _add(db, known, found.need, found.other, found.cosine)
    await _mark(db, known, found)
    return len(found.need)


async def write_new(db: AsyncSession, known: Known, blocks: Sequence[Best]) -> int:
    """Write the matches of new or changed needs, and put open ones onto the lists where they belong.

    A list takes a need in that would be among its best; it grows by that, until all are worked out anew.
    """
    written = 0
    opened = np.array([state == NeedState.OPEN for state in known.states], bool)
    for found in blocks:
        rank = np.arange(len(found.need)) - np.searchsorted(found.need, found.need)
        own = rank < MOST_KEPT
        await _add(db, known, found.need[own], found.other[own], found.cosine[own])
        least = known.least_log_odds[found.other]
        back = opened[found.need] & (np.isnan(least) | (found.log_odds > least))
        await _add(db, known, found.other[back], found.need[back], found.cosine[back])
        short = Best(found.asked, found.need[own], found.other[own], found.cosine[own], found.log_odds[own])
        await _mark(db, known, short)
        written += int(own.sum() + back.sum())
    return written


async def _add(db: AsyncSession, known: Known, need: Any, other: Any, cosine: Any) -> None:
    if not len(need):
        return
    # Each id is sent once; the pairs say at which place of the two lists theirs stands, counted from 1.
    ids, need_at = np.unique(need, return_inverse=True)
    others, other_at = np.unique(other, return_inverse=True)
    await db.execute(
        _ADD,
        {
            "ids": [known.ids[place] for place in ids],
            "others": [known.ids[place] for place in others],
            "need": (need_at + 1).tolist(),
            "other": (other_at + 1).tolist(),
            "cosine": cosine.tolist(),
        },
    )


async def _mark(db: AsyncSession, known: Known, found: Best) -> None:
    """Write down for which version matches were worked out, and what a newcomer must exceed."""
    least: dict[int, tuple[int, float]] = {int(place): (0, 0.0) for place in found.asked}
    for place, odds in zip(found.need.tolist(), found.log_odds.tolist(), strict=True):
        count, lowest = least[place]
        least[place] = (count + 1, odds if not count else min(lowest, odds))
    await db.execute(
        _MARK,
        {
            "ids": [known.ids[place] for place in least],
            "versions": [known.versions[place] for place in least],
            "opened": [known.states[place] == NeedState.OPEN for place in least],
            "least": [low if count >= MOST_KEPT else None for count, low in least.values()],
        },
    )
