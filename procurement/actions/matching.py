"""Working out which needs go together: for needs that were opened or changed, and for all with a new model.

Runs in the worker alone. Whoever writes matches holds one lock for as long as that takes, so that two workers
never mix vectors of two models.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from analytics.similarity import model as models
from analytics.similarity.fitting import Fitted, fit
from analytics.similarity.nearest import MOST_KEPT, Best, best
from analytics.similarity.ranking import PRIOR
from analytics.similarity.words import text_of
from procurement.actions.findings import note_matches
from procurement.actions.matches_written import put_vectors, write_best, write_new
from procurement.models import MatchModel, Need, NeedMatch, NeedVector
from procurement.queries import fields as queries
from procurement.reading.titles import cpv_titles
from procurement.rules.matching import groups
from procurement.rules.needs import NeedState
from store import jobs
from store.db import take_turns, transaction
from store.jobs import Work
from store.lake import Lake
from values.actors import Actor
from values.ids import uuid7

FOLDER: Final = "matching"
REFIT: Final = "procurement.refit_matches"
SEED: Final = 20261125
# A new need is held against so many of its own best, to see on whose lists it belongs.
LOOKED_BACK: Final = 10 * MOST_KEPT


async def match_needs(work: Work, lake: Lake, ids: Sequence[UUID]) -> int:
    """Work out the matches of some needs; return how many pairs were written. Safe to run twice.

    Without a model yet, the job that fits one is asked for, and works out the matches of all needs.
    """
    async with transaction(work.sessions, work.actor) as db:
        await _lock(db)
        current = await queries.current_model(db)
        if current is None or not model_place(lake, current.sha256.hex()).exists():
            await ask_to_refit(db, work.actor)
            return 0
        wanted = await queries.texts_of(db, ids)
        place = model_place(lake, current.sha256.hex())
        vectors = await asyncio.to_thread(_vectors, place, [text_of(n.title, n.outcomes) for n in wanted])
        await db.execute(delete(NeedMatch).where(NeedMatch.need_id.in_(ids) | NeedMatch.other_id.in_(ids)))
        await put_vectors(db, current.id, wanted, vectors)
        named = groups()
        near = {named.get(need.category) for need in wanted}
        codes = [code for code, group in named.items() if group in near]
        known = await queries.known_needs(db, current.id, categories=codes, also=ids)
        weights = await queries.current_weights(db) or PRIOR
        found = await asyncio.to_thread(_best_of, known, {need.id for need in wanted}, weights)
        written = await write_new(db, known, found)
        await note_matches(
            db, work.actor, or_(_is_of(ids, NeedMatch.need_id), _is_of(ids, NeedMatch.other_id))
        )
        return written


async def refit(work: Work, lake: Lake, titles: Sequence[str] | None = None) -> int:
    """Fit the model on all open needs and CPV titles, then work out all matches anew. Safe to run twice.

    Pages show the earlier matches of a need until its new ones are written.

    Args:
        work: sessions, actor and progress.
        lake: where the model is kept.
        titles: texts of the field that are read beside needs; by default all CPV titles.
    """
    await work.progress.report(0, None, "Reading needs")
    async with transaction(work.sessions, work.actor) as db:
        read_at = await db.scalar(select(func.statement_timestamp()))
        wanted = await queries.texts_of(db)
    await work.progress.report(0, None, "Learning the words of all needs")
    wanted.sort(key=lambda need: need.state != NeedState.OPEN)
    fitted, digest = await asyncio.to_thread(
        _fitted, lake, wanted, cpv_titles() if titles is None else titles
    )
    async with transaction(work.sessions, work.actor) as db:
        await _lock(db)
        model_id = uuid7()
        await db.execute(
            insert(MatchModel).values(
                id=model_id,
                sha256=bytes.fromhex(digest),
                dimensions=fitted.model.dimensions,
                facts=dict(fitted.model.facts),
            )
        )
        await put_vectors(db, model_id, wanted, fitted.vectors)
        await _forget_earlier(db, model_id)
    written = await _match_all(work, model_id)
    await asyncio.to_thread(lake.sweep, FOLDER, [model_place(lake, digest)])
    async with transaction(work.sessions, work.actor) as db:
        changed = list(await db.scalars(select(Need.id).where(Need.changed_at >= read_at)))
    return written + (await match_needs(work, lake, changed) if changed else 0)


async def ask_to_refit(db: AsyncSession, actor: Actor) -> None:
    """Ask for a new model, unless somebody waits for one already."""
    await jobs.enqueue_alone(db, actor, REFIT)


async def _match_all(work: Work, model_id: UUID) -> int:
    async with transaction(work.sessions, work.actor) as db:
        known = await queries.known_needs(db, model_id)
        drafts = list(await db.scalars(_drafts(model_id)))
        known = await queries.known_needs(db, model_id, also=drafts) if drafts else known
        weights = await queries.current_weights(db) or PRIOR
    is_open = np.array([state == NeedState.OPEN for state in known.states], bool)
    others = np.flatnonzero(is_open)
    blocks = best(known.field, known.field.taken(others), weights)
    done = written = 0
    while (found := await asyncio.to_thread(next, blocks, None)) is not None:
        await work.progress.report(done, len(known.ids), "Comparing needs")
        moved = Best(found.asked, found.need, others[found.other], found.cosine, found.log_odds)
        async with transaction(work.sessions, work.actor) as db:
            written += await write_best(db, known, moved)
            asked = [known.ids[place] for place in moved.asked]
            await note_matches(db, work.actor, _is_of(asked, NeedMatch.need_id))
        done += len(found.asked)
    await work.progress.report(done, len(known.ids), "Comparing needs")
    return written


def _is_of(ids: Sequence[UUID], column: Any) -> ColumnElement[bool]:
    """Say that a column names one of some needs; one parameter, however many they are."""
    return column == any_(bindparam(None, list(ids), type_=ARRAY(Uuid())))


def _drafts(model_id: UUID) -> Any:
    return (
        select(Need.id)
        .join(NeedVector, NeedVector.need_id == Need.id)
        .where(NeedVector.model_id == model_id, Need.state == NeedState.DRAFT)
    )


async def _forget_earlier(db: AsyncSession, model_id: UUID) -> None:
    """Remove models, vectors and matches that no need has any more."""
    gone = select(NeedVector.need_id).where(NeedVector.model_id != model_id)
    await db.execute(delete(NeedMatch).where(NeedMatch.need_id.in_(gone)))
    await db.execute(delete(NeedVector).where(NeedVector.model_id != model_id))
    await db.execute(delete(MatchModel).where(MatchModel.id != model_id))


async def _lock(db: AsyncSession) -> None:
    await take_turns(db, "procurement.matching")


def model_place(lake: Lake, digest: str) -> Path:
    """Return where a model stands in the lake."""
    return lake.path(FOLDER, f"{digest}.model")


def _vectors(place: Path, texts: list[str]) -> models.Vectors:
    return models.opened(place).vectors(texts)


def _fitted(lake: Lake, wanted: Sequence[queries.TextRow], titles: Sequence[str]) -> tuple[Fitted, str]:
    """Fit on open needs, which come first, and keep the model; drafts only get their vectors."""
    texts = [text_of(need.title, need.outcomes) for need in wanted]
    open_count = sum(need.state == NeedState.OPEN for need in wanted)
    fitted = fit(texts[:open_count], [text_of(title, "") for title in titles], seed=SEED)
    content = fitted.model.as_bytes()
    digest = models.sha256_of(content)
    beside = lake.beside(FOLDER, f"{digest}.model")
    beside.path.write_bytes(content)
    lake.settle([beside])
    vectors = np.concatenate([fitted.vectors, fitted.model.vectors(texts[open_count:])])
    return Fitted(fitted.model, vectors, fitted.background), digest


def _best_of(known: queries.Known, ids: set[UUID], weights: Sequence[float]) -> list[Best]:
    places = np.array([place for place, need_id in enumerate(known.ids) if need_id in ids], np.int64)
    others = np.flatnonzero([state == NeedState.OPEN for state in known.states])
    found = best(known.field.taken(places), known.field.taken(others), weights, most=LOOKED_BACK)
    return [
        Best(places[each.asked], places[each.need], others[each.other], each.cosine, each.log_odds)
        for each in found
    ]
