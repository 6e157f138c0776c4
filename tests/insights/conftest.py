"""A small world of payments whose every figure can be worked out by hand."""

from __future__ import annotations

import asyncio
import copy
import csv
import io
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from insights.actions.releasing import make_release
from spend.actions.importing import Incoming, import_files
from store import embedded, migrations
from store.db import Sessions
from store.jobs import Work
from store.lake import Lake
from tests.databases import TESTER, connected

HEADER = ["Payment date", "Supplier Name", "Net Amount", "Transaction Number", "Service", "Expense Type"]
TYPICAL = "template_typical"
SOFTWARE = "Planning system"


@dataclass
class Payments:
    """What one body published, to be imported and to be added up independently."""

    body: str
    rows: list[tuple[str, str, Decimal, str, str, str]] = field(default_factory=list)

    def pay(
        self, supplier: str, pounds: str, *, on: str = "2019-06-15", label: str = SOFTWARE, times: int = 1
    ) -> None:
        for _ in range(times):
            number = f"T{self.body}{len(self.rows):05d}"
            self.rows.append((on, supplier, Decimal(pounds), number, "Planning", label))

    def content(self) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows(self.rows)
        return text.getvalue().encode()


@dataclass
class World:
    """A lake and a database with payments in them."""

    lake: Lake
    work: Work
    folder: Path
    payments: dict[str, Payments] = field(default_factory=dict)

    def body(self, code: str) -> Payments:
        return self.payments.setdefault(code, Payments(code))

    async def bring(self, payments: Payments, name: str = "2019.csv", content: bytes | None = None) -> None:
        path = self.folder / f"{payments.body}-{name}"
        path.write_bytes(content or payments.content())
        await import_files(self.work, self.lake, payments.body, [Incoming(path, name)])

    async def release(self, bodies: Sequence[str] | None = None) -> UUID | None:
        for code in bodies or list(self.payments):
            await self.bring(self.payments[code])
        return await make_release(self.work, self.lake, "duckdb://")


@pytest.fixture
def world(tmp_path: Path, sessions_jobs: Sessions) -> World:
    return World(Lake(tmp_path / "lake"), Work(sessions_jobs, TESTER), tmp_path)


@pytest.fixture(scope="session")
def typical_made(
    server: embedded.Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, dict[str, Payments]]:
    """A database and a lake with typical payments and their release, made once and cloned for each test."""
    folder = tmp_path_factory.mktemp("typical")
    with ThreadPoolExecutor(1) as thread:  # it runs a loop of its own
        payments = thread.submit(asyncio.run, _make_typical(server, template, folder)).result()
    return TYPICAL, folder / "lake", payments


async def _make_typical(server: embedded.Server, template: str, folder: Path) -> dict[str, Payments]:
    admin = await asyncpg.connect(migrations.plain(server.url("postgres", "postgres")))
    await admin.execute(f'create database "{TYPICAL}" template "{template}" strategy wal_log')
    await admin.close()
    async with connected(server.url("bt_jobs", TYPICAL)) as sessions:
        world = World(Lake(folder / "lake"), Work(sessions, TESTER), folder)
        for month in range(4, 13):
            for code, share in (("BRD", "600.00"), ("CLD", "300.00")):
                world.body(code).pay("NORTHMOOR SYSTEMS LTD", share, on=f"2019-{month:02d}-10", times=2)
                world.body(code).pay("Quillstone Software Limited", "200.00", on=f"2019-{month:02d}-11")
        world.body("BRD").pay("Northmoor Systems Limited", "-100.00", on="2019-12-20")
        world.body("CLD").pay("Mrs Ada Marker-Lovelace", "450.00", on="2019-12-21")
        world.body("BRD").pay("REDACTED PERSONAL DATA", "999.00", on="2019-12-22")
        world.body("MAN").pay("Quillstone Software Ltd", "500.00", on="2019-07-01", times=25)
        await world.release()
        return world.payments


@pytest.fixture
def typical(
    typical_made: tuple[str, Path, dict[str, Payments]], sessions_jobs: Sessions, tmp_path: Path
) -> World:
    """Two councils of one region and one of another; three suppliers, one of them a person."""
    _, lake, payments = typical_made
    shutil.copytree(lake, tmp_path / "lake")
    return World(Lake(tmp_path / "lake"), Work(sessions_jobs, TESTER), tmp_path, copy.deepcopy(payments))
