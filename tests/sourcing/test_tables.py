"""The tables of the law: whole, each row with its source, and nothing in two ways at once."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest

from sourcing.rules import tables
from sourcing.rules.law import ACT_BEGAN, law
from sourcing.rules.periods import APPLIES
from values.refusals import Missing, Refused

CODES = [each.code for each in tables.tables()]
INSTRUMENTS = (
    r"(?:the (?:(?:amending|commencement) )?regulations|the Act|Find a Tender|the GOV\.UK file of [\w ]+)"
)
CHECKED = re.compile(
    rf"(?:content |number )?read (?:in|on) {INSTRUMENTS}(?: and in {INSTRUMENTS})?(?: from \d+ \w+ \d{{4}})?"
    r"|our reading|second-hand(?: before)?"
)
SOURCE = re.compile(
    r"Procurement Act 2023, (?:sections? \d+|Schedule \d|Part \d)"
    r"|Procurement Regulations 2024, regulations? \d|GOV\.UK bank holidays"
)


def rows() -> list[tuple[str, dict[str, str]]]:
    return [(each.code, dict(row)) for each in tables.tables() for row in each.rows]


@pytest.mark.parametrize("code", CODES)
def test_a_table_says_what_it_is_and_where_it_comes_from(code: str):
    table = tables.table(code)
    assert table.rows
    assert all((table.title, table.words, table.origin, table.licence))
    assert table.as_of > ACT_BEGAN


def test_every_row_names_its_source_and_how_it_was_checked():
    for code, row in rows():
        assert SOURCE.match(row["source"]), (code, row)
        for part in row["checked"].split("; "):
            assert CHECKED.fullmatch(part), (code, row)


def test_every_row_is_whole():
    for code, row in rows():
        assert None not in row, (code, row)
        assert None not in row.values(), (code, row)
        assert all(value == value.strip() for value in row.values()), (code, row)


def test_rows_of_one_name_do_not_hold_on_the_same_day():
    for table in tables.tables():
        if table.code == "bank-holidays":
            continue
        spans: dict[str, list[tuple[date, date]]] = {}
        for row in table.rows:
            first = date.fromisoformat(row["valid_from"])
            last = date.fromisoformat(row["valid_until"]) if row["valid_until"] else date.max
            assert first <= last, row
            spans.setdefault(row["code"], []).append((first, last))
        for code, held in spans.items():
            for (_, ends), (begins, _) in itertools.pairwise(sorted(held)):
                assert ends < begins, (table.code, code)


def test_a_bank_holiday_stands_once_within_its_reach_and_belongs_somewhere():
    table = tables.table("bank-holidays")
    days = [row["day"] for row in table.rows]
    assert days == sorted(set(days))
    assert table.reaches_from
    assert table.reaches_until
    for row in table.rows:
        assert table.reaches_from <= date.fromisoformat(row["day"]) <= table.reaches_until
        assert "yes" in (row["england_and_wales"], row["scotland"], row["northern_ireland"])
    # A year without its holidays would be counted as one of nothing but working days.
    for year in range(table.reaches_from.year, table.reaches_until.year + 1):
        assert sum(day.startswith(str(year)) for day in days) >= 11


def test_notices_are_numbered_as_find_a_tender_has_them():
    numbers = [row["code"] for row in tables.table("notices").rows]
    assert numbers == [f"UK{number}" for number in range(1, 18) if number != 8]
    limits = {limit.code for limit in law().limits}
    for row in tables.table("notices").rows:
        assert set(row["limits"].split()) <= limits
        assert row["due_rule"] in {"within", "before", "soon", "optional"}


def test_the_periods_are_those_that_the_rules_know():
    assert [period.code for period in law().periods] == list(APPLIES)


def test_a_table_that_is_not_there_is_missing():
    with pytest.raises(Missing):
        tables.table("fees")


def test_a_row_that_holds_on_no_such_day_is_refused():
    with pytest.raises(Refused, match="no “performance” that holds on 30 June 2025"):
        law().limit("performance", date(2025, 6, 30))


def test_a_day_before_the_act_is_answered_by_its_first_day():
    assert law().limit("contract-details", date(2024, 12, 24)).amount == 30


def test_the_version_is_a_fingerprint():
    assert re.fullmatch("[0-9a-f]{12}", tables.version())
    assert law().version == tables.version()
