"""An import that is killed half-way, and started again, ends as if nothing had happened."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from spend.actions.importing import BATCH
from tests.conftest import ROOT
from tests.spend.published import LEEDS, ordinary, row, written
from values.money import to_pence

FILES = 5 * BATCH
LINES = 400


def files_of(folder: Path) -> list[Path]:
    folder.mkdir()
    places: list[Path] = []
    for number in range(FILES):
        place = folder / f"payments {number:03}.csv"
        unreadable = [row(number, amount="see note")]
        place.write_bytes(written([*ordinary(LINES, first=1 + number * LINES), *unreadable]))
        places.append(place)
    return places


def amounts_of(place: Path) -> list[str]:
    with place.open(newline="") as lines:
        return [line["Amount Net"] for line in csv.DictReader(lines) if line["Amount Net"] != "see note"]


def importing(database: Any, home: Path, files: list[Path]) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "BUYTOGETHER_HOME": str(home),
        "DATABASE_URL": database.app,
        "DATABASE_JOBS_URL": database.jobs,
    }
    command = [sys.executable, "-m", "app", "import", "spend", "--council", LEEDS, "--json", *map(str, files)]
    # A group of its own, so that its reading processes can be killed with it.
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


async def test_a_killed_import_leaves_nothing_half_and_is_finished_by_the_next(database, owner, tmp_path):
    files, home = files_of(tmp_path / "files"), tmp_path / "home"
    killed = importing(database, home, files)
    try:
        async with asyncio.timeout(25):
            while not await owner.fetchval("select count(*) from published_file"):
                assert killed.poll() is None, killed.stderr.read()
                await asyncio.sleep(0.002)
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        killed.stdout.close()
        killed.stderr.close()
    left = await owner.fetchval("select count(*) from published_file")
    assert 0 < left < FILES, "it was to be killed in the middle"
    assert left % BATCH == 0, "whole batches only"
    await whole(owner, home)

    finished = importing(database, home, files)
    said, errors = await asyncio.to_thread(finished.communicate, timeout=60)
    assert finished.returncode == 0, errors
    summary = json.loads(said)
    expected = sum(to_pence(amount) for place in files for amount in amounts_of(place))
    assert (summary["files"], summary["new"], summary["already"]) == (FILES, FILES - left, left)
    assert summary["lines"] == FILES * (LINES + 1)
    assert summary["set_aside"] == FILES
    assert summary["amount_read_pence"] == expected
    totals = await owner.fetchrow(
        "select count(*), sum(lines), sum(read), sum(set_aside), sum(amount_read_pence) from published_file"
        " where state = 'current'"
    )
    assert [int(value) for value in totals] == [FILES, FILES * (LINES + 1), FILES * LINES, FILES, expected]
    await whole(owner, home)


async def whole(owner: Any, home: Path) -> None:
    """Every registered file has all its lines, its original, and every line that was set aside."""
    for file in await owner.fetch("select id, lines_name, read, set_aside, sha256 from published_file"):
        lines = pl.read_parquet(home / "lake" / "lines" / LEEDS / f"{file['lines_name']}.parquet")
        assert lines.height == file["read"] == LINES
        digest = file["sha256"].hex()
        assert (home / "lake" / "originals" / digest[:2] / digest).exists()
        kept = await owner.fetchval("select count(*) from set_aside_line where file_id = $1", file["id"])
        assert kept == file["set_aside"] == 1
