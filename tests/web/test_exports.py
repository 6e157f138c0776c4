from __future__ import annotations

import csv
import io
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web import exports


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_texts_that_would_run_are_marked_and_numbers_keep_their_sign():
    rows = [
        ("=1+1", "@SUM(A1)", "+44 20", "-2", -2, "-1,234.50", " =x", "plain", None, date(2026, 11, 22), True)
    ]
    assert read(exports.csv_bytes(["a"] * 11, rows))[1] == [
        "'=1+1", "'@SUM(A1)", "'+44 20", "-2", "-2", "-1,234.50", "' =x", "plain", "", "2026-11-22", "yes",
    ]  # fmt: skip


def test_things_become_lines_of_their_attributes():
    thing = SimpleNamespace(id=UUID(int=7), title="=Maps", value_pence=-5, start_on=None, made="unused")
    names = ("id", "title", "value_pence", "start_on")
    assert read(exports.csv_of(names, [thing])) == [
        list(names),
        ["00000000-0000-0000-0000-000000000007", "'=Maps", "-5", ""],
    ]


def test_the_mark_for_excel_is_there_unless_it_is_not_wanted():
    assert exports.csv_bytes(["£"], []) == b"\xef\xbb\xbf\xc2\xa3\r\n"
    assert exports.csv_bytes(["£"], [], bom=False) == b"\xc2\xa3\r\n"


def test_a_long_export_comes_in_pieces():
    chunks = list(exports.csv_chunks(["n"], ([n] for n in range(5000))))
    assert len(chunks) > 5
    assert len(read(b"".join(chunks))) == 5001


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_every_text_comes_back_but_for_the_mark(cells: list[str]):
    (_, row) = read(exports.csv_bytes(["x"] * len(cells), [cells]))
    for was, now in zip(cells, row, strict=True):
        assert now in (was, "'" + was)
        assert now[:1] not in "=@\t\r\n" or now == ""


def test_a_file_name_cannot_break_the_header():
    with pytest.raises(ValueError, match="plain file name"):
        exports.csv_file('a"; x="b.csv', b"")
    assert exports.csv_file("lines-2026.csv", b"").headers["content-disposition"].endswith('"lines-2026.csv"')
