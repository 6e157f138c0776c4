"""The lake: columnar files and originals beside the database, each written once under its own name.

A file appears whole or not at all: it is written beside its place, flushed to disk and renamed. The database
names the files that count; a file that no row names is left over from something that was interrupted, and is
swept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio.to_thread
import duckdb
import pyarrow.parquet as pq

ORIGINALS = "originals"


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
        place = self.root.joinpath(*parts)
        if not place.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"outside the lake: {'/'.join(parts)}")
        return place

    def keep(self, content: bytes) -> str:
        """Keep bytes as they are; return their SHA-256 in hexadecimal, which is their name."""
        digest = hashlib.sha256(content).hexdigest()
        place = self.path(ORIGINALS, digest[:2], digest)
        if not place.exists():
            with _fresh(place) as fresh:
                fresh.write_bytes(content)
        return digest

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
        place = self.path(*parts)
        with _fresh(place) as fresh:
            pq.write_table(table, fresh, compression="zstd", compression_level=1)
        return place

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return a private DuckDB that may read files, spill into the lake, and install nothing."""
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
        return await anyio.to_thread.run_sync(_rows, self, sql, list(parameters), before)

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


@contextlib.contextmanager
def _fresh(place: Path) -> Generator[Path]:
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        yield fresh
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def remove(lake: Lake, *parts: str) -> None:
    """Remove a file or folder of the lake, if it is there."""
    place = lake.path(*parts)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
