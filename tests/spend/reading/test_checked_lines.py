"""Lines of real files, drawn at random over all their header variants and checked by eye, against the reader.

The lines were drawn by a script of its own (the csv module, positions chosen by reading each header), with a
fixed seed, and every raw line was read beside what is expected of it. Private names stand as their SHA-256.
"""

import csv
import hashlib
import math
from collections import defaultdict
from pathlib import Path

import pytest

from spend import reading

HERE = Path(__file__).parent
DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "council-spend").is_dir(),
    reason="../shared/data/council-spend is absent: nothing to check against",
)


def lower_bound(hits: int, of: int) -> float:
    """Return the lower end of the one-sided 95 % Wilson interval of a share."""
    z = 1.6448536269514722
    share = hits / of
    middle = share + z * z / (2 * of)
    return (middle - z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (1 + z * z / of)


def expected_lines() -> dict[str, list[dict[str, str]]]:
    by_file = defaultdict(list)
    with (HERE / "checked_lines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_file[row["file"]].append(row)
    return by_file


def same_payee(expected: str, payee: str | None) -> bool:
    if expected.startswith("sha256:"):
        return f"sha256:{hashlib.sha256((payee or '').encode()).hexdigest()}" == expected
    return (payee or "") == expected


def test_lines_checked_by_hand_are_read_with_the_right_date_amount_and_payee(record_property):
    wrong, of = [], 0
    for name, rows in expected_lines().items():
        content = (DATA / name).read_bytes()
        lines = {row["line_no"]: row for row in reading.read(content, name).table.iter_rows(named=True)}
        for row in rows:
            of += 1
            line = lines.get(int(row["line_no"]))
            right = (
                line is not None
                and str(line["paid_on"]) == row["paid_on"]
                and line["amount_pence"] == int(row["amount_pence"])
                and same_payee(row["payee"], line["payee"])
            )
            if not right:
                wrong.append((name, row["line_no"]))
    hits = of - len(wrong)
    bound = lower_bound(hits, of)
    record_property("agreement", f"{hits} of {of}, at least {bound:.2%} with 95 % confidence")
    assert of >= 600
    assert not wrong
    assert bound >= 0.995
