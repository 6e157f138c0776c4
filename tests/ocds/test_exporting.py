"""`buytogether export ocds` as whoever has the machine at hand types it."""

from __future__ import annotations

import asyncio
import gzip
import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.__main__ import main


@pytest.fixture
def export(database, tmp_path):
    """Run the command on this test's database; it starts a loop of its own, and so needs a thread."""
    environment = {
        "BUYTOGETHER_HOME": str(tmp_path),
        "BUYTOGETHER_OCID_PREFIX": "ocds-a1b2c3",
        "DATABASE_URL": database.app,
        "DATABASE_JOBS_URL": database.jobs,
    }

    async def exporting(*words: str) -> Result:
        run = partial(CliRunner().invoke, main, ["export", "ocds", *words], env=environment)
        return await asyncio.to_thread(run)

    return exporting


def files_of(folder: Path) -> list[str]:
    return [place.name for place in folder.iterdir() if "jsonl" in place.name]


async def test_a_line_for_each_tender(export, terminated, tmp_path):
    place = tmp_path / "tenders.jsonl"
    done = await export("--to", str(place))
    assert (done.exit_code, done.stderr) == (0, "1 lines\n")
    release = json.loads(place.read_text())
    assert release["ocid"] == f"ocds-a1b2c3-{terminated}"
    assert release["tag"] == ["compiled"]


async def test_a_line_for_each_release_since_a_time_packed(export, terminated, tmp_path):
    place = tmp_path / "releases.jsonl.gz"
    await export("--what", "releases", "--to", str(place))
    whole = [json.loads(line) for line in gzip.decompress(place.read_bytes()).splitlines()]
    assert [each["tag"] for each in whole] == [["tender"], ["tenderUpdate"], ["tenderCancellation"]]
    await export("--what", "releases", "--since", whole[1]["date"], "--to", str(place))
    news = [json.loads(line) for line in gzip.decompress(place.read_bytes()).splitlines()]
    assert news == whole[1:]


async def test_one_tender_to_the_terminal(export, published):
    for name in (str(published), f"ocds-a1b2c3-{published}"):
        done = await export("--tender", name, "--to", "-")
        assert json.loads(done.stdout)["tender"]["id"] == str(published)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tender", "nonsense"], "takes the id of a tender"),
        (["--tender", "01a2b3c4-0000-7000-8000-000000000001"], "No published tender"),
        (["--since", "yesterday"], "is a day"),
    ],
)
async def test_what_cannot_be_written_leaves_no_file(export, published, tmp_path, words, said):
    place = tmp_path / "kept.jsonl"
    place.write_text("as it was")
    done = await export(*words, "--to", str(place))
    assert done.exit_code == 1
    assert said in done.output
    assert place.read_text() == "as it was"
    assert files_of(tmp_path) == ["kept.jsonl"]


async def test_a_prefix_of_somebody_else_is_refused(export, database, tmp_path):
    run = partial(
        CliRunner().invoke,
        main,
        ["export", "ocds", "--to", "-"],
        env={"BUYTOGETHER_HOME": str(tmp_path), "BUYTOGETHER_OCID_PREFIX": "ocds-h6vhtk"},
    )
    done = await asyncio.to_thread(run)
    assert done.exit_code == 1
    assert "another publisher" in done.output
