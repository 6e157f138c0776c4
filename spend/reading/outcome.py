"""What a reading hands back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import polars as pl

LINES: dict[str, pl.DataType] = {
    "line_no": pl.Int64(),
    "paid_on": pl.Date(),
    "amount_pence": pl.Int64(),
    "amount_basis": pl.String(),
    "vat_pence": pl.Int64(),
    "payee": pl.String(),
    "payee_ref": pl.String(),
    "company_number": pl.String(),
    "charity_number": pl.String(),
    "vat_number": pl.String(),
    "reference": pl.String(),
    "body": pl.String(),
    "directorate": pl.String(),
    "service": pl.String(),
    "expense": pl.String(),
    "expense_code": pl.String(),
    "procurement_label": pl.String(),
    "description": pl.String(),
    "capital_revenue": pl.String(),
    "card": pl.Boolean(),
}
SET_ASIDE: dict[str, pl.DataType] = {"line_no": pl.Int64(), "reason": pl.String(), "raw": pl.String()}
# What is kept of a file whose lines were all set aside.
_LEAST = ["line_no", "amount_pence"]


def filled(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of lines in which something stands, of which most files have half."""
    return lines[
        [column.name for column in lines.get_columns() if column.null_count() < len(column)] or _LEAST
    ]


def completed(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with all columns of `LINES`, also those in which nothing stands and that were left out.

    Files that were written by earlier versions have the amount's basis as an enumeration.
    """
    there = lines.collect_schema()
    return lines.select(
        pl.col(name).cast(kind) if name in there else pl.lit(None, kind).alias(name)
        for name, kind in LINES.items()
    )


# Why a line is set aside, in words for the page that lists them.
REASONS = {
    "total": "A total of other lines",
    "note": "A note, not a payment",
    "no_amount": "The amount is missing",
    "unreadable_amount": "The amount is not a number",
    "amount_is_date": "A spreadsheet turned the amount into a date",
}


@dataclass(frozen=True, slots=True)
class ColumnDecision:
    """What one column of the file was taken for, and why; no field: it is carried nowhere."""

    column: int
    header: str
    field: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was decided about a file."""

    compression: str
    encoding: str
    line_ending: str
    delimiter: str
    header_line: int | None
    header_why: str
    preamble_lines: tuple[int, ...]
    repeated_header_lines: tuple[int, ...]
    columns: tuple[ColumnDecision, ...]
    date_order: str
    date_order_why: str
    date_forms: dict[str, int]
    amount_forms: dict[str, int]
    amount_basis: str
    blank_lines: int
    mended_quotes: int
    shifted_lines: tuple[int, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the decisions in the shape in which they are kept."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        columns = [{name: getattr(each, name) for name in each.__slots__} for each in self.columns]
        return {**plain, "columns": columns}


@dataclass(frozen=True, slots=True)
class Reading:
    """A published file, read.

    `table` (columns `LINES`) and `set_aside` (columns `SET_ASIDE`) are Polars data frames; together they hold
    every line that is not blank, not a header and not above the header: `read + len(set_aside) == lines`.
    """

    table: pl.DataFrame
    set_aside: pl.DataFrame
    lines: int
    decisions: Decisions
    fingerprint: str
    first: pl.DataFrame
    """The first 20 rows as cells, header included."""

    @property
    def preview(self) -> tuple[tuple[str, ...], ...]:
        """Return the first rows for the page on which a person corrects columns."""
        return tuple(tuple([cell or "" for cell in row]) for row in self.first.rows())

    @property
    def read(self) -> int:
        """Return how many lines were read."""
        return self.table.height

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many lines were set aside for which reason."""
        if self.set_aside.is_empty():
            return {}
        return dict(sorted(Counter(self.set_aside["reason"].to_list()).items()))
