"""Which file replaces which, by name alone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.rules.replacement import replaces, stem

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "period", "series"),
    [
        ("2018-01-card.csv.gz", "2018-01", "card"),
        ("2018-01_clean.csv.gz", "2018-01", ""),
        ("July-24.csv", "2024-07", ""),
        ("Sept-25-CVS.csv", "2025-09", ""),
        ("Oct2020-csv.csv", "2020-10", ""),
        ("1603177375wpdm_July-2020.csv", "2020-07", ""),
        ("CALL57162-Copy-of-HBC-Spend-over-250.00-July-22.csv", "2022-07", "hbc"),
        ("SpendOver250Feb24.csv", "2024-02", ""),
        ("expenditure-over-500-apr-jun-2016.csv", "2016-04/2016-06", ""),
        ("nov-jan-2017.csv", "2016-11/2017-01", ""),
        ("2021-P10.csv", "2021-P10", ""),
        ("Q1 2021-22.csv", "2021-Q1", ""),
        ("2021-22.csv", "2021/22", ""),
        ("1708.csv", "2017-08", ""),
        ("20180131.csv", "2018-01-31", ""),
        ("2021-12-Harrogate-Borough-Council.csv.gz", "2021-12", "harrogate-borough-council"),
        ("2021-08---October-Brimhams-Active.csv.gz", "2021-08", "october-brimhams-active"),
        ("2021-09-supplier-spend.csv.gz", "2021-09", ""),
    ],
)
def test_a_name_says_its_period_and_series(name: str, period: str, series: str):
    read = stem(name)
    assert (read.period, read.series, read.revision) == (period, series, 0)


@pytest.mark.parametrize("name", ["2008.csv", "spend.csv", "13-2018-over-13.csv", "data.csv", ""])
def test_a_name_that_leaves_doubt_says_no_period(name: str):
    assert stem(name).period is None


@pytest.mark.parametrize(
    ("new", "existing"),
    [
        ("2018-01.csv", "2018-01.csv"),
        ("2018-01 (1).csv", "2018-01.csv"),
        ("2018-01 - Copy.csv", "2018-01.csv"),
        ("1699999999wpdm_July-2020.csv", "1603177375wpdm_July-2020.csv"),
        ("December-25-revised.csv", "Spend-over-250-Dec-25.csv"),
        ("Payments Oct-Dec 2016 (amended).xlsx", "expenditure-over-500-oct-dec-2016.csv"),
        ("July-24 v3.csv", "July-24 v2.csv"),
        ("July-24-corrected.csv", "July-24.csv"),
    ],
)
def test_a_name_says_that_it_replaces(new: str, existing: str):
    assert replaces(stem(new), stem(existing))


@pytest.mark.parametrize(
    ("new", "existing"),
    [
        ("2018-02.csv", "2018-01.csv"),
        ("2018-01-card.csv", "2018-01.csv"),
        ("2018-01-card-revised.csv", "2018-01.csv"),
        ("2018-02-revised.csv", "2018-01.csv"),
        ("July-24.csv", "July-24 v2.csv"),
        ("July-24.csv", "July-24-corrected.csv"),
        ("2021-09-supplier-spend.csv", "2021-09.csv"),
        ("spend-revised.csv", "payments.csv"),
    ],
)
def test_a_name_that_does_not_say_so_replaces_nothing(new: str, existing: str):
    assert not replaces(stem(new), stem(existing))


@given(st.text(max_size=60))
def test_any_name_can_be_read_and_replaces_its_own_earlier_version(name: str):
    assert replaces(stem(name), stem(name))
    assert stem(name) == stem(f"some/folder/{name}") or "/" in name or "\\" in name or name in {"", "."}


@given(st.integers(2013, 2035), st.integers(1, 12))
def test_a_month_is_read_however_it_is_spelt(year: int, month: int):
    word = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ][month - 1]
    spellings = [
        f"{year}-{month:02d}",
        f"{word}-{year}",
        f"{word[:3]}{year % 100:02d}",
        f"{month:02d}_{year}",
    ]
    assert {stem(f"{spelling}.csv").period for spelling in spellings} == {f"{year}-{month:02d}"}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_no_two_published_files_are_taken_for_versions_of_one():
    folders = [
        f for top in ("council-spend", "council-spend-raw") for f in (SHARED / top).iterdir() if f.is_dir()
    ]
    names = {folder: [file.name for file in folder.iterdir() if ".csv" in file.name] for folder in folders}
    assert sum(map(len, names.values())) == 542
    stems = {folder: [stem(name) for name in each] for folder, each in names.items()}
    wrong = [
        pair
        for each in stems.values()
        for pair in itertools.permutations(each, 2)
        if replaces(pair[0], pair[1])
    ]
    assert wrong == []
    assert all(read.period for each in stems.values() for read in each)
