"""A list of needs as a person fills in the template; a line that says something unreadable is set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from procurement.reading.tables import Record, SetAside, day, pence, records, whole

TEMPLATE: Final = (
    "title",
    "category",
    "outcomes",
    "volume",
    "unit",
    "estimated_value",
    "budget_low",
    "budget_high",
    "earliest_start",
    "latest_start",
    "must_have",
    "nice_to_have",
    "standards",
    "interfaces",
    "data_held",
)
EXAMPLE: Final = (
    "Invented example: replace this line",
    "library-systems",
    "Residents borrow and renew by phone.",
    "120000",
    "loan",
    "50000",
    "40000",
    "60000",
    "01/04/2027",
    "30/09/2027",
    "Works offline | Exports all records",
    "Sends reminders",
    "",
    "",
    "personal",
)
REASONS: Final = {
    "no_title": "The line has no title",
    "bad_volume": "The volume is not a whole number",
    "bad_value": "The estimated value is not an amount in pounds",
    "bad_budget": "A budget is not an amount in pounds",
    "bad_date": "A start is not a date such as 01/04/2027",
    "bad_category": "The category is not a code of the taxonomy",
    "bad_data_held": "Data held must be none, personal or special category",
    "bad_window": "The latest start is before the earliest, or the upper budget below the lower",
    "example": "The example of the template was left in",
}
_DATA_HELD: Final = ("none", "personal", "special category")


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """A line of the template: the values by the names of `rules.needs.Wanted`."""

    line_no: int
    source_key: str
    raw: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """All that a file gave."""

    lines: int = 0
    needs: list[ReadNeed] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def read(content: bytes, categories: frozenset[str]) -> Reading:
    """Return the needs of a file; `categories` are the codes of the taxonomy."""
    reading = Reading()
    for record in records(content):
        reading.lines += 1
        try:
            values = _values(record, categories)
        except ValueError as error:
            reading.set_aside.append(SetAside(record.line_no, str(error), record.raw))
        else:
            reading.needs.append(ReadNeed(record.line_no, record.fingerprint, record.raw, values))
    return reading


def _values(record: Record, categories: frozenset[str]) -> dict[str, Any]:
    def cell(name: str) -> str:
        return record.cells.get(name.replace("_", " "), "")

    def typed(name: str, parse: Callable[[str], Any], reason: str) -> Any:
        found = parse(cell(name)) if cell(name) else None
        if cell(name) and found is None:
            raise ValueError(reason)
        return found

    title, category, held = cell("title"), cell("category"), cell("data_held").lower() or "none"
    for wrong, reason in (
        (not title, "no_title"),
        (title == EXAMPLE[0], "example"),
        (bool(category) and category not in categories, "bad_category"),
        (held not in _DATA_HELD, "bad_data_held"),
    ):
        if wrong:
            raise ValueError(reason)
    return {
        "title": title,
        "category": category,
        "outcomes": cell("outcomes"),
        "volume": typed("volume", whole, "bad_volume"),
        "unit": cell("unit"),
        "value_pence": typed("estimated_value", pence, "bad_value"),
        "budget_low_pence": typed("budget_low", pence, "bad_budget"),
        "budget_high_pence": typed("budget_high", pence, "bad_budget"),
        "earliest_start_on": typed("earliest_start", day, "bad_date"),
        "latest_start_on": typed("latest_start", day, "bad_date"),
        "must": _split(cell("must_have")),
        "nice": _split(cell("nice_to_have")),
        "standards": cell("standards"),
        "interfaces": cell("interfaces"),
        "data_held": held,
    }


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())
