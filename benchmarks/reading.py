"""How long the reading of spending files takes, against Polars reading the same bytes as text.

Run: `python benchmarks/reading.py FILE…` (plain or gzip). Polars gets the files decompressed and decoded
beforehand, reads all columns as strings and allows ragged lines; the reader gets them as published. Both are
warm, both are measured in turn in one run, and the median counts. The reader runs in one process and in two.
"""

import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from spend import reading
from spend.reading import decoding

ROUNDS = 5


def read_share(paths: list[str]) -> tuple[int, int]:
    """Read files one after the other and keep nothing but two counts."""
    lines = pence = 0
    for path in paths:
        found = reading.read(Path(path).read_bytes(), path)
        lines += found.lines
        pence += found.table["amount_pence"].sum()
    return lines, pence


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(paths: list[str]) -> None:
    decoded = [decoding.decode(Path(path).read_bytes()).lines for path in paths]
    by_size = sorted(paths, key=lambda path: -Path(path).stat().st_size)
    shares = [by_size[0::2], by_size[1::2]]

    def with_polars() -> None:
        for lines in decoded:
            pl.read_csv(lines, infer_schema=False, truncate_ragged_lines=True)

    seconds: dict[str, list[float]] = {"polars": [], "reader": [], "reader, two processes": []}
    # Two processes with a thread each; this process has its Polars threads already.
    os.environ["POLARS_MAX_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.map(read_share, [share[:5] for share in shares], chunksize=1)
        with_polars()
        lines, pence = read_share(paths)
        for _ in range(ROUNDS):
            seconds["polars"].append(timed(with_polars))
            seconds["reader"].append(timed(lambda: read_share(paths)))
            seconds["reader, two processes"].append(timed(lambda: pool.map(read_share, shares, chunksize=1)))
    megabytes = sum(map(len, decoded)) / 1e6
    print(f"{len(paths)} files, {megabytes:.0f} MB, {lines:,} lines, £{pence / 100:,.2f}")
    base = statistics.median(seconds["polars"])
    for name, values in seconds.items():
        middle = statistics.median(values)
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"{name:24} {middle:6.2f} s ({spread})  {middle / base:4.2f} × Polars")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
