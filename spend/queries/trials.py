"""Reading the start of a file under a correction, so that a person sees what it does before it is kept."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from spend import reading
from spend.rules import payees, withholding

# Enough for a few thousand lines, and read in well under a second.
START_BYTES: Final = 400_000
SHOWN_LINES: Final = 10
WITHHELD_CELL: Final = "Name withheld"
GZIP: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31


@dataclass(frozen=True, slots=True)
class Trial:
    """The start of a file, read.

    Attributes:
        columns: (number, heading) of every column.
        cells: the first rows as they stand, names of private persons withheld.
        lines: the first lines as they were read, fit to be shown.
        read, set_aside: how many of the lines tried were read, and were not.
        fields: field → heading of the column that it was read from.
    """

    columns: Sequence[tuple[str, str]]
    cells: Sequence[Sequence[str]]
    lines: pl.DataFrame
    read: int
    set_aside: int
    fields: dict[str, str]
    header_line: int | None


def start_of(content: bytes) -> bytes:
    """Return the first whole lines of a file, unpacked, where it is longer than what is tried."""
    if content.startswith(GZIP):
        content = zlib.decompressobj(GZIP_WINDOW).decompress(content, START_BYTES + 1)
    if len(content) <= START_BYTES:
        return content
    start = content[:START_BYTES]
    # Two bytes a character in UTF-16: cut before the line feed's own two.
    cut = start.rfind(b"\n")
    return start[: cut - cut % 2] if start[:2] in (b"\xff\xfe", b"\xfe\xff") else start[: cut + 1]


def read_start(start: bytes, name: str, mapping: reading.Mapping | None, own_names: Sequence[str]) -> Trial:
    """Read the start of a file.

    Raises:
        Unreadable: under this correction it is no file of payments; the message says what to do.
    """
    found = reading.read(start, name, mapping)
    known = payees.recognise(found.table, own_names)
    private = known.filter(withholding.private())
    names = {
        text.strip() for column in withholding.WITHHELD for text in private[column].drop_nulls().to_list()
    }
    return Trial(
        columns=[
            (str(column.column), _heading(column.column, column.header)) for column in found.decisions.columns
        ],
        cells=[
            [WITHHELD_CELL if cell.strip() in names and cell.strip() else cell for cell in row]
            for row in found.preview[:SHOWN_LINES]
        ],
        lines=found.table.head(SHOWN_LINES),
        read=found.read,
        set_aside=found.set_aside.height,
        fields={column.field: column.header for column in found.decisions.columns if column.field},
        header_line=found.decisions.header_line,
    )


def _heading(number: int, header: str) -> str:
    return f"{letters(number)}: {header or 'no heading'}"


def letters(number: int) -> str:
    """Return a column's letters as spreadsheets show them: 0 is A, 26 is AA."""
    text = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        text = chr(ord("A") + place) + text
    return text
