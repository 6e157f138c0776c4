"""Needs as arrays for the search of matches; asked by the worker, which reads all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from analytics.similarity.nearest import Field
from procurement.models import MatchModel, MatchWeights, Need, NeedLine, NeedVector
from procurement.rules.conflicts import lines_of, masks
from procurement.rules.matching import groups
from procurement.rules.needs import NeedState
from store.db import rows


@dataclass(frozen=True, slots=True)
class TextRow:
    """A need whose vector is to be made."""

    id: UUID
    version: int
    state: str
    title: str
    outcomes: str
    category: str
    wants: bytes
    refuses: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Needs with vectors, and the same as arrays, place by place."""

    ids: list[UUID]
    states: list[str]
    versions: list[int]
    least_log_odds: np.ndarray[Any, np.dtype[np.float32]]
    field: Field


async def current_model(db: AsyncSession) -> MatchModel | None:
    """Return the model that was fitted last."""
    query = select(MatchModel).order_by(MatchModel.fitted_at.desc(), MatchModel.id.desc()).limit(1)
    return await db.scalar(query)


async def current_weights(db: AsyncSession) -> list[float] | None:
    """Return the weights that were learnt last; None where nothing was."""
    query = select(MatchWeights.weights).order_by(MatchWeights.learnt_at.desc(), MatchWeights.id.desc())
    return await db.scalar(query.limit(1))


async def texts_of(db: AsyncSession, ids: Sequence[UUID] | None = None) -> list[TextRow]:
    """Return needs that can have matches (not archived, with a category), all or those named, by id."""
    wanted = [Need.state != NeedState.ARCHIVED, Need.category != ""]
    if ids is not None:
        wanted.append(Need.id.in_(ids))
    columns = (Need.id, Need.version, Need.state, Need.title, Need.outcomes, Need.category)
    query = select(*columns, Need.standards, Need.interfaces).where(*wanted).order_by(Need.id)
    found = await rows(db, query)
    musts = select(NeedLine.need_id, NeedLine.text).where(NeedLine.kind == "must").order_by(NeedLine.position)
    if ids is not None:
        musts = musts.where(NeedLine.need_id.in_(ids))
    by_need: dict[UUID, list[str]] = {}
    for need_id, line in await rows(db, musts):
        by_need.setdefault(need_id, []).append(line)
    return [
        TextRow(*row[:6], *masks(lines_of(by_need.get(row.id, []), row.standards, row.interfaces)))
        for row in found
    ]


_COLUMNS: Final = (
    Need.id,
    Need.state,
    Need.version,
    Need.category,
    Need.body_code,
    Organisation.region_code,
    Need.unit,
    Need.earliest_start_on,
    Need.latest_start_on,
    Need.volume,
    NeedVector.vector,
    NeedVector.wants,
    NeedVector.refuses,
    NeedVector.least_log_odds,
)


async def known_needs(
    db: AsyncSession, model_id: UUID, *, categories: Sequence[str] | None = None, also: Sequence[UUID] = ()
) -> Known:
    """Return open needs, of all categories or some, and those named `also`, with the vectors of a model."""
    query = (
        select(*_COLUMNS)
        .join(NeedVector, NeedVector.need_id == Need.id)
        .outerjoin(Organisation, Organisation.code == Need.body_code)
        .where(NeedVector.model_id == model_id, or_(Need.state == NeedState.OPEN, Need.id.in_(also)))
        .order_by(Need.id)
    )
    if categories is not None:
        query = query.where(Need.category.in_(categories))
    return _known(await rows(db, query))


def _known(found: Sequence[Any]) -> Known:
    columns: list[Any] = list(zip(*found, strict=True)) if found else [()] * len(_COLUMNS)
    ids, states, versions, category, body, region, unit, start, end, volume, vector, *rest = columns
    wants, refuses, least = rest
    count = len(ids)
    named = groups()
    return Known(
        list(ids),
        list(states),
        list(versions),
        np.array([np.nan if each is None else each for each in least], np.float32),
        Field(
            vectors=np.frombuffer(b"".join(vector), "<f2")
            .reshape(count, -1 if count else 0)
            .astype(np.float32),
            group=_codes([named.get(each) for each in category]),
            category=_codes(category),
            body=_codes(body),
            region=_codes(region),
            unit=_codes([each or None for each in unit]),
            start=_ordinals(start),
            end=_ordinals(end),
            volume=np.array([np.nan if each is None else each for each in volume], np.float32),
            wants=np.frombuffer(b"".join(wants), np.uint8).reshape(count, -1 if count else 0),
            refuses=np.frombuffer(b"".join(refuses), np.uint8).reshape(count, -1 if count else 0),
        ),
    )


def _codes(values: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.int32]]:
    """A number for each text that is equal where the text is; -1 for None."""
    numbers: dict[str | None, int] = {None: -1}
    for value in values:
        numbers.setdefault(value, len(numbers))
    return np.array([numbers[value] for value in values], np.int32)


def _ordinals(days: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array([np.nan if day is None else day.toordinal() for day in days], np.float32)
