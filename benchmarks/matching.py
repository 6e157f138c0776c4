"""How long matches take among 100,000 generated needs: all of them, one new one, and their pages.

python -m benchmarks.matching [--needs 100000] [--pages 60]

A PostgreSQL of its own is started in a temporary folder. Needs are generated from the categories' names and
definitions and from CPV titles with a seed; councils and their regions are the real ones. Printed: seconds
and processor seconds of this process for fitting and for matching all; the same for one need that is opened;
how long the need's page and its list of matches take when warm, over needs drawn at random.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import select

from accounts.actions import load_register
from accounts.models import BodyKind, Organisation
from analytics.similarity import fitting
from app.main import create_app
from app.settings import Settings
from procurement.actions import matching
from procurement.actions.needs import move_need, record_need
from procurement.reading.titles import cpv_titles
from procurement.rules.needs import NeedState, Wanted
from spend.rules.categories import taxonomy
from store import db as store_db
from store import embedded, migrations
from store.jobs import Work
from store.lake import Lake
from tests import build
from tests.plain_browser import Browser
from values.actors import Actor
from values.ids import uuid7

SEED = 20261125
ADDRESS = "http://127.0.0.1"
ENDS = ("system", "service", "services", "replacement", "framework", "renewal", "support", "programme")
WHO = ("residents", "staff", "officers", "tenants", "pupils", "carers", "small firms", "visitors")
GAINS = (
    "wait no longer than a week for an answer",
    "see where their case is at any hour",
    "are told before something goes wrong",
    "type what they know only once",
    "get the same service in every part of the borough",
    "can ask by telephone, letter or screen",
    "need half as many visits",
    "find what they look for at the first try",
)
MUSTS = (
    "Single sign-on with SAML 2.0",
    "Single sign-on with OpenID Connect",
    "Hosted in the cloud",
    "Must run on premises",
    "All data is kept in the UK",
    "Exports as CSV",
    "Exports as XML and PDF",
    "Support 24/7",
    "Support in office hours",
    "A REST interface for all records",
    "Nightly files over SFTP",
    "Must not need a plug-in in the browser",
    "Meets WCAG 2.2 AA",
    "Staff are trained on site",
)


def generated(count: int, councils: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield body, title, category, outcomes, volume, unit, window, must lines."""
    drawn = random.Random(SEED)
    titles = [title for title in cpv_titles() if len(title) > 12]
    categories = taxonomy().categories
    for _ in range(count):
        category = drawn.choice(categories)
        subject = drawn.choice((category.name, category.name, drawn.choice(titles)))
        told = [
            f"{drawn.choice(WHO).capitalize()} {drawn.choice(GAINS)}.",
            category.definition if drawn.random() < 0.6 else drawn.choice(titles) + ".",
            f"It covers {drawn.choice(titles).lower()} and {drawn.choice(titles).lower()}.",
            f"{drawn.choice(WHO).capitalize()} {drawn.choice(GAINS)}.",
        ]
        start = date(2027, 1, 1) + timedelta(days=drawn.randrange(1000))
        yield (
            drawn.choice(councils),
            f"{subject} {drawn.choice(ENDS)}",
            category.code,
            " ".join(drawn.sample(told, drawn.randint(2, 4))),
            int(10 ** drawn.uniform(1, 5)),
            category.unit,
            start,
            start + timedelta(days=drawn.randrange(30, 500)),
            drawn.sample(MUSTS, drawn.randint(1, 4)),
        )


async def fill(url: str, count: int, councils: list[str]) -> list[UUID]:
    """Write the needs as the server's administrator, in one go; return their ids."""
    connection = await asyncpg.connect(migrations.plain(url))
    needs, lines = [], []
    for body, title, category, outcomes, volume, unit, start, end, musts in generated(count, councils):
        need_id = uuid7()
        needs.append(
            (need_id, body, title[:200], category, outcomes, volume, unit, start, end, "", "", "none", "open")
        )
        lines += [(need_id, place, "must", must) for place, must in enumerate(musts, start=1)]
    columns = "id body_code title category outcomes volume unit earliest_start_on latest_start_on standards"
    names = [*columns.split(), "interfaces", "data_held", "state"]
    await connection.copy_records_to_table("need", records=needs, columns=names)
    await connection.copy_records_to_table(
        "need_line", records=lines, columns=["need_id", "position", "kind", "text"]
    )
    await connection.execute("analyze need; analyze need_line")
    await connection.close()
    return [need[0] for need in needs]


class Timed:
    """Seconds on the clock and of this process's processor time."""

    def __init__(self) -> None:
        self.began, self.busy = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self.began:.1f} s, {time.process_time() - self.busy:.1f} s processor"


async def pages(url: str, home: Path, officer: Any, ids: list[UUID], count: int) -> None:
    settings = Settings(home=home, public_url=ADDRESS, demonstration=False, cheap_passwords=True)
    app = create_app(settings, database_url=url)
    drawn = random.Random(SEED).sample(ids, count)
    async with app.lifespan(), Browser(app, ADDRESS) as browser:
        await browser.sign_in(officer)
        for name in ("", "/matches"):
            took, busy = [], []
            for warm in (True, False):
                for need_id in drawn:
                    began, cpu = time.perf_counter(), time.process_time()
                    answer = await browser.client.get(f"/needs/{need_id}{name}")
                    assert answer.status_code == 200
                    if not warm:
                        took.append(1000 * (time.perf_counter() - began))
                        busy.append(1000 * (time.process_time() - cpu))
            print(
                f"/needs/{{id}}{name}: median {statistics.median(took):.1f} ms, 95 % below "
                f"{sorted(took)[int(0.95 * len(took))]:.1f} ms; processor {statistics.median(busy):.1f} ms",
                flush=True,
            )


async def measure(server: embedded.Server, home: Path, count: int, page_count: int) -> None:
    engine = store_db.connect(server.url("bt_jobs", "matching"), size=4)
    sessions = store_db.make_sessions(engine)
    clock = Actor(name="benchmark")
    lake = Lake(home / "lake")
    work = Work(sessions, clock)
    async with store_db.transaction(sessions, clock) as db:
        await load_register(db, clock)
        officer = await build.person(db)
        query = select(Organisation.code).where(Organisation.kind == BodyKind.COUNCIL)
        councils = [code for code in await db.scalars(query) if code]
    ids = await fill(server.url("postgres", "matching"), count, councils)
    print(f"{count:,} needs of {len(councils)} councils", flush=True)
    whole, timed = fitting.fit, Timed()

    def fitted(*args: Any, **kwargs: Any) -> Any:
        alone = Timed()
        made = whole(*args, **kwargs)
        size = len(made.model.known), made.model.dimensions
        print(f"  of which fitting: {alone}; {size[0]:,} features, {size[1]} dimensions", flush=True)
        return made

    matching.fit = fitted
    pairs = await matching.refit(work, lake)
    print(f"model and all matches: {timed}; {pairs:,} pairs", flush=True)
    _, title, category, outcomes, volume, unit, start, end, musts = next(generated(1, ["LDS"]))
    for round_ in ("first in this process", "second", "third"):
        async with store_db.transaction(sessions, officer.actor) as db:
            wanted = Wanted(
                f"{title} {round_}",
                category=category,
                outcomes=outcomes,
                volume=volume,
                unit=unit,
                earliest_start_on=start,
                latest_start_on=end,
                must=tuple(musts),
            )
            need_id = await record_need(db, officer.actor, wanted)
            await move_need(db, officer.actor, need_id, NeedState.OPEN)
        timed = Timed()
        pairs = await matching.match_needs(work, lake, [need_id])
        print(f"one need opened, {round_}: {timed}; {pairs} pairs", flush=True)
    async with sessions() as db:
        connection = await (await db.connection()).get_raw_connection()
        size = await connection.driver_connection.fetchval("select pg_total_relation_size('need_match')")
        print(f"table of matches with indexes: {size / 1e6:,.0f} MB", flush=True)
    await engine.dispose()
    await pages(server.url("bt_app", "matching"), home, officer, ids, page_count)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=60)
    chosen = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="bt-matching-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "keys").mkdir(mode=0o700)
        (home / "keys" / "master.key").write_bytes(build.KEY)
        with embedded.running(home) as server:
            with ThreadPoolExecutor(1) as thread:
                admin = server.url("postgres", "postgres")
                thread.submit(lambda: asyncio.run(migrations.create_database(admin, "matching"))).result()
                thread.submit(migrations.migrate, server.url("bt_owner", "matching")).result()
            asyncio.run(measure(server, home, chosen.needs, chosen.pages))


if __name__ == "__main__":
    main()
