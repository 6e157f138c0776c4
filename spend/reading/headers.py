"""Where the header line is, and what a file's columns are called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from spend.reading import contents, vocabulary

Row = Sequence[str | None]
_KNOWN = 45
_ROWS_OF_DATA_ENOUGH = 5
# A header that has its data below it stands in the first few rows of most files; else in these.
_FEW_ROWS, _ROWS = 20, 80
_NAMES_BELOW = 3


@dataclass(frozen=True, slots=True)
class Header:
    """A file's header: its row among the records, None where there is none, and its cells."""

    row: int | None
    names: tuple[str, ...]
    why: str

    @property
    def fingerprint(self) -> str:
        """Return what stays the same for all files with this header, however it is spaced or padded."""
        names = [vocabulary.plain(name) for name in self.names]
        while names and not names[-1]:
            names.pop()
        described = "\x1f".join(names) if names else f"no header, {len(self.names)} columns"
        return hashlib.sha256(described.encode()).hexdigest()[:32]


def find(cells: pl.DataFrame) -> Header:
    """Return the header among a file's first rows.

    It is the row with the most names that councils use and without a date or an amount, above the data.
    Failing that, a row of words above rows of data; failing that there is none.
    """
    best, best_known, first_words = None, 1, None
    rows, above, data = _start(cells)
    for number, filled in above:
        known = _known(filled)
        if known > best_known:
            best, best_known = number, known
        if first_words is None and number < data[0] and len(filled) >= 3 and _unlike_data(filled):
            first_words = number
    if best is not None and data[-1] > best:
        return _header(rows, best, f"{best_known} of its cells are names that councils use for columns")
    if first_words is not None and len(data) >= min(_ROWS_OF_DATA_ENOUGH, len(rows) - 1) > 0:
        return _header(rows, first_words, "it has words only, and dates and amounts follow below")
    return none(rows)


def below(cells: pl.DataFrame) -> Header | None:
    """Return a header that stands under the data it names, as some councils' sorted sheets have it."""
    digits = pl.any_horizontal(pl.all().str.contains(r"\d"))
    rows = cells.with_row_index("row").filter(~cells.select(digits.fill_null(value=False)).to_series()).rows()
    for number, *row in rows:
        if _known([cell for cell in row if cell and cell.strip()]) >= _NAMES_BELOW:
            names = tuple((cell or "").strip() for cell in row)
            return Header(
                None, names, f"row {number + 1}, below the data, holds names that councils use for columns"
            )
    return None


def none(rows: Sequence[Row]) -> Header:
    """Return that there is no header."""
    width = max((len(row) for row in rows), default=0)
    return Header(
        None, ("",) * width, "no line holds names of columns: the columns are recognised by their content"
    )


def _start(cells: pl.DataFrame) -> tuple[Sequence[Row], list[tuple[int, list[str]]], list[int]]:
    """Return a file's first rows, apart as `_above_data` tells them: few, where they hold enough data."""
    few = cells.head(_FEW_ROWS).rows()
    above, data = _above_data(few)
    if len(data) >= _ROWS_OF_DATA_ENOUGH or cells.height <= _FEW_ROWS:
        return few, above, data
    rows = cells.head(_ROWS).rows()
    above, data = _above_data(rows)
    return rows, above, data


def _above_data(rows: Sequence[Row]) -> tuple[list[tuple[int, list[str]]], list[int]]:
    """Return the rows that are no data, until enough rows of data were seen, and the numbers of those."""
    above: list[tuple[int, list[str]]] = []
    data: list[int] = []
    for number, row in enumerate(rows):
        filled = [cell for cell in row if cell and cell.strip()]
        if filled and is_data(filled):
            data.append(number)
            if len(data) >= _ROWS_OF_DATA_ENOUGH:
                break
        elif filled:
            above.append((number, filled))
    return above, data or [len(rows)]


def is_data(filled: Sequence[str]) -> bool:
    """Tell whether a row's cells hold a day or an amount with pence, as no header does."""
    kinds = [contents.kind(cell) for cell in filled]
    numbers = sum(kind in {"day", "pence", "number", "serial", "eight digits"} for kind in kinds)
    return "day" in kinds or "pence" in kinds or numbers >= 2


def at(cells: pl.DataFrame, row: int | None, why: str) -> Header:
    """Return the header that a person named."""
    rows = cells.head(_ROWS).rows()
    if row is None:
        return Header(None, ("",) * max((len(each) for each in rows), default=0), why)
    return _header(rows, row, why)


def _header(rows: Sequence[Row], number: int, why: str) -> Header:
    return Header(number, tuple((cell or "").strip() for cell in rows[number]), why)


def _known(filled: Sequence[str]) -> int:
    """Count the different fields that a row's cells name."""
    fields = [vocabulary.sureness(cell) for cell in filled if len(cell) < 80]
    return sum(max(found.values(), default=0) >= _KNOWN for found in fields)


def _unlike_data(filled: Sequence[str]) -> bool:
    return all(contents.kind(cell) in {"words", "other"} and len(cell) < 60 for cell in filled)


def same(row: Row, names: Sequence[str]) -> bool:
    """Tell whether a row repeats the header."""
    pairs = [
        (vocabulary.plain(cell or ""), vocabulary.plain(name)) for cell, name in zip(row, names, strict=False)
    ]
    filled = [pair for pair in pairs if pair[0]]
    return len(filled) >= 2 and sum(mine == theirs for mine, theirs in filled) * 2 > len(filled)
