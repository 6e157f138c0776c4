"""The engine that measures run on: DuckDB on one machine, Spark where one is outgrown."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import ibis
from ibis.expr.types import Table


def connect(url: str, memory: str, spill: Path) -> Any:
    """Return an Ibis backend for an address: duckdb:// (the default), spark://host:port or sc://host:port.

    Args:
        url: the engine's address.
        memory: what DuckDB may use before it spills to disk.
        spill: where it spills to.
    """
    if url.startswith("duckdb"):
        spill.mkdir(parents=True, exist_ok=True)
        backend = ibis.duckdb.connect()
        for setting, value in (
            ("memory_limit", memory),
            ("temp_directory", str(spill)),
            ("preserve_insertion_order", "false"),
        ):
            backend.raw_sql(f"set {setting} = '{value}'")
        return backend
    from pyspark.sql import SparkSession  # noqa: PLC0415 # pyright: ignore  -- an extra that most never install

    builder = SparkSession.builder
    remote = url.startswith("sc://")
    builder = (
        builder.remote(url) if remote else builder.master(url).config("spark.sql.session.timeZone", "UTC")
    )
    return ibis.pyspark.connect(session=builder.getOrCreate())


def materialise(backend: Any, table: Table, folder: Path) -> Table:
    """Write a named step as a Parquet folder and return it as a table.

    Not `.cache()`: one engine ignores it, and cleaning it up needs a DROP that another spells differently.
    """
    fresh = folder.with_name(f".{folder.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    if backend.name == "duckdb":
        fresh.mkdir(parents=True)
        backend.to_parquet(table, str(fresh / "part-0.parquet"))
    else:
        backend.to_parquet_dir(table, str(fresh))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return backend.read_parquet(str(folder / "*.parquet"))
