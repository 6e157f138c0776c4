"""The tables of the law as this package's files have them: their cells, and where each table comes from."""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

from values.refusals import Missing

FOLDER: Final = files("sourcing") / "data" / "law"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the law.

    Attributes:
        code: its name in addresses; the file has underscores for hyphens.
        origin: where its rows were taken from.
        as_of: the day up to which the origin was read.
        reaches_from: for a table of days, the first day that it knows about, and `reaches_until` the last.
    """

    code: str
    title: str
    words: str
    origin: str
    licence: str
    as_of: date
    reaches_from: date | None
    reaches_until: date | None
    headings: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


@functools.cache
def tables() -> tuple[Table, ...]:
    """Return all tables in the order in which they are shown."""
    return tuple(_table(row) for row in _read("tables")[1])


def table(code: str) -> Table:
    """Return one table.

    Raises:
        Missing: there is none of this name.
    """
    for each in tables():
        if each.code == code:
            return each
    raise Missing(code)


@functools.cache
def version() -> str:
    """Return a fingerprint of all tables, by which a date can be told to rest on the same law."""
    joined = b"".join(_bytes(name) for name in ["tables", *(each.code for each in tables())])
    return hashlib.sha256(joined).hexdigest()[:12]


def day_or_none(cell: str) -> date | None:
    """Return the day in a cell, or None where it is empty."""
    return date.fromisoformat(cell) if cell else None


def _table(row: Mapping[str, str]) -> Table:
    headings, rows = _read(row["code"])
    return Table(
        row["code"],
        row["title"],
        row["words"],
        row["origin"],
        row["licence"],
        date.fromisoformat(row["as_of"]),
        day_or_none(row["reaches_from"]),
        day_or_none(row["reaches_until"]),
        headings,
        rows,
    )


def _read(code: str) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    reader = csv.DictReader(_bytes(code).decode().splitlines())
    rows = tuple(reader)
    return tuple(reader.fieldnames or ()), rows


def _bytes(code: str) -> bytes:
    return (FOLDER / f"{code.replace('-', '_')}.csv").read_bytes()
