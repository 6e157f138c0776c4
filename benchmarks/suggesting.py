"""The nightly job on generated needs, in a database: the whole run, then one new need.

python benchmarks/suggesting.py [--seed 1] [--needs 5000] [--seconds 112] [--processes 2] [--referee FILE]

The referee makes the instance; its councils become councils of the register with their own regions, its
categories categories of the taxonomy with the same reach. Printed: seconds of the job and of its search,
pools, saving, ratio to greedy, bound, gap; the slowest answer at once over all markets; then the same for
the job after one need was opened, which should look into one part only.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import load_register
from accounts.models import BodyKind, Organisation
from analytics.pooling.crew import SECONDS
from analytics.pooling.optimising import at_once
from procurement.models import Need, SuggestionRun
from procurement.queries.pools import candidates as queries
from procurement.rules.pools import candidates
from procurement.rules.pools.reach import is_national
from procurement.rules.proposals import add_months
from procurement.tasks import suggest_pools
from spend.rules.categories import taxonomy
from store import embedded, migrations
from store.db import Sessions, connect, make_sessions, transaction
from store.jobs import Work
from values.actors import Actor
from values.ids import uuid7
from values.years import london_today

ROOT = Path(__file__).resolve().parents[1]
ACTOR = Actor(name="benchmark")


def generated(referee: Path, seed: int, count: int) -> list[dict[str, str]]:
    made = subprocess.run(
        [sys.executable, referee, "make", "--seed", str(seed), "--needs", str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    return list(csv.DictReader(io.StringIO(made.stdout)))


async def fill(db: AsyncSession, rows: list[dict[str, str]]) -> None:
    """Write the generated needs as open needs of real councils."""
    councils = list(
        await db.scalars(
            select(Organisation.code).where(Organisation.kind == BodyKind.COUNCIL).order_by(Organisation.code)
        )
    )
    codes: dict[bool, list[str]] = {reach: [] for reach in (True, False)}
    for category in taxonomy().categories:
        codes[is_national(category.code)].append(category.code)
    category_of: dict[str, str] = {}
    for row in rows:
        if row["category"] not in category_of:
            category_of[row["category"]] = codes[row["national"] == "1"].pop()
    start = date(london_today().year + 1, 1, 1)
    await db.execute(
        insert(Need).inline(),
        [
            {
                "id": uuid7(),
                "body_code": councils[int(row["council"][1:]) % len(councils)],
                "title": row["id"],
                "category": category_of[row["category"]],
                "outcomes": "Generated",
                "unit": "",
                "standards": "",
                "interfaces": "",
                "data_held": "none",
                "value_pence": int(row["value_10k_gbp"]) * 1_000_000,
                "earliest_start_on": add_months(start, int(row["first_month"])),
                "latest_start_on": add_months(start, int(row["last_month"])),
                "state": "open",
            }
            for row in rows
        ],
    )


async def told(sessions: Sessions, chosen: Any) -> None:
    """Run the job and print how it went."""
    began = time.perf_counter()
    await suggest_pools(Work(sessions, ACTOR), seconds=chosen.seconds, processes=chosen.processes)
    seconds = time.perf_counter() - began
    async with transaction(sessions, ACTOR) as db:
        run = (await db.scalars(select(SuggestionRun).order_by(SuggestionRun.made_at.desc()))).first()
    assert run is not None
    ratio = run.objective_pence / run.greedy_pence
    print(
        f"job {seconds:.1f} s (search {run.seconds:.1f} s): {run.need_count} needs, {run.pool_count} pools, "
        f"£{run.objective_pence / 1e8:.1f}m = {ratio:.3f} x greedy, bound £{run.bound_pence / 1e8:.1f}m, "
        f"gap {run.gap_share:.2%}, {run.searched_count} of {run.part_count} parts looked into",
        flush=True,
    )


async def measure(jobs_url: str, rows: list[dict[str, str]], chosen: Any) -> None:
    engine = connect(jobs_url, name="benchmark")
    sessions = make_sessions(engine)
    async with transaction(sessions, ACTOR) as db:
        await load_register(db, ACTOR)
        await fill(db, rows)
    async with transaction(sessions, ACTOR) as db:
        began = time.perf_counter()
        found = await queries.open_needs(db)
        print(f"reading {len(found)} open needs: {time.perf_counter() - began:.2f} s")
    taken = candidates.taken(found, london_today())
    slowest = 0.0
    for market in {need.market for need in taken.needs}:
        here = [need for need in taken.needs if need.market == market]
        began = time.perf_counter()
        at_once(here, candidates.MODEL)
        slowest = max(slowest, time.perf_counter() - began)
    print(f"answer at once, slowest market: {slowest:.2f} s")
    await told(sessions, chosen)
    async with transaction(sessions, ACTOR) as db:
        await fill(db, [rows[0] | {"value_10k_gbp": "20"}])
    await told(sessions, chosen)
    await engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--needs", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--referee", type=Path, default=ROOT.parent / "shared/tools/needs_instance.py")
    chosen = parser.parse_args()
    rows = generated(chosen.referee, chosen.seed, chosen.needs)
    with tempfile.TemporaryDirectory(prefix="bt-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the server runs as `nobody`, who must get there
        with embedded.running(home) as server:
            asyncio.run(migrations.create_database(server.url("postgres", "postgres"), "benchmark"))
            migrations.migrate(server.url("bt_owner", "benchmark"))
            asyncio.run(measure(server.url("bt_jobs", "benchmark"), rows, chosen))


if __name__ == "__main__":
    main()
