"""Dates as councils write them: British order unless the content proves another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SEP = r"[\s/.,_-]*"
_TIME = r"(?:[T\s,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,\s]+)?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(_WEEKDAY + pattern + _TIME, re.IGNORECASE))
    for name, pattern in (
        ("year first", r"(?P<year>\d{4})[\s/.-](?P<month>\d{1,2})[\s/.-](?P<day>\d{1,2})"),
        (
            "numbers",
            r"(?P<first>\d{1,2})\s?[/.\-\s]\s?(?P<second>\d{1,2})\s?[/.\-\s]\s?(?P<year>\d{4}|\d{2})",
        ),
        ("month named", rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_SEP}{_NAME}{_SEP}(?P<year>\d{{4}}|\d{{2}})"),
        (
            "month named first",
            rf"{_NAME}[\s/.-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,/.-]+(?P<year>\d{{4}}|\d{{2}})",
        ),
        ("year, month named", rf"(?P<year>\d{{4}}){_SEP}{_NAME}{_SEP}(?P<day>\d{{1,2}})"),
        ("eight digits", r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
    )
)
# What none of the forms can do without at its start: looking there first spares looking for each of them.
_START = re.compile(r"(\d+)|" + "|".join((*_MONTHS, *_DAYS)), re.IGNORECASE)
# The forms that can begin with so many digits; any can begin with a weekday.
_FORMS_BY_DIGITS = {
    digits: tuple(form for form in _FORMS if form[0] in names)
    for digits, names in (
        (1, ("numbers", "month named")),
        (2, ("numbers", "month named")),
        (4, ("year first", "year, month named")),
        (8, ("eight digits",)),
    )
}
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
# Excel's day 0; from 1 March 1900 on its serial numbers count from here.
_SERIAL_START = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 55153  # 2000-01-01 to 2050-12-31
_YEARS = range(1990, 2100)


@dataclass(slots=True)
class DateOrder:
    """What the dates of one column were read as."""

    month_first: bool
    why: str
    forms: dict[str, int] = field(default_factory=dict[str, int])


@lru_cache(maxsize=20_000)
def parts(written: str) -> tuple[str, re.Match[str]] | None:
    """Return the form that a cell has and its parts, or None where it is no date with a day."""
    text = written.strip()
    start = _START.match(text)
    if not start or (not text[-1].isalnum() and text[-1] != "."):
        return None
    digits = start[1]
    for name, pattern in _FORMS_BY_DIGITS.get(len(digits), ()) if digits else _FORMS:
        match = pattern.fullmatch(text)
        if match:
            return name, match
    return None


def parse(written: str, *, month_first: bool = False, serials: bool = False) -> date | None:
    """Return the day that a cell names, or None.

    Two numbers that can only be month and day are read so, whatever `month_first` says. `serials` allows
    a spreadsheet's bare day numbers, which look like any other number.
    """
    found = parts(written)
    if found is None:
        return _from_serial(written.strip()) if serials else None
    name, match = found
    year = int(match["year"])
    if year < 100:
        year += 2000 if year < 69 else 1900
    if name == "numbers":
        day, month = int(match["first"]), int(match["second"])
        if (month_first and month <= 31 and day <= 12) or (month > 12 >= day):
            day, month = month, day
    else:
        groups = match.groupdict()
        month = _MONTHS.index(groups["name"][:3].lower()) + 1 if groups.get("name") else int(groups["month"])
        day = int(groups["day"])
    return _day(year, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    """Return the day where the calendar has it and a payment could have been made on it."""
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_serial(text: str) -> date | None:
    """Read a spreadsheet's day number."""
    match = _SERIAL.fullmatch(text)
    if not match or not _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return None
    return _SERIAL_START + timedelta(days=int(match[1]))


def order(written: Iterable[str]) -> DateOrder:
    """Decide between day first and month first: British, unless only the other reading is possible.

    One value like 31/12 proves day first. Month first needs values like 12/31 and none that contradicts.
    """
    first_days = second_days = 0
    for text in written:
        found = parts(text)
        if found and found[0] == "numbers":
            first_days += int(found[1]["first"]) > 12
            second_days += int(found[1]["second"]) > 12
    if second_days and not first_days:
        return DateOrder(month_first=True, why=f"{second_days} values have a day only in second place")
    if first_days:
        return DateOrder(month_first=False, why=f"{first_days} values have a day only in first place")
    return DateOrder(month_first=False, why="British order; nothing contradicts it")


def read_all(counts: dict[str, int], chosen: DateOrder) -> dict[str, date]:
    """Return the day of each written date that names one; notes in `chosen` how often which form occurs."""
    known: dict[str, date] = {}
    for text, count in counts.items():
        day = parse(text, month_first=chosen.month_first, serials=True)
        if day is not None:
            known[text] = day
        if text.strip():
            form = _form_of(text) if day else "unreadable"
            chosen.forms[form] = chosen.forms.get(form, 0) + count
    return known


def _form_of(text: str) -> str:
    """Name how a date is written."""
    found = parts(text)
    return found[0] if found else "spreadsheet day number"
