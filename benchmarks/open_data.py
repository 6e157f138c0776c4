"""How long the open data of 1,000 tenders takes to build, beside json.dumps of the same objects.

python -m benchmarks.open_data [--tenders 1000] [--rounds 3]

A PostgreSQL of its own is started in a temporary folder, with the demonstration's tenders and copies of the
one that is published. Printed for each round: seconds on the wall and of this process for all lines, read in
sessions of the public and policies applied; for packing them; and for json.dumps of the same objects.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg

from accounts.actions import load_register
from ocds.queries import downloads
from ocds.queries.events import Wanted
from ocds.rules.ids import PLACEHOLDER, Publisher
from procurement.actions.demonstration.pools import load_demonstration_pools
from store import db as store_db
from store import embedded, migrations
from tenders.actions.demonstration import load_demonstration_tenders
from values.actors import Actor
from values.years import london_today

MAKER = Actor(name="benchmark")
PUBLISHER = Publisher(PLACEHOLDER, "https://buy.example.org")
# By what a row of each table names its tender; ids of rows of their own are made anew where they must differ.
PARTS = (
    "tender_buyer",
    "tender_lot",
    "tender_requirement",
    "tender_criterion",
    "tender_kpi",
    "tender_notice",
)
COPY = """
create temporary table one as select * from tender where published_at is not null limit 1;
create temporary table copies as select gen_random_uuid() as id, n from generate_series(2, {count}) n;
alter table tender disable trigger user;
drop index uq_tender_pool_id;
create temporary table fresh as
  select jsonb_populate_record(null::tender, to_jsonb(o) || jsonb_build_object('id', c.id)) as row
  from one o, copies c;
insert into tender select (row).* from fresh;
"""
COPY_PART = """
insert into {part} select (row).* from (
  select jsonb_populate_record(null::{part}, to_jsonb(p) || jsonb_build_object('tender_id', c.id)
    || case when to_jsonb(p) ? 'id' then jsonb_build_object('id', gen_random_uuid()) else '{{}}' end) as row
  from {part} p, copies c where p.tender_id = (select id from one)) made
"""


async def make_world(server: embedded.Server, count: int) -> None:
    """Load the demonstration's tenders, and copy the one that is published."""
    engine = store_db.connect(server.url("bt_jobs", "bench"), name="benchmark")
    sessions = store_db.make_sessions(engine)
    async with store_db.transaction(sessions, MAKER) as db:
        await load_register(db, MAKER)
    await load_demonstration_pools(sessions, london_today())
    await load_demonstration_tenders(sessions, london_today())
    await engine.dispose()
    owner = await asyncpg.connect(migrations.plain(server.url("postgres", "bench")))
    await owner.execute(COPY.format(count=count))
    for part in PARTS:
        await owner.execute(f"alter table {part} disable trigger user")
        await owner.execute(COPY_PART.format(part=part))
    await owner.execute("vacuum analyze")
    await owner.close()


async def lines(url: str) -> tuple[bytes, float, float]:
    """Return all lines, and how long they took on the wall and in this process."""
    engine = store_db.connect(url, name="benchmark")
    sessions = store_db.make_sessions(engine)
    wall, cpu = time.perf_counter(), time.process_time()
    made = b"".join([piece async for piece in downloads.lines(sessions, PUBLISHER, Wanted())])
    took = time.perf_counter() - wall, time.process_time() - cpu
    await engine.dispose()
    return made, *took


def floor(made: bytes) -> float:
    """Return how long json.dumps takes for the same objects."""
    things = [json.loads(line) for line in made.splitlines()]
    start = time.process_time()
    for thing in things:
        json.dumps(thing)
    return time.process_time() - start


def packing(made: bytes) -> float:
    """Return how long packing takes."""
    start = time.process_time()
    gzip.compress(made, 6)
    return time.process_time() - start


def main() -> None:
    """Measure, and print each round and the medians."""
    asked: Any = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--tenders", type=int, default=1000)
    asked.add_argument("--rounds", type=int, default=3)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as home, embedded.running(Path(home)) as server:
        with ThreadPoolExecutor(1) as thread:  # migrations run a loop of their own
            thread.submit(
                lambda: asyncio.run(migrations.create_database(server.url("postgres", "postgres"), "bench"))
            ).result()
            thread.submit(migrations.migrate, server.url("bt_owner", "bench")).result()
        asyncio.run(make_world(server, wanted.tenders))
        ratios = []
        for number in range(wanted.rounds):
            made, wall, cpu = asyncio.run(lines(server.url("bt_app", "bench")))
            dumping = floor(made)
            ratios.append(cpu / dumping)
            print(
                f"round {number + 1}: {len(made.splitlines()):,} lines, {len(made) / 1e6:.1f} MB; "
                f"lines {wall:.2f} s, processor {cpu:.2f} s; packing {packing(made):.2f} s; "
                f"json.dumps {dumping:.3f} s: {cpu / dumping:.1f} times"
            )
        print(f"median {statistics.median(ratios):.1f} times json.dumps")


if __name__ == "__main__":
    main()
