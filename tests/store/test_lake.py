"""The lake: files appear whole, under their own names, and never outside its folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from store.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def files(lake: Lake) -> list[Path]:
    return [place for place in lake.root.rglob("*") if place.is_file()]


def test_a_file_has_its_name_only_once_it_is_settled(lake):
    beside = lake.beside("lines", "X", "one.parquet")
    beside.path.write_bytes(b"whole")
    assert not beside.place.exists()
    lake.settle([beside])
    assert files(lake) == [beside.place]
    assert beside.place.read_bytes() == b"whole"


def test_the_same_name_may_be_written_twice_at_once(lake):
    first, second = (lake.beside("lines", "one.parquet") for _ in range(2))
    first.path.write_bytes(b"first")
    second.path.write_bytes(b"second")
    lake.settle([first, second])
    assert files(lake) == [first.place]
    assert first.place.read_bytes() == b"second"


def test_what_is_dropped_leaves_nothing_behind_and_what_is_settled_stays(lake):
    kept, dropped = (lake.beside("lines", name) for name in ("kept", "dropped"))
    for beside in (kept, dropped):
        beside.path.write_bytes(b"content")
    lake.settle([kept])
    lake.drop([kept, dropped])
    assert files(lake) == [kept.place]


def test_bytes_are_kept_once_under_their_digest(lake):
    digest, written = lake.keep_beside(b"as published")
    assert digest == hashlib.sha256(b"as published").hexdigest()
    assert not lake.original(digest).exists()
    lake.settle(written)
    assert lake.original(digest).read_bytes() == b"as published"
    assert lake.keep_beside(b"as published") == (digest, [])
    assert lake.keep(b"as published") == digest
    assert files(lake) == [lake.original(digest)]


@pytest.mark.parametrize("parts", [("..", "outside"), ("lines", "..", "..", "outside"), ("/outside",)])
def test_no_name_leads_out_of_the_lake(lake, parts):
    with pytest.raises(ValueError, match="outside the lake"):
        lake.path(*parts)
    with pytest.raises(ValueError, match="outside the lake"):
        lake.beside(*parts)


LEAVING = """
import asyncio, sys
from pathlib import Path
from store.lake import Lake

loop = asyncio.new_event_loop()
loop.create_task(Lake(Path(sys.argv[1])).rows("select sum(hash(range)) from range(50_000_000)"))
loop.call_later(0.3, loop.stop)
loop.run_forever()
print("left")
"""


def test_a_process_ends_even_if_it_was_told_to_while_a_query_ran(tmp_path):
    """A web server stops its loop with requests under way, whose tasks then never end."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == "left\n"
