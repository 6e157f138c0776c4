"""Tables as CSV files that a spreadsheet opens without running anything in them.

A cell that starts with =, +, -, @, a tab or a line break is a formula to a spreadsheet, and published texts
can start so. Such a text gets an apostrophe in front; a number keeps its sign, because a number cannot do
anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from litestar.response import Response

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
DANGEROUS: Final = frozenset("=+-@\t\r\n＝＋－＠")
NUMBER: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
CHUNK_LINES: Final = 1000

Cell = str | int | float | Decimal | date | bool | UUID | None


def harmless(value: Cell) -> str | int | float | Decimal:
    """Return a cell as it is written: None is empty, days are 2026-11-22, a text that would run is marked."""
    if isinstance(value, str):
        first = value.lstrip(" ")[:1]
        return "'" + value if first in DANGEROUS and first and not NUMBER.fullmatch(value) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def csv_chunks(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = True
) -> Iterator[bytes]:
    """Return a CSV file (UTF-8, RFC 4180) piece by piece, so that memory does not grow with it.

    Args:
        headings: the first line.
        rows: one sequence a line, as long as the headings.
        bom: begin with the mark by which Excel knows UTF-8; without it, pound signs become "Â£" there.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if bom:
        yield BOM
    writer.writerow([harmless(heading) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if number % CHUNK_LINES == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = True) -> bytes:
    """Return a whole CSV file; for the arguments see `csv_chunks`."""
    return b"".join(csv_chunks(headings, rows, bom=bom))


def csv_of(names: Sequence[str], things: Iterable[object]) -> bytes:
    """Return a whole CSV file of things: a line each, a column for each of some of their attributes."""
    return csv_bytes(names, ([getattr(thing, name) for name in names] for thing in things))


def csv_file(name: str, content: bytes) -> Response[bytes]:
    """Return a CSV as an answer that the browser saves under `name`.

    Raises:
        ValueError: the name has anything but letters, digits, dots, hyphens and underscores.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError(f"not a plain file name: {name!r}")
    return Response(
        content=content,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
