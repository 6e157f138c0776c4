"""Columns in which nothing stands are not kept, and are there again when lines are asked for."""

import polars as pl
import pytest

from spend import reading

PAYMENTS = b"Date,Supplier,Amount\n01/04/2024,Acme Ltd,12.50\n02/04/2024,,7.00\n"


@pytest.fixture
def lines() -> pl.DataFrame:
    return reading.read(PAYMENTS, "april.csv").table


def test_only_columns_that_hold_something_are_kept(lines: pl.DataFrame):
    kept = reading.filled(lines).columns
    assert "payee" in kept, "one line names its payee"
    assert "vat_number" not in kept
    assert "description" not in kept


def test_lines_are_whole_again(lines: pl.DataFrame):
    again = reading.completed(reading.filled(lines).lazy()).collect()
    assert again.schema == pl.Schema(reading.LINES)
    assert again.equals(lines)


def test_lines_kept_with_all_columns_stay_as_they_are(lines: pl.DataFrame):
    assert reading.completed(lines.lazy()).collect().equals(lines)


def test_lines_that_earlier_versions_wrote_are_the_same(lines: pl.DataFrame):
    earlier = lines.with_columns(pl.col("amount_basis").cast(pl.Enum(["net", "gross", "unknown"])))
    assert reading.completed(reading.filled(earlier).lazy()).collect().equals(lines)


def test_a_file_without_a_line_keeps_what_is_added_up(lines: pl.DataFrame):
    kept = reading.filled(lines.clear())
    assert kept.columns == ["line_no", "amount_pence"]
    assert reading.completed(kept.lazy()).collect().equals(lines.clear())
