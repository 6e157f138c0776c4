"""Marking: all current lines of a body, with the decisions about them joined in, as one file of the lake.

Facts are never edited. A decision (who a payee is, what a label means, that a line stands twice) is joined in
here, so a changed decision re-marks the bodies that it touches and nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from analytics import names
from spend import queries, reading
from spend.actions import intake
from spend.models import MARKED, FileState, Marking
from spend.rules import categories, marking, payees, withholding, wording
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from suppliers import actions as suppliers
from values.ids import uuid7

# Raise it when the code below, or the rules in Python that it calls, mark lines differently than before.
VERSION = 2
# Everything that the rules look at: each distinct combination is decided once.
LABELS = [*dict.fromkeys((*categories.LABELS, *payees.BOUGHT, "company_number", "charity_number"))]


@dataclass(frozen=True, slots=True)
class Body:
    """Whose payments are marked, and the names under which it pays itself."""

    code: str
    own_names: Sequence[str]


async def mark(work: Work, lake: Lake, body: Body) -> UUID | None:
    """Mark a body's lines unless nothing changed since the last time; return the marking's id.

    Safe to run twice. A body without files has no marking.
    """
    async with transaction(work.sessions, work.actor) as db:
        files = [f for f in await queries.registered(db, body.code) if f.state == FileState.CURRENT]
        versions = _versions(files)
        fingerprint = hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()[:24]
        known = await db.scalar(
            select(Marking.id).where(Marking.body_code == body.code, Marking.fingerprint == fingerprint)
        )
    if known is not None or not files:
        return known
    lines = await asyncio.to_thread(_joined, lake, body, files)
    async with transaction(work.sessions, work.actor) as db:
        found = await suppliers.resolve(db, work.actor, _payees(lines), seen_in=body.code)
    marked = await asyncio.to_thread(_finished, lines, found)
    place = lake.write_table(marked.to_arrow(), MARKED, body.code, f"{fingerprint}.parquet")
    async with transaction(work.sessions, work.actor) as db:
        await db.execute(
            insert(Marking)
            .values(
                id=uuid7(),
                body_code=body.code,
                fingerprint=place.stem,
                versions=versions,
                counts=counts(marked),
            )
            .on_conflict_do_nothing(constraint="uq_marking_body_code_fingerprint")
        )
        return await db.scalar(
            select(Marking.id).where(Marking.body_code == body.code, Marking.fingerprint == fingerprint)
        )


def _versions(files: Sequence[queries.Registered]) -> dict[str, Any]:
    return {
        "files": [file.lines_name for file in files],
        "marking": VERSION,
        "taxonomy": categories.taxonomy().version,
        "payees": wording.fingerprint(payees.KIND_FILES),
    }


def _joined(lake: Lake, body: Body, files: Sequence[queries.Registered]) -> pl.DataFrame:
    """Return a body's lines with duplicates, kinds, categories and cleaned names."""
    lines = pl.concat(
        [
            reading.completed(pl.scan_parquet(intake.lines_path(lake, body.code, file.lines_name)))
            .with_columns(pl.lit(number, pl.Int32).alias("file"), pl.lit(str(file.id)).alias("file_id"))
            .collect()
            for number, file in enumerate(files)
        ],
        how="vertical_relaxed",
    )
    lines = lines.with_columns(
        duplicate=marking.duplicates(lines), year=marking.financial_year(pl.col("paid_on"))
    )
    labels = lines.select(LABELS).unique()
    decided = payees.recognise(categories.categorise(labels), body.own_names)
    lines = lines.join(decided, on=LABELS, how="left", nulls_equal=True)
    payee = lines.select("payee").unique()
    payee = payee.with_columns(key=names.keys(payee["payee"]))
    numbers = lines.select("company_number").unique()
    numbers = numbers.with_columns(
        number=pl.Series(
            [names.company_number(text) if text else None for text in numbers["company_number"]],
            dtype=pl.String,
        )
    )
    return lines.join(payee, on="payee", how="left", nulls_equal=True).join(
        numbers, on="company_number", how="left", nulls_equal=True
    )


def _payees(lines: pl.DataFrame) -> list[suppliers.Payee]:
    wanted = lines.filter((pl.col("kind") == "purchase") & pl.col("key").is_not_null())
    distinct = wanted.group_by("key", "number").agg(
        pl.col("payee").mode().min(), pl.col("individual").any(), pl.col("public_body").any()
    )
    return [suppliers.Payee(*row) for row in distinct.iter_rows()]


def _finished(lines: pl.DataFrame, found: dict[tuple[str, str | None], UUID]) -> pl.DataFrame:
    """Return the marked lines in the order in which pages ask for them, names of individuals withheld."""
    known = pl.DataFrame(
        [(key, number, str(supplier)) for (key, number), supplier in found.items()],
        schema={"key": pl.String, "number": pl.String, "supplier_id": pl.String},
        orient="row",
    )
    lines = lines.join(known, on=["key", "number"], how="left", nulls_equal=True)
    lines = withholding.withhold(lines)
    lines = lines.with_columns(outcome=marking.outcomes(lines))
    lines = lines.with_columns(counted=pl.col("outcome") == marking.COUNTED)
    return lines.drop("file", "key", "number", "company_number", "charity_number", "vat_number").sort(
        "category", "year", "supplier_id", "file_id", "line_no"
    )


def counts(marked: pl.DataFrame) -> dict[str, Any]:
    """Return how many lines and pence are of each kind, and what became of them in each financial year."""
    kinds = pl.when(pl.col("duplicate")).then(pl.lit("duplicate")).otherwise(pl.col("kind"))
    by_kind = marked.group_by(kind=kinds).agg(lines=pl.len(), pence=pl.col("amount_pence").sum())
    counted = marked.filter("counted")
    years = marked.group_by("year", "outcome").agg(lines=pl.len(), pence=pl.col("amount_pence").sum())
    return {
        "lines": marked.height,
        "kinds": {row["kind"]: {"lines": row["lines"], "pence": row["pence"]} for row in by_kind.to_dicts()},
        "counted": {"lines": counted.height, "pence": int(counted["amount_pence"].sum() or 0)},
        "years": years.sort("year", "outcome").to_dicts(),
    }
