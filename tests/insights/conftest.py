"""A small world of payments whose every figure can be worked out by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from insights.actions.releasing import make_release
from spend.actions.importing import Incoming, import_files
from store.db import Sessions
from store.jobs import Work
from store.lake import Lake
from tests.conftest import TESTER

HEADER = ["Payment date", "Supplier Name", "Net Amount", "Transaction Number", "Service", "Expense Type"]
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


@pytest.fixture
async def typical(world: World) -> AsyncIterator[World]:
    """Two councils of one region and one of another; three suppliers, one of them a person."""
    for month in range(4, 13):
        for code, share in (("BRD", "600.00"), ("CLD", "300.00")):
            world.body(code).pay("NORTHMOOR SYSTEMS LTD", share, on=f"2019-{month:02d}-10", times=2)
            world.body(code).pay("Quillstone Software Limited", "200.00", on=f"2019-{month:02d}-11")
    world.body("BRD").pay("Northmoor Systems Limited", "-100.00", on="2019-12-20")
    world.body("CLD").pay("Mrs Ada Marker-Lovelace", "450.00", on="2019-12-21")
    world.body("BRD").pay("REDACTED PERSONAL DATA", "999.00", on="2019-12-22")
    world.body("MAN").pay("Quillstone Software Ltd", "500.00", on="2019-07-01", times=25)
    await world.release()
    yield world
