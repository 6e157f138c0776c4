"""The lake: columnar files and originals beside the database, each written once under its own name.

A file appears whole or not at all: it is written beside its place, flushed to disk and renamed. Whoever
writes many files writes them all beside, then settles them together: to flush one is to wait for the disk,
to flush twenty at once takes hardly longer. The database names the files that count; a file that no row
names is left over from something that was interrupted, and is swept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from values.ids import uuid7

# Each takes a tenth of a second to load, which the processes that read published files do not wait for.
if TYPE_CHECKING:
    import duckdb

ORIGINALS = "originals"
# So many threads wait for the disk at once; it writes down together what is asked for together.
FLUSHING = 4
# So many queries run at once in a process. Each has a DuckDB of its own, with that much memory and as many
# threads as there are cores, so more would only get in each other's way.
QUERIES = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """A file of the lake that is written beside its place, neither flushed nor under its name yet."""

    path: Path
    place: Path


@dataclass(frozen=True, slots=True)
class Lake:
    """A folder of files that are written once.

    Attributes:
        root: the folder; made on first use.
        memory: what one query may use, in DuckDB's words; more spills to disk below `root`.
    """

    root: Path
    memory: str = "1GB"

    def path(self, *parts: str) -> Path:
        """Return the place of a file, and refuse a name that would leave the lake."""
        root = str(self.root)
        place = os.path.join(root, *parts)  # noqa: PTH118 -- asked for each file many times; quicker on text
        if not f"{os.path.normpath(place)}/".startswith(f"{os.path.normpath(root)}/"):
            raise ValueError(f"outside the lake: {'/'.join(parts)}")
        return Path(place)

    def keep(self, content: bytes) -> str:
        """Keep bytes as they are; return their SHA-256 in hexadecimal, which is their name."""
        digest, written = self.keep_beside(content)
        self.settle(written)
        return digest

    def keep_beside(self, content: bytes) -> tuple[str, list[Beside]]:
        """Keep bytes, but only beside their place; return the digest, and what is to be settled."""
        digest = hashlib.sha256(content).hexdigest()
        if self.original(digest).exists():
            return digest, []
        beside = self.beside(ORIGINALS, digest[:2], digest)
        beside.path.write_bytes(content)
        return digest, [beside]

    def adopt(self, received: Path, digest: str) -> None:
        """Keep a file that was received elsewhere in the lake, under the digest of its bytes."""
        place = self.path(ORIGINALS, digest[:2], digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        with received.open("rb") as whole:
            os.fsync(whole.fileno())
        received.replace(place)

    def original(self, digest: str) -> Path:
        """Return where the bytes with this digest stand."""
        return self.path(ORIGINALS, digest[:2], digest)

    def write_table(self, table: Any, *parts: str) -> Path:
        """Write a table as Parquet; an existing file of that name is replaced whole."""
        import pyarrow.parquet as pq  # noqa: PLC0415 -- see above

        beside = self.beside(*parts)
        try:
            pq.write_table(table, beside.path, compression="zstd", compression_level=1)
            self.settle([beside])
        finally:
            self.drop([beside])
        return beside.place

    def beside(self, *parts: str) -> Beside:
        """Return where to write a file that is then settled; each call names another place for writing."""
        place = self.path(*parts)
        folder = place.parent
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        return Beside(place.with_name(f".{place.name}.{uuid7()}"), place)

    def settle(self, written: Sequence[Beside]) -> None:
        """Flush files to disk and give them their names; afterwards they outlive a loss of power.

        A file of the same name is replaced whole.
        """
        if not written:
            return
        with ThreadPoolExecutor(FLUSHING) as threads:
            list(threads.map(_flush, [beside.path for beside in written]))
            for beside in written:
                beside.path.replace(beside.place)
            list(threads.map(_flush, {beside.place.parent for beside in written}))

    def drop(self, written: Iterable[Beside]) -> None:
        """Remove what was written beside and will not be settled."""
        for beside in written:
            beside.path.unlink(missing_ok=True)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return a private DuckDB that may read files, spill into the lake, and install nothing."""
        import duckdb  # noqa: PLC0415 -- see above

        spill = self.path("spill")
        spill.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(
            config={
                "memory_limit": self.memory,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            }
        )

    async def rows(
        self, sql: str, parameters: Sequence[Any] = (), *, before: Sequence[tuple[str, Sequence[Any]]] = ()
    ) -> list[dict[str, Any]]:
        """Run a query in a thread and return its rows; values are bound, never pasted.

        Args:
            sql: the query.
            parameters: what its question marks stand for.
            before: statements with their values that make the temporary tables which the query reads.
        """
        return await asyncio.get_running_loop().run_in_executor(
            _THREADS, _rows, self, sql, list(parameters), before
        )

    def batches(
        self, sql: str, parameters: Sequence[Any], size: int = 5_000
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query and hand out its rows some at a time, so that memory does not grow with them."""
        with self.connection() as connection:
            done = connection.execute(sql, list(parameters))
            while rows := done.fetchmany(size):
                yield rows

    def sweep(self, folder: str, named: Iterable[Path]) -> int:
        """Remove the files below `folder` that nothing names any more; return how many."""
        wanted = {place.resolve() for place in named}
        swept = 0
        for place in self.path(folder).rglob("*"):
            if place.is_file() and place.resolve() not in wanted:
                place.unlink()
                swept += 1
        return swept


_LOCAL = threading.local()
# Ours, not anyio's: those threads end with the task that first needed one, and a process that is told to stop
# while it is still answering would wait for ever for one whose task never ended.
_THREADS = ThreadPoolExecutor(QUERIES, "lake")


def _rows(
    lake: Lake, sql: str, parameters: list[Any], before: Sequence[tuple[str, Sequence[Any]]]
) -> list[dict[str, Any]]:
    # Opening a DuckDB costs some ten milliseconds; each thread keeps one and takes cursors of it.
    held: dict[Path, duckdb.DuckDBPyConnection] = _LOCAL.__dict__.setdefault("held", {})
    connection = held.get(lake.root) or held.setdefault(lake.root, lake.connection())
    with connection.cursor() as cursor:
        for statement, values in before:
            cursor.execute(statement, list(values))
        done = cursor.execute(sql, parameters)
        names = [column[0] for column in done.description or []]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(lake: Lake, *parts: str) -> None:
    """Remove a file or folder of the lake, if it is there."""
    place = lake.path(*parts)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
