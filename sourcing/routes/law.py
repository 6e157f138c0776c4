"""The law as data: what the tables hold, where it comes from, how it was checked; to read and download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Response

from sourcing.rules import obligations, prepared, tables
from sourcing.rules.law import law as current
from sourcing.rules.tables import Table
from values.dates import day, weekday
from values.money import format_pence
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.pages import Page
from web.paging import Column

COLUMNS: Final = (Column("Table"), Column("Rows", numeric=True), Column("Read as of"), Column("Download"))
OWED_COLUMNS: Final = (Column("By"), Column("What"), Column("Rule, and where it stands"))
SUFFIX: Final = ".csv"
# One column says where a row stands in the law, how that was checked, and when it holds.
TAIL: Final = ("source", "checked", "valid_from", "valid_until", "note")
WORDS: Final = {
    "value_gross_pence": "Sum with VAT",
    "look_back_years": "Looks back, years",
    "locks_in": "Says that one cannot leave",
    "stated_in_notice": "Stated in the notice",
    "due_rule": "Kind of day",
    "percent": "Per cent",
    "buys": "Something is bought by it",
    "first_rule": "When that notice comes first",
    "people_below": "Fewer people than",
    "turnover_up_to_pence": "Turnover up to",
    "balance_sheet_up_to_pence": "Balance sheet up to",
}
SUMS: Final = frozenset({"value_gross_pence", "turnover_up_to_pence", "balance_sheet_up_to_pence"})
NUMERIC: Final = SUMS | {
    "look_back_years",
    "percent",
    "days",
    "entry",
    "amount",
    "working_days",
    "people_below",
}
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the page shows it: its own cells as texts, then what stands behind it."""

    cells: tuple[str, ...]
    source: str
    checked: str
    holds: str
    note: str


@get("/law", name="sourcing.law")
async def index() -> Page:
    """List the tables, and what each council owes in the year to come."""
    today = london_today()
    return Page(
        "sourcing/law.html",
        context={
            "tables": tables.tables(),
            "columns": COLUMNS,
            "owed_columns": OWED_COLUMNS,
            "version": tables.version(),
            "prepared": sorted(prepared.HERE, key=lambda code: int(code[2:])),
            "elsewhere": prepared.elsewhere(current(), today),
            "owed": obligations.of_council(current(), today, today + YEAR),
        },
    )


@get("/law/{name:str}", name="sourcing.law_table")
async def table(name: FromPath[str]) -> Page | Response[bytes]:
    """Show one table, or send it as a file."""
    found = tables.table(name.removesuffix(SUFFIX))
    if name.endswith(SUFFIX):
        cells = ([row[heading] for heading in found.headings] for row in found.rows)
        return csv_file(f"{found.code}.csv", csv_bytes(found.headings, cells))
    return Page(
        "sourcing/law_table.html",
        context={
            "table": found,
            "columns": _columns(found),
            "rows": [_row(found, row) for row in found.rows],
        },
    )


def _own(found: Table) -> list[str]:
    return [heading for heading in found.headings if heading not in TAIL]


def _columns(found: Table) -> list[Column]:
    own = [
        Column(WORDS.get(name, name.replace("_", " ").capitalize()), name in NUMERIC) for name in _own(found)
    ]
    return [*own, Column("Where it stands, and how we know")]


def _row(found: Table, row: Mapping[str, str]) -> Row:
    cells = tuple(_cell(heading, row[heading]) for heading in _own(found))
    return Row(cells, row["source"], row["checked"], _holds(row), row["note"])


def _cell(heading: str, cell: str) -> str:
    if heading in SUMS:
        return format_pence(int(cell)) if cell else ""
    if heading == "day":
        return weekday(date.fromisoformat(cell))
    return cell


def _holds(row: Mapping[str, str]) -> str:
    if "valid_from" not in row:
        return ""
    first, last = tables.day_or_none(row["valid_from"]), tables.day_or_none(row["valid_until"])
    if first is None:
        return ""
    return f"{day(first)} to {day(last)}" if last else f"from {day(first)}"


router = Router("/", route_handlers=[index, table], include_in_schema=False)
