"""`suggest pools` as a person and a program meet it: no database, an answer or a sentence."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from analytics.pooling.listing import COLUMNS
from app.__main__ import main
from tests.analytics.pooling.test_optimising import crowd

REFEREE = Path(__file__).resolve().parents[3] / "shared/tools/needs_instance.py"
COSTS = ("--pool-cost", "2", "--member-cost", "0.3")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "needs.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(COLUMNS)
        rows.writerows(
            [
                need.id,
                need.council,
                need.region,
                need.category,
                int(need.national),
                need.value,
                need.first_month,
                need.last_month,
                need.standard,
            ]
            for need in crowd()
        )
    return file


def suggest(*words: object) -> Any:
    return CliRunner().invoke(main, ["suggest", "pools", *map(str, words)])


def answer(*words: object) -> dict[str, Any]:
    result = suggest(*words, *COSTS, "--processes", 1)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_pools_come_with_saving_interval_shares_bound_and_gap(listed: Path) -> None:
    told = answer(listed)
    assert told["pools"]
    for pool in told["pools"]:
        assert pool["saving_low_pence"] < pool["expected_saving_pence"] < pool["saving_high_pence"]
        assert {share["need"] for share in pool["shares"]} == set(pool["needs"])
        fair = sum(share["fair_pence"] for share in pool["shares"])
        # Saving and costs are rounded to pence one by one.
        assert abs(fair - pool["expected_saving_pence"]) <= len(pool["needs"]) + 1
    assert told["objective_pence"] == pytest.approx(
        sum(p["expected_saving_pence"] for p in told["pools"]), abs=50
    )
    assert told["greedy"] <= told["objective"] <= told["bound"]
    assert told["gap"] == pytest.approx(1 - told["objective"] / told["bound"], abs=1e-5)
    assert told["model"]["assumed"] is True


def test_a_packed_file_and_a_plain_one_give_the_same(listed: Path, tmp_path: Path) -> None:
    packed = tmp_path / "needs.csv.gz"
    packed.write_bytes(gzip.compress(listed.read_bytes()))
    assert answer(packed)["pools"] == answer(listed)["pools"]


def test_pins_and_bans_are_kept(listed: Path) -> None:
    first = answer(listed)["pools"][0]["needs"]
    told = answer(
        listed, "--forbid", f"{first[0]},{first[1]}", "--forbid", first[2], "--pin", f"{first[3]},{first[4]}"
    )
    pools = [set(pool["needs"]) for pool in told["pools"]]
    assert not any({first[0], first[1]} <= pool or first[2] in pool for pool in pools)
    assert any({first[3], first[4]} <= pool for pool in pools)


def test_what_is_kept_is_not_searched_again(listed: Path, tmp_path: Path) -> None:
    keep = tmp_path / "kept.json"
    first = answer(listed, "--keep", keep)
    second = answer(listed, "--keep", keep)
    assert (first["searched_count"] > 0, second["searched_count"]) == (True, 0)
    assert second["pools"] == first["pools"]
    assert second["bound"] == first["bound"]
    keep.write_text("[]")
    assert "does not hold what an earlier run kept" in suggest(listed, "--keep", keep).output


def test_at_once_is_greedy_with_a_bound(listed: Path) -> None:
    told = answer(listed, "--at-once")
    assert told["objective"] == told["greedy"]
    assert told["bound"] >= answer(listed)["objective"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pin", "N1,NOBODY"], "There is no need NOBODY."),
        (["--pin", ","], "Name at least one need"),
        (["--elasticity", "0.5"], "These rules cannot be"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(listed: Path, words: list[str], message: str) -> None:
    result = suggest(listed, *words)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_bad_line_is_told_with_its_number(listed: Path) -> None:
    lines = listed.read_text().splitlines()
    lines[6] = lines[6].replace(",R,", ",,")
    listed.write_text("\n".join(lines))
    assert "Line 7: region is empty." in suggest(listed).output
    listed.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in suggest(listed).output


@pytest.mark.skipif(not REFEREE.exists(), reason="the referee of instances is not beside the checkout")
def test_the_referee_finds_nothing_broken_and_the_same_saving(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, REFEREE, "make", "--needs", "300"], capture_output=True, text=True, check=True
    )
    needs, pools = tmp_path / "needs.csv", tmp_path / "pools.json"
    needs.write_text(made.stdout)
    result = suggest(needs, "--seconds", 30, "--processes", 1)
    pools.write_text(result.stdout)
    scored = subprocess.run(
        [sys.executable, REFEREE, "score", needs, pools], capture_output=True, text=True, check=True
    )
    score = json.loads(scored.stdout)
    told = json.loads(result.stdout)
    assert score["broken_count"] == 0
    assert score["saving_10k_gbp"] == pytest.approx(told["objective"], abs=0.06)
    assert score["greedy_10k_gbp"] == pytest.approx(told["greedy"], abs=0.06)
