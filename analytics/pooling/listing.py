"""A list of needs as a table of text: read, or refused with the line that cannot be."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from analytics.pooling.needs import Need
from values.refusals import Refused

COLUMNS = (
    "id",
    "council",
    "region",
    "category",
    "national",
    "value_10k_gbp",
    "first_month",
    "last_month",
    "standard",
)


def read(lines: Iterable[str]) -> list[Need]:
    """Return the needs of a table with a header line; further columns are passed over.

    Raises:
        Refused: a column is missing, or a line cannot be read; its number is told.
    """
    rows = csv.DictReader(lines, strict=True)
    needs: list[Need] = []
    lines_of: dict[str, int] = {}
    try:
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise Refused(f"The file lacks the column {', '.join(missing)}. It needs {', '.join(COLUMNS)}.")
        for row in rows:
            need = _need(row, rows.line_num)
            if need.id in lines_of:
                raise Refused(f"Line {rows.line_num}: {need.id} stands in line {lines_of[need.id]} already.")
            lines_of[need.id] = rows.line_num
            needs.append(need)
    except csv.Error as error:
        raise Refused(f"Line {rows.line_num}: this is no table separated by commas ({error}).") from error
    except UnicodeDecodeError as error:
        raise Refused(f"After line {rows.line_num}: the file is not UTF-8 text.") from error
    if not needs:
        raise Refused("The file lists no needs.")
    return needs


def _need(row: Mapping[str, str | None], line: int) -> Need:
    first = _whole(row, "first_month", line)
    return Need(
        id=_text(row, "id", line),
        council=_text(row, "council", line),
        region=_text(row, "region", line),
        category=_text(row, "category", line),
        national=_whole(row, "national", line, low=0, high=1) == 1,
        value=_whole(row, "value_10k_gbp", line, low=1),
        first_month=first,
        last_month=_whole(row, "last_month", line, low=first),
        standard=_whole(row, "standard", line, low=0),
    )


def _text(row: Mapping[str, str | None], column: str, line: int) -> str:
    if not (text := (row[column] or "").strip()):
        raise Refused(f"Line {line}: {column} is empty.")
    return text


def _whole(
    row: Mapping[str, str | None], column: str, line: int, *, low: int | None = None, high: int | None = None
) -> int:
    text = _text(row, column, line)
    try:
        number = int(text)
    except ValueError:
        raise Refused(f"Line {line}: {column} is not a whole number: {text[:40]}") from None
    if low is not None and number < low:
        raise Refused(f"Line {line}: {column} is {number}, less than {low}.")
    if high is not None and number > high:
        raise Refused(f"Line {line}: {column} is {number}, more than {high}.")
    return number
