"""Taking one file in, in a process of its own: read it, keep the original, write its lines to the lake."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from spend import reading
from spend.rules import places
from spend.rules.marking import SAME_PAYMENT
from store.lake import Beside, Lake

_NUMBERS = frozenset({"line_no", "paid_on", "amount_pence", "vat_pence"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What is registered of a file that was read; or why it could not be.

    Attributes:
        written: the files of the lake that are to be settled before any row names them.
    """

    name: str
    digest: str = ""
    lines_name: str = ""
    size_bytes: int = 0
    lines: int = 0
    amount_read_pence: int = 0
    amount_basis: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    first_on: date | None = None
    last_on: date | None = None
    decisions: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, Any] | None = None
    refusal: str | None = None
    written: list[Beside] = field(default_factory=list[Beside])


def take_all(
    lake: Lake,
    body_code: str,
    files: Iterable[tuple[str, str]],
    mappings: Mapped[str, dict[str, Any]],
    registered: frozenset[str] = frozenset(),
) -> list[Taken]:
    """Take in files one after the other, each given by path and name; where one fails, nothing is left."""
    done: list[Taken] = []
    try:
        for path, name in files:
            done.append(take(lake, body_code, path, name, mappings, registered))
    except BaseException:
        lake.drop(written for taken in done for written in taken.written)
        raise
    return done


def take(
    lake: Lake,
    body_code: str,
    path: str,
    name: str,
    mappings: Mapped[str, dict[str, Any]],
    registered: frozenset[str] = frozenset(),
) -> Taken:
    """Read a file and write it and its lines beside their places in the lake; run in a process beside others.

    Args:
        lake: where originals and lines are kept.
        body_code: whose file it is.
        path: where the bytes are.
        name: under which it was published.
        mappings: people's corrections that are remembered for this body, by header fingerprint.
        registered: names of lines that the register counts on, and that are therefore never written again.
    """
    try:
        content = Path(path).read_bytes()
        found = reading.read(content, name)
        mapping = mappings.get(found.fingerprint)
        if mapping is not None:
            found = reading.read(content, name, reading.Mapping.from_json(json.dumps(mapping)))
    except reading.Unreadable as refused:
        return Taken(name, refusal=str(refused))
    except OSError as error:
        return Taken(name, refusal=f"The file could not be opened: {error.strerror}")
    digest, written = lake.keep_beside(content)
    lines_name = _lines_name(digest, mapping)
    if lines_name not in registered:
        written.append(lake.beside(*places.lines_place(body_code, lines_name)))
        try:
            _write(found.table, written[-1].path)
        except BaseException:
            lake.drop(written)
            raise
    days = found.table["paid_on"]
    reasons = found.reasons
    return Taken(
        name=name,
        digest=digest,
        lines_name=lines_name,
        size_bytes=len(content),
        lines=found.lines,
        amount_read_pence=int(found.table["amount_pence"].sum() or 0),
        amount_basis=dict(found.table["amount_basis"].value_counts().rows()),
        reasons=reasons,
        set_aside=found.set_aside.to_dicts(),
        first_on=days.min(),  # pyright: ignore[reportArgumentType] -- a date column's extremes are dates
        last_on=days.max(),  # pyright: ignore[reportArgumentType]
        decisions={
            **found.decisions.as_json(),
            "fingerprint": found.fingerprint,
            "set_aside_reasons": reasons,
        },
        mapping=mapping,
        written=written,
    )


def _write(lines: pl.DataFrame, path: Path) -> None:
    """Write lines as Parquet, without the columns in which nothing stands.

    By Arrow, which takes two thirds of the time that Polars does: it starts no query, tries no dictionary.
    Statistics would help a query that picks single months of a file; there is none. LZ4 takes half as much
    room again as Zstandard and a fifth less time; of numbers only the differences are kept.
    """
    columns = reading.filled(lines).get_columns()
    names = [column.name for column in columns]
    pq.write_table(
        # One by one: the frame as a whole is handed from thread to thread first.
        pa.table([column.to_arrow(compat_level=pl.CompatLevel.newest()) for column in columns], names=names),
        path,
        compression="lz4",
        use_dictionary=False,
        write_statistics=False,
        store_schema=False,
        data_page_version="2.0",
        column_encoding={name: "DELTA_BINARY_PACKED" for name in names if name in _NUMBERS},
    )


def _lines_name(digest: str, mapping: dict[str, Any] | None) -> str:
    """Name what was read: the same bytes read under a person's correction are another reading."""
    if mapping is None:
        return digest
    correction = hashlib.sha256(json.dumps(mapping, sort_keys=True).encode()).hexdigest()
    return f"{digest}-{correction[:8]}"


def difference(lake: Lake, body_code: str, earlier: str, later: str) -> dict[str, Any]:
    """Return how a newer version of a file differs: lines and pence that came, went, and stayed."""
    old, new = (
        reading.completed(pl.scan_parquet(lines_path(lake, body_code, lines_name)))
        .select(SAME_PAYMENT)
        .with_columns(copy=pl.int_range(pl.len()).over(SAME_PAYMENT))
        .collect()
        for lines_name in (earlier, later)
    )
    keys = [*SAME_PAYMENT, "copy"]
    came = new.join(old, on=keys, how="anti", nulls_equal=True)
    went = old.join(new, on=keys, how="anti", nulls_equal=True)
    return {
        "lines_added": came.height,
        "lines_removed": went.height,
        "lines_kept": new.height - came.height,
        "pence_added": int(came["amount_pence"].sum() or 0),
        "pence_removed": int(went["amount_pence"].sum() or 0),
    }


def lines_path(lake: Lake, body_code: str, lines_name: str) -> Path:
    """Return where the lines of a file stand."""
    return lake.path(*places.lines_place(body_code, lines_name))
