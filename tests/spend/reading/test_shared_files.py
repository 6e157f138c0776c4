"""Every real file in ../shared/data: no crash, no line lost, and sums proved by a parser of another kind."""

import csv
import gzip
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from spend import reading

DATA = Path(__file__).parents[4] / "shared" / "data"
CLEANED = sorted((DATA / "council-spend").glob("*/*.csv.gz"))
RAW = sorted((DATA / "council-spend-raw").glob("*/*.csv"))

pytestmark = pytest.mark.skipif(
    not CLEANED or not RAW, reason="../shared/data is absent: no real files to read"
)


def plain_rows(path: Path, encoding: str = "latin-1") -> list[list[str]]:
    """Return a file's rows that are not blank, by the standard library alone."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rows = csv.reader(io.StringIO(content.decode(encoding), newline=""))
    return [row for row in rows if any(cell.strip(" ï»¿Â\u00a0\x83") for cell in row)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in CLEANED + RAW}), ids=lambda path: path.name
)
def test_no_line_of_any_file_is_lost(folder):
    for path in sorted(folder.iterdir()):
        found = reading.read(path.read_bytes(), path.name)
        decided = found.decisions
        headers = (decided.header_line is not None) + len(decided.repeated_header_lines)
        assert found.read + found.set_aside.height == found.lines, path.name
        assert found.lines + headers + len(decided.preamble_lines) == len(plain_rows(path)), path.name
        assert found.table["line_no"].is_sorted(), path.name


def test_the_manifest_of_the_raw_files_is_reconciled():
    # In these two files the header stands below the data, which the manifest counts as a line of data.
    below = {"hyndburn/March-25-CSV.csv": 1, "hyndburn/Sept-25-CVS.csv": 1}
    with (DATA / "council-spend-raw" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = reading.read((DATA / "council-spend-raw" / row["file"]).read_bytes(), row["file"])
            decided = found.decisions
            # Blank lines above the header are not among the reader's blank lines, which are the data's.
            above = (decided.header_line or 1) - 1 - len(decided.preamble_lines)
            assert found.lines + below.get(row["file"], 0) == int(row["data_lines"]), row["file"]
            assert decided.blank_lines + above == int(row["blank_lines"]), row["file"]
            assert str(decided.header_line or "none") == row["header_line"], row["file"]
            assert ("850" in row["encoding"]) == (decided.encoding == "code page 850"), row["file"]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("council-spend/bradford/2019-11_clean.csv.gz", 6),
        ("council-spend/calderdale/2018-02.csv.gz", 5),
        ("council-spend/calderdale/2018-02-card.csv.gz", 5),
        ("council-spend/darlington/2018-01.csv.gz", 7),
        ("council-spend/gateshead/2019-11.csv.gz", 7),
        ("council-spend/harrogate/2019-03.csv.gz", 11),
        ("council-spend/leeds/2013-12.csv.gz", 9),
        ("council-spend/manchester/2022-05.csv.gz", 5),
        ("council-spend/newcastle/2021-07.csv.gz", 9),
        ("council-spend-raw/greater-london-authority/2021-P01.csv", 5),
        ("council-spend-raw/hyndburn/Aug-25.csv", 11),
        ("council-spend-raw/hyndburn/1703.csv", 6),
        ("council-spend-raw/hyndburn/March-25-CSV.csv", 16),
        ("council-spend-raw/oxford/expenditure-over-500-jul-sep-2017.csv", 5),
    ],
)
def test_amounts_add_up_to_the_penny_with_another_parser(name, column):
    total = Decimal(0)
    for row in plain_rows(DATA / name)[0:]:
        digits = re.sub(r"[^0-9.()\-Ee]", "", row[column])
        # A total of the whole file has nothing but its amount.
        if not re.search(r"\d", digits) or sum(bool(cell.strip()) for cell in row) == 1:
            continue
        negative = digits.startswith(("(", "-")) or digits.endswith("-")
        pounds = Decimal(re.sub(r"[()]", "", digits).removeprefix("-").removesuffix("-"))
        total += -pounds if negative else pounds
    found = reading.read((DATA / name).read_bytes(), name)
    assert found.table["amount_pence"].sum() == int((total * 100).to_integral_value())
