"""Importing: nothing twice, nothing half, nothing dropped; the sums are the same to the penny everywhere."""

from __future__ import annotations

import asyncio
import gzip
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, Future
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spend import reading
from spend.actions import importing, intake
from store.jobs import Cancelled, Work
from store.lake import Lake
from tests.spend.published import LEEDS, OPERATOR, World, ordinary, row, written
from values.money import to_pence

AMOUNTS = st.one_of(
    st.decimals(min_value=-(10**7), max_value=10**7, places=2).map(lambda amount: (f"{amount}", amount)),
    st.sampled_from([("", None), ("n/a", None), ("see note", None)]),
)


async def everything(world: World) -> dict[str, object]:
    """All that an import can change: the register, what was set aside, the audit trail, the lake."""
    counts = {
        table: await world.owner.fetchval(f"select count(*) from {table}")
        for table in ("published_file", "set_aside_line", "audit_entry", "job", "supplier")
    }
    kept = {path: path.stat().st_mtime_ns for path in world.lake.root.rglob("*") if path.is_file()}
    return {**counts, "kept": kept}


async def test_importing_a_file_twice_changes_nothing(world):
    first = await world.publish("April 2025.csv", [*ordinary(6), row(7, amount="none")])
    before = await everything(world)
    again = await world.publish("April 2025.csv", [*ordinary(6), row(7, amount="none")])
    assert await everything(world) == before
    assert (first.new, first.already) == (1, 0)
    assert (again.new, again.already) == (0, 1)
    counts = ("files", "lines", "read", "set_aside", "amount_read_pence", "reasons")
    assert all(getattr(first, name) == getattr(again, name) for name in counts)


async def test_the_same_content_under_another_name_or_packed_is_known(world):
    content = written(ordinary(4))
    await world.publish_bytes({"April 2025.csv": content})
    renamed = await world.publish_bytes({"Supplier payments.csv": content})
    assert (renamed.new, renamed.already) == (0, 1)
    packed = await world.publish_bytes({"April 2025.csv.gz": gzip.compress(content, mtime=0)})
    assert packed.replaced == 1, "other bytes under the same name are a newer version"
    assert await world.owner.fetchval("select count(*) from published_file where state = 'current'") == 1


async def test_a_corrected_file_replaces_the_earlier_one_and_says_what_changed(world):
    rows = ordinary(5)
    await world.publish("April 2025.csv", rows)
    corrected = [*rows[:4], row(5, amount="900.00"), row(6, amount="1.50")]
    summary = await world.publish("April 2025 amended.csv", corrected)
    assert (summary.new, summary.replaced) == (1, 1)
    by_name = "select * from published_file where name = $1"
    earlier = await world.owner.fetchrow(by_name, "April 2025.csv")
    later = await world.owner.fetchrow(by_name, "April 2025 amended.csv")
    assert (earlier["state"], later["state"]) == ("replaced", "current")
    assert later["replaces_id"] == earlier["id"]
    assert earlier["ended_at"] is not None
    changed = await world.owner.fetchrow(
        "select x.* from published_file, jsonb_to_record(difference) as x(lines_added int, lines_removed int,"
        " lines_kept int, pence_added int, pence_removed int) where id = $1",
        later["id"],
    )
    assert tuple(changed) == (2, 1, 4, 90150, 505)
    assert world.lines_of(LEEDS, earlier["lines_name"]).exists(), "the earlier version is kept"


async def test_an_earlier_version_that_comes_late_does_not_count(world):
    await world.publish("April 2025 v2.csv", ordinary(4))
    late = await world.publish("April 2025 v1.csv", ordinary(3))
    assert late.new == 1
    assert await world.state(await world.file_id("April 2025 v1.csv")) == "replaced"
    assert await world.state(await world.file_id("April 2025 v2.csv")) == "current"


async def test_a_person_can_say_which_file_is_replaced(world):
    await world.publish("first.csv", ordinary(4))
    earlier = await world.file_id("first.csv")
    summary = await world.publish("quite another name.csv", ordinary(5), replaces=earlier)
    assert summary.replaced == 1
    assert await world.state(earlier) == "replaced"


async def test_two_imports_at_once_register_each_file_once(world):
    files = {
        f"{month} 2025.csv": written(ordinary(3, first=10 * place)) for place, month in enumerate(MONTHS)
    }
    one, other = await asyncio.gather(world.publish_bytes(files), world.publish_bytes(files))
    assert one.new + other.new == len(files)
    assert one.already + other.already == len(files)
    assert await world.owner.fetchval("select count(*) from published_file") == len(files)


MONTHS = ("April", "May", "June")


class Steps:
    """Progress that notes each step, and may be told to stop."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.done: list[tuple[int, int | None]] = []
        self._stop_at = stop_at

    async def report(self, done: int, total: int | None, doing: str) -> None:  # noqa: ARG002
        self.done.append((done, total))
        if done == self._stop_at:
            raise Cancelled


def files_of(world: World, counts: dict[str, int]) -> dict[str, list[importing.Incoming]]:
    """So many files of each body, none like another."""
    published: dict[str, list[importing.Incoming]] = {}
    for place, (body, count) in enumerate(counts.items()):
        for number in range(count):
            path = world.folder / f"{body} {number}.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(written(ordinary(3, first=1 + 10 * (100 * place + number))))
            published.setdefault(body, []).append(importing.Incoming(path, path.name))
    return published


async def test_bodies_are_imported_side_by_side_as_each_alone_would_be(world):
    counts = {LEEDS: importing.BATCH + 1, "BRD": 2, "MAN": 3}
    progress = Steps()
    work = Work(world.sessions, OPERATOR, progress)
    summaries = await importing.import_bodies(work, world.lake, files_of(world, counts))
    assert {body: summary.new for body, summary in summaries.items()} == counts
    total = sum(counts.values())
    assert progress.done == [(number, total) for number in range(1, total + 1)]
    found = await world.owner.fetch("select body_code, count(*) as files from published_file group by 1")
    assert {row["body_code"]: row["files"] for row in found} == counts
    again = await importing.import_bodies(work, world.lake, files_of(world, counts))
    assert {body: summary.already for body, summary in again.items()} == counts


class AtWork(Executor):
    """A reader that is at work until it is told to finish."""

    def __init__(self) -> None:
        self.reading: Future[intake.Taken] = Future()
        self.begun = asyncio.Event()
        self._task: Callable[[], list[intake.Taken]] | None = None

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._task = partial(fn, *args, **kwargs)
        self.reading.set_running_or_notify_cancel()
        self.begun.set()
        return self.reading

    def finish(self) -> Path:
        """Finish; return what was written beside its place."""
        assert self._task
        taken = self._task()
        beside = taken[-1].written[-1].path
        assert beside.exists()
        self.reading.set_result(taken)
        return beside


async def test_a_file_that_is_waited_for_when_an_import_is_given_up_leaves_nothing(world):
    reader = AtWork()
    work = Work(world.sessions, OPERATOR, Steps())
    [file] = files_of(world, {LEEDS: 1})[LEEDS]
    importing_it = asyncio.create_task(importing.import_files(work, world.lake, LEEDS, [file], pool=reader))
    await reader.begun.wait()
    await asyncio.sleep(0.05)
    importing_it.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing_it
    assert not reader.finish().exists()


async def test_what_ends_the_import_of_one_body_ends_that_of_all(world):
    work = Work(world.sessions, OPERATOR, Steps(stop_at=3))
    with pytest.raises(Cancelled):
        await importing.import_bodies(work, world.lake, files_of(world, {LEEDS: 12, "BRD": 12}))
    assert await world.owner.fetchval("select count(*) from published_file") == 0
    assert not [path for path in world.lake.root.rglob("*") if path.is_file()], "nothing is left beside"


async def test_the_register_and_the_lake_agree_to_the_penny(world):
    rows = [*ordinary(40), row(41, amount="-17.35"), row(42, amount="TBC"), row(43, day="", payee="")]
    await world.publish("April 2025.csv", rows)
    await world.publish("May 2025.csv", ordinary(30, first=100))
    for file in await world.owner.fetch("select * from published_file"):
        lines = pl.read_parquet(world.lines_of(LEEDS, file["lines_name"]))
        assert file["read"] == lines.height
        assert file["read"] + file["set_aside"] == file["lines"]
        assert file["amount_read_pence"] == lines["amount_pence"].sum()
        kept = await world.owner.fetchval(
            "select count(*) from set_aside_line where file_id = $1", file["id"]
        )
        assert kept == file["set_aside"]


async def test_what_cannot_be_read_is_told_and_the_rest_is_imported(world):
    summary = await world.publish_bytes(
        {
            "April 2025.csv": written(ordinary(3)),
            "May 2025.pdf": b"%PDF-1.7 no payments",
            "June 2025.csv": b"",
        }
    )
    assert summary.new == 1
    assert {refused["file"] for refused in summary.unreadable} == {"May 2025.pdf", "June 2025.csv"}
    assert all(refused["message"].endswith(".") for refused in summary.unreadable)


class StopsAt:
    """Progress that somebody cancels after so many files."""

    def __init__(self, files: int) -> None:
        self.files = files

    async def report(self, done: int, total: int | None, doing: str) -> None:  # noqa: ARG002
        if done >= self.files:
            raise Cancelled


async def test_cancelling_in_the_middle_leaves_whole_batches_only(world):
    files = {
        f"payments {number}.csv": written(ordinary(3, first=1 + 10 * number))
        for number in range(2 * importing.BATCH + 5)
    }
    with pytest.raises(Cancelled):
        await world.publish_bytes(files, progress=StopsAt(importing.BATCH + 2))
    found = await world.owner.fetch("select lines_name, read from published_file")
    assert len(found) == importing.BATCH
    for file in found:
        assert pl.read_parquet(world.lines_of(LEEDS, file["lines_name"])).height == file["read"] == 3
    rest = await world.publish_bytes(files)
    assert (rest.already, rest.new) == (importing.BATCH, importing.BATCH + 5)


def test_where_one_of_several_files_fails_nothing_of_the_others_is_left(tmp_path):
    path = tmp_path / "april.csv"
    path.write_bytes(written(ordinary(3)))
    lake = Lake(tmp_path / "lake")

    def fails_behind_the_first():
        yield str(path), path.name
        raise MemoryError

    with pytest.raises(MemoryError):
        intake.take_all(lake, LEEDS, fails_behind_the_first(), {})
    assert not [each for each in lake.root.rglob("*") if each.is_file()]


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
@settings(max_examples=25)
def test_every_line_is_read_or_set_aside_and_no_penny_is_lost(amounts: list[tuple[str, Decimal | None]]):
    # Most lines are readable, or the file would have no column of amounts.
    sure = len(amounts) + 3
    texts = ["1.00"] * sure + [text for text, _ in amounts]
    content = written([row(number, amount=text) for number, text in enumerate(texts)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        lake = Lake(Path(folder) / "lake")
        taken = intake.take(lake, LEEDS, str(path), "April 2025.csv", {})
        lake.settle(taken.written)
        lines = pl.read_parquet(intake.lines_path(lake, LEEDS, taken.lines_name))
        again = reading.completed(lines.lazy()).collect()
        assert again.equals(reading.read(content, "April 2025.csv").table), "kept as it was read"
        assert lake.original(taken.digest).read_bytes() == content
    expected = 100 * sure + sum(to_pence(amount) for _, amount in amounts if amount is not None)
    assert taken.lines == len(amounts) + sure
    assert lines.height + len(taken.set_aside) == taken.lines
    assert taken.amount_read_pence == lines["amount_pence"].sum() == expected
    assert sum(taken.reasons.values()) == sum(amount is None for _, amount in amounts)
