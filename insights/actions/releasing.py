"""A release of the market report: mark what changed, compute every measure, switch over at once.

A release is rows in PostgreSQL that appear in one transaction, so a page never sees half of one. All of
it follows from the markings that it names: made twice, it is the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import ibis
import polars as pl
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from analytics.markets import cells, report
from insights.models import BodyYear, Cell, Measure, Release, ReleasePart
from spend import queries as spend
from spend.actions import marking
from spend.models import MARKED, Marking
from spend.rules import categories
from store import audit, engine
from store.db import take_turns, transaction
from store.jobs import Work
from store.lake import Lake
from values.ids import uuid7

RELEASES = "releases"
KEPT_RELEASES = 2
# Raise it when a measure is computed differently, so that the next release is made although no file changed.
VERSION = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One body's marking, with the file of the lake that holds its lines."""

    marking_id: UUID
    body_code: str
    lines: Path


async def make_release(work: Work, lake: Lake, engine_url: str) -> UUID | None:
    """Bring the report up to date; return the release that counts, or None where there never was a file.

    Safe to run twice and at once: one waits for the other, and what did not change is not made again.
    """
    async with transaction(work.sessions, work.actor) as guard:
        await take_turns(guard, "insights.release")
        return await _make(work, lake, engine_url)


async def _make(work: Work, lake: Lake, engine_url: str) -> UUID | None:
    parts = await _mark_all(work, lake)
    if not parts and not await _reported(work):
        return None
    fingerprint = _fingerprint(parts)
    async with transaction(work.sessions, work.actor) as db:
        known = await db.scalar(_newest(fingerprint))
    if known is not None:
        return known
    release_id = uuid7()
    async with transaction(work.sessions, work.actor) as db:
        membership = await _membership(db, parts)
        covered = await _covered(db, parts)
    await work.progress.report(0, 1, "Computing the measures")
    # When the last file was withdrawn, the report is empty, and says so.
    computed = (
        await asyncio.to_thread(_compute, lake, engine_url, release_id, parts, membership, covered)
        if parts
        else []
    )
    async with transaction(work.sessions, work.actor) as db:
        await _publish(db, work, release_id, fingerprint, parts, computed)
    await work.progress.report(1, 1, "Computing the measures")
    return release_id


async def _reported(work: Work) -> bool:
    """Tell whether there is a report already."""
    async with transaction(work.sessions, work.actor) as db:
        return await db.scalar(select(Release.id).limit(1)) is not None


async def _mark_all(work: Work, lake: Lake) -> list[Part]:
    async with transaction(work.sessions, work.actor) as db:
        codes = await spend.publishing_bodies(db)
        bodies = [marking.Body(code, await accounts.names_of(db, code)) for code in codes]
    parts: list[Part] = []
    for done, body in enumerate(bodies):
        await work.progress.report(done, len(bodies), "Sorting payments into categories")
        marking_id = await marking.mark(work, lake, body)
        if marking_id is None:
            continue
        async with transaction(work.sessions, work.actor) as db:
            row = await db.get_one(Marking, marking_id)
            place = lake.path(MARKED, body.code, f"{row.fingerprint}.parquet")
            if (
                await db.scalar(select(BodyYear.year).where(BodyYear.marking_id == marking_id).limit(1))
                is None
            ):
                await _add_cells(db, marking_id, place)
        parts.append(Part(marking_id, body.code, place))
    await work.progress.report(len(bodies), len(bodies), "Sorting payments into categories")
    return parts


async def _add_cells(db: AsyncSession, marking_id: UUID, place: Path) -> None:
    """Copy a marking's cells and years into the database."""
    lines = await asyncio.to_thread(pl.read_parquet, place)
    counted = lines.filter("counted")
    summed = counted.group_by("category", "year", "supplier_id").agg(
        pl.col("amount_pence").sum(), pl.len().cast(pl.Int32)
    )
    raw = (await (await db.connection()).get_raw_connection()).driver_connection
    assert raw is not None
    await raw.copy_records_to_table(
        "market_cell",
        columns=["marking_id", "category", "year", "supplier_id", "pence", "lines"],
        records=((marking_id, row[0], row[1], UUID(row[2]), row[3], row[4]) for row in summed.iter_rows()),
    )
    years = [{"marking_id": marking_id, **row} for row in _years(lines)]
    if years:
        await db.execute(insert(BodyYear), years)


def _years(lines: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what a body published in each financial year: months, lines, pence, and both by kind."""
    kind = pl.when(pl.col("duplicate")).then(pl.lit("duplicate")).otherwise(pl.col("kind"))
    dated = _with_months(lines.filter(pl.col("year").is_not_null()).with_columns(kind=kind))
    by_year = dated.group_by("year").agg(
        months=pl.col("month").filter(pl.col("published")).n_unique(),
        lines=pl.len(),
        pence=pl.col("amount_pence").sum(),
    )
    by_kind = dated.group_by("year", "kind").agg(lines=pl.len(), pence=pl.col("amount_pence").sum())
    kinds: dict[int, dict[str, Any]] = {}
    for row in by_kind.iter_rows(named=True):
        kinds.setdefault(row["year"], {})[row["kind"]] = {"lines": row["lines"], "pence": row["pence"]}
    return [{**row, "kinds": kinds[row["year"]]} for row in by_year.sort("year").to_dicts()]


def _with_months(dated: pl.DataFrame) -> pl.DataFrame:
    """Add each line's month, and whether the body published that month.

    A few lines with an old date do not make a published month: one counts from a quarter of the lines of the
    body's median month.
    """
    with_month = dated.with_columns(month=pl.col("paid_on").dt.truncate("1mo"))
    sizes = with_month.group_by("month").len()
    enough = sizes.filter(pl.col("len") * 4 >= pl.col("len").median())["month"]
    return with_month.with_columns(published=pl.col("month").is_in(enough.implode()))


async def _membership(db: AsyncSession, parts: Sequence[Part]) -> list[tuple[str, str]]:
    """Return (area, body) for every council of today and every body whose payments are known."""
    regions = await accounts.regions_of(db, [part.body_code for part in parts])
    return [
        (area, code)
        for code, region in regions.items()
        for area in (cells.ENGLAND, region)
        if area is not None
    ]


def _compute(
    lake: Lake,
    engine_url: str,
    release_id: UUID,
    parts: Sequence[Part],
    membership: list[tuple[str, str]],
    covered: dict[str, list[Any]],
) -> list[dict[str, Any]]:
    """Compute every measure of every market; keep cells and definition for pages that choose councils."""
    backend = engine.connect(engine_url, lake.memory, lake.path("spill"))
    folder = lake.path(RELEASES, str(release_id))
    marked = backend.read_parquet([str(part.lines) for part in parts], table_name="marked", filename=True)
    lines = marked.filter(marked.counted).select(
        council_code=marked.filename.split("/")[-2],
        category=marked.category.nullif(categories.UNKNOWN),
        year=marked.year.cast("int64"),
        supplier_id=marked.supplier_id,
        amount_pence=marked.amount_pence,
    )
    (folder).mkdir(parents=True, exist_ok=True)
    cube = engine.materialise(backend, cells.cube(lines), folder / "cells")
    coverage = engine.materialise(backend, ibis.memtable(covered), folder / "coverage")
    areas = ibis.memtable(
        {
            "area_code": [area for area, _ in membership],
            "council_code": [code for _, code in membership],
        }
    )
    found = backend.to_pyarrow(report.report(cube, areas, coverage)).to_pylist()
    (folder / "report.sql").write_text(compiled())
    return found


def compiled() -> str:
    """Return the report as SQL over tables `cells`, `membership` and `coverage`, as DuckDB speaks it.

    Pages on which a person chooses councils run the same definition this way, without loading Ibis.
    """
    cube = ibis.table(
        {
            "year": "int64",
            "category": "string",
            "council_code": "string",
            "supplier_id": "string",
            "pence": "int64",
            "line_count": "int64",
        },
        name="cells",
    )
    membership = ibis.table({"area_code": "string", "council_code": "string"}, name="membership")
    coverage = ibis.table({"council_code": "string", "year": "int64", "months": "int64"}, name="coverage")
    return str(ibis.to_sql(report.report(cube, membership, coverage), dialect="duckdb"))


async def _covered(db: AsyncSession, parts: Sequence[Part]) -> dict[str, list[Any]]:
    """Return for every body and year how many months of it are published, as columns."""
    rows = (
        await db.execute(
            select(Marking.body_code, BodyYear.year, BodyYear.months)
            .join(Marking, Marking.id == BodyYear.marking_id)
            .where(Marking.id.in_([part.marking_id for part in parts]))
            .order_by(Marking.body_code, BodyYear.year)
        )
    ).all()
    return {
        "council_code": [row.body_code for row in rows],
        "year": [row.year for row in rows],
        "months": [row.months for row in rows],
    }


async def _publish(
    db: AsyncSession,
    work: Work,
    release_id: UUID,
    fingerprint: str,
    parts: Sequence[Part],
    computed: Sequence[dict[str, Any]],
) -> None:
    years = [row["year"] for row in computed]
    await db.execute(
        insert(Release).values(
            id=release_id,
            fingerprint=fingerprint,
            versions={"measures": VERSION, "taxonomy": categories.taxonomy().version},
            first_year=min(years, default=None),
            last_year=max(years, default=None),
        )
    )
    if parts:
        await db.execute(
            insert(ReleasePart), [{"release_id": release_id, "marking_id": part.marking_id} for part in parts]
        )
    if computed:
        await db.execute(
            insert(Measure),
            [
                {
                    "release_id": release_id,
                    "category": row["category"],
                    "area": row["region"],
                    "year": row["year"],
                    "measures": row,
                }
                for row in computed
            ],
        )
    await audit.record(db, work.actor, "report.released", "market_release", release_id, markets=len(computed))
    await _forget_old(db)


async def _forget_old(db: AsyncSession) -> None:
    """Remove all releases but the last two, and markings that none names."""
    kept = select(Release.id).order_by(Release.made_at.desc(), Release.id.desc()).limit(KEPT_RELEASES)
    await db.execute(delete(Release).where(Release.id.not_in(kept)))
    named = select(ReleasePart.marking_id)
    await db.execute(delete(Cell).where(Cell.marking_id.not_in(named)))
    await db.execute(delete(BodyYear).where(BodyYear.marking_id.not_in(named)))
    await db.execute(delete(Marking).where(Marking.id.not_in(named)))


def _newest(fingerprint: str) -> Any:
    newest = select(Release).order_by(Release.made_at.desc(), Release.id.desc()).limit(1).subquery()
    return select(newest.c.id).where(newest.c.fingerprint == fingerprint)


def _fingerprint(parts: Sequence[Part]) -> str:
    made_of = {
        "measures": VERSION,
        "parts": sorted((part.body_code, part.lines.stem) for part in parts),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
