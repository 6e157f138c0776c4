"""How long the whole import of published files takes, against Polars reading the same bytes as text.

Run: `python benchmarks/importing.py FOLDER…`, with folders such as ../shared/data/council-spend that hold a
folder of files for each body. Polars gets the files decompressed and decoded beforehand, reads all columns
as strings and allows ragged lines; it is warm, its median counts. The import goes into a fresh home with an
embedded database that is started, migrated and knows the bodies: reading processes start, files are read,
kept, written as Parquet and registered. Both happen in turn in one run. The homes are removed at the end:
for some minutes after thousands of files were removed, ext4 looks past each of their places whenever it makes
a file, and the import that follows takes up to a third longer. So leave five minutes between two runs.
"""

import asyncio
import contextlib
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

# Reading processes load this file as well; what only the measuring needs is imported where it is needed.
if TYPE_CHECKING:
    from app.runtime import Runtime
    from spend.actions.importing import Summary

ROUNDS = 3
FLOOR_ROUNDS = 5
SECONDS_BETWEEN_LOOKS = 0.25
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
BODIES = {
    "bradford": "BRD",
    "calderdale": "CLD",
    "darlington": "DAL",
    "gateshead": "GAT",
    "harrogate": "HAG",
    "leeds": "LDS",
    "manchester": "MAN",
    "newcastle": "NET",
    "greater-london-authority": "GLA",
    "hyndburn": "HYN",
    "oxford": "OXO",
}


class Floor:
    """Polars in a process of its own, where the decoded files take nobody else's memory."""

    def __init__(self, paths: list[Path]) -> None:
        from spend.reading import decoding  # noqa: PLC0415

        self._decoded = [decoding.decode(path.read_bytes()).lines for path in paths]
        self.size_bytes = sum(map(len, self._decoded))

    def once(self) -> tuple[float, float]:
        """Read everything once; return the seconds on the wall and of the processors."""
        import polars as pl  # noqa: PLC0415

        wall, cpu = time.perf_counter(), time.process_time()
        for lines in self._decoded:
            pl.read_csv(lines, infer_schema=False, truncate_ragged_lines=True)
        return time.perf_counter() - wall, time.process_time() - cpu


_held: dict[str, Floor] = {}


def prepare_floor(paths: list[Path]) -> int:
    """Decode the files and read them once; return their size in bytes."""
    floor = _held["floor"] = Floor(paths)
    floor.once()
    return floor.size_bytes


def floor_once() -> tuple[float, float]:
    """Read the prepared files once with Polars."""
    return _held["floor"].once()


def tree(pid: int) -> Iterator[int]:
    """Go through a process and all below it."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))
    yield pid


def cpu_seconds(pid: int) -> float:
    """Return what a process, all below it, and all that ended below it took of the processors."""
    ticks = 0
    for each in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


def resident_bytes(pid: int, but: int) -> int:
    """Return the memory of a process and all below it, without one child."""
    total = 0
    for each in tree(pid):
        if each != but:
            with contextlib.suppress(OSError):
                total += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * PAGE
    return total


class Watch:
    """Looks at the memory of this process and its children while an import runs."""

    def __init__(self, but: int) -> None:
        self.most_bytes = 0
        self.done = 0
        self._but = but
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            self.most_bytes = max(self.most_bytes, resident_bytes(os.getpid(), self._but))


class Counting:
    """Progress that notes the most memory once a quarter of all files is done."""

    def __init__(self, watch: Watch, files: int) -> None:
        self._watch = watch
        self._quarter = files // 4
        self.quarter_bytes = 0

    async def report(self, done: int, total: int | None, doing: str) -> None:  # noqa: ARG002
        """Note how far the import is."""
        if not self.quarter_bytes and done >= self._quarter:
            self.quarter_bytes = self._watch.most_bytes


async def load_bodies(opened: "Runtime") -> None:
    from accounts.actions.register import load_register  # noqa: PLC0415
    from app.runtime import COMMAND_LINE  # noqa: PLC0415
    from store.db import connect, make_sessions, transaction  # noqa: PLC0415

    engine = connect(opened.jobs_url)
    async with transaction(make_sessions(engine), COMMAND_LINE) as db:
        await load_register(db, COMMAND_LINE)
    await engine.dispose()


async def import_all(opened: "Runtime", bodies: dict[str, list[Path]], progress: Counting) -> list["Summary"]:
    from spend.actions import readers  # noqa: PLC0415

    # As the command does, before it loads the rest.
    readers.prepare(sum(map(len, bodies.values())))
    from app.runtime import COMMAND_LINE  # noqa: PLC0415
    from spend.actions.importing import Incoming, import_bodies  # noqa: PLC0415
    from store.db import connect, make_sessions  # noqa: PLC0415
    from store.jobs import Work  # noqa: PLC0415

    engine = connect(opened.jobs_url)
    work = Work(make_sessions(engine), COMMAND_LINE, progress)
    published = {code: [Incoming(path, path.name) for path in paths] for code, paths in bodies.items()}
    summaries = await import_bodies(work, opened.lake, published)
    await engine.dispose()
    return list(summaries.values())


def measured(
    bodies: dict[str, list[Path]], home: Path, floor_pid: int
) -> tuple[float, float, float, int, int]:
    """Import everything into a home that is still empty.

    Returns:
        Seconds on the wall, of the processors, of them by PostgreSQL; bytes after a quarter, and at the end.
    """
    from app import runtime  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    files = sum(map(len, bodies.values()))
    with runtime.opened(Settings(home=home)) as opened, Watch(floor_pid) as watch:
        asyncio.run(load_bodies(opened))
        assert opened.server is not None
        postmaster = int((opened.server.data / "postmaster.pid").read_text().split()[0])
        progress = Counting(watch, files)
        start = time.perf_counter()
        cpu, server = cpu_seconds(os.getpid()), cpu_seconds(postmaster)
        summaries = asyncio.run(import_all(opened, bodies, progress))
        wall = time.perf_counter() - start
        cpu, server = cpu_seconds(os.getpid()) - cpu, cpu_seconds(postmaster) - server
    new, lines = sum(each.new for each in summaries), sum(each.lines for each in summaries)
    pence = sum(each.amount_read_pence for each in summaries)
    print(f"  {new} of {files} files new, {lines:,} lines, £{pence / 100:,.2f}; {wall:.2f} s", flush=True)
    return wall, cpu, server, progress.quarter_bytes, watch.most_bytes


def main(folders: list[str]) -> None:
    found = sorted(path for folder in folders for path in Path(folder).glob("*/*.csv*"))
    bodies = {
        code: here
        for name, code in BODIES.items()
        if (here := [path for path in found if path.parent.name == name])
    }
    paths = [path for here in bodies.values() for path in here]
    imports: list[tuple[float, float, float, int, int]] = []
    floors: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory(prefix="bt-", ignore_cleanup_errors=True) as folder,
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):
        Path(folder).chmod(0o755)  # as root, the server runs as `nobody`, who must get there
        floor_pid = pool.apply(os.getpid)
        megabytes = pool.apply(prepare_floor, (paths,)) / 1e6
        print(
            f"{len(paths)} files of {len(bodies)} bodies, {megabytes:.0f} MB; load {os.getloadavg()[0]:.1f}"
        )
        for number in range(ROUNDS):
            floors += [pool.apply(floor_once) for _ in range(FLOOR_ROUNDS)]
            home = Path(folder) / str(number)
            home.mkdir(mode=0o755)
            imports.append(measured(bodies, home, floor_pid))
        floors += [pool.apply(floor_once) for _ in range(FLOOR_ROUNDS)]
    floor, floor_cpu = (statistics.median(column) for column in zip(*floors, strict=True))
    wall, cpu, server, quarter, most = (statistics.median(column) for column in zip(*imports, strict=True))
    print(f"Polars        {floor:6.2f} s on the wall, {floor_cpu:6.2f} s of the processors")
    print(
        f"whole import  {wall:6.2f} s on the wall, {cpu:6.2f} s of the processors, PostgreSQL {server:.2f} s"
    )
    print(f"ratio         {wall / floor:6.2f}                {(cpu + server) / floor_cpu:8.2f}")
    print(
        f"most memory   {quarter / 1e6:6.0f} MB after a quarter of the files, {most / 1e6:.0f} MB at the end"
    )
    print(f"load now      {os.getloadavg()[0]:6.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main(sys.argv[1:])
