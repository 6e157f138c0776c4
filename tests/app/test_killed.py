"""Web, worker and database killed in the middle of an import: it is finished, and nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from app.commands.demonstration import PAYMENTS
from spend.models import FileState, PublishedFile
from store import embedded, jobs
from store.db import Sessions, connect, make_sessions, transaction
from store.lake import Lake
from store.models import Job, JobState
from tests import scratch
from values.actors import Actor, Role

# Whose files they are said to be: one service goes through all of it.
BODIES = {"worker": "DAL", "database": "LDS", "everything": "BRD"}
OPERATOR = Actor(roles=frozenset({Role.OPERATOR}), name="tests")
PATIENCE = 90.0
# Others may be starting services beside this one.
PATIENCE_TO_START = 180.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with scratch.folder("bt-killed-") as place:
        yield place


class Service:
    """`buytogether run`, started and stopped, and its parts killed without mercy."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "BUYTOGETHER_HOME": str(self.home),
            "BUYTOGETHER_PORT": str(self.port),
            "BUYTOGETHER_DEMONSTRATION": "no",
        }
        for name in ("DATABASE_URL", "DATABASE_JOBS_URL", "DATABASE_OWNER_URL"):
            environment.pop(name, None)
        log = (self.home / "run.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "run"], env=environment, stdout=log, stderr=log
        )
        log.close()
        return self.process

    def answers(self) -> bool:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            return bool(
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5).status == 200
            )
        return False

    def kill(self, *words: str) -> None:
        """Kill those children of ours whose command line holds all of these words."""
        for process in _children(self.process.pid):
            line = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if all(word in line for word in words):
                os.kill(process, signal.SIGKILL)

    def kill_database(self) -> None:
        pid = int((embedded.server_of(self.home).data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.terminate()
        # It would finish the job under way first.
        self.kill("app", "worker")
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for listed in found for child in listed.read_text().split()]


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    running = Service(home)
    try:
        _wait(running.answers, "the service answers", PATIENCE_TO_START, home / "run.log")
        yield running
    finally:
        running.stop()


def _wait(ready: Callable[[], bool], what: str, patience: float = PATIENCE, log: Path | None = None) -> None:
    end = time.monotonic() + patience
    while not ready():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain until {what}\n{log.read_text()[-4000:] if log else ''}")
        time.sleep(0.2)


@contextlib.asynccontextmanager
async def _sessions(home: Path) -> AsyncIterator[Sessions]:
    engine = connect(embedded.server_of(home).url("bt_jobs"), size=2, name="tests")
    try:
        yield make_sessions(engine)
    finally:
        await engine.dispose()


async def _ask(home: Path, lake: Lake, body: str, paths: list[Path]) -> object:
    # The files of several councils as if of one, so that there is time to kill something.
    files = [
        {"name": f"{path.parent.name}-{path.name}", "digest": lake.keep(path.read_bytes())} for path in paths
    ]
    async with _sessions(home) as sessions, transaction(sessions, OPERATOR) as db:
        return await jobs.enqueue(db, OPERATOR, "spend.import", body=body, files=files)


async def _look(home: Path, body: str, job_id: object) -> tuple[str, int]:
    """Return how far the job is, and how many files are registered; nothing while the database is away."""
    try:
        async with _sessions(home) as sessions, transaction(sessions, OPERATOR) as db:
            state = await db.scalar(select(Job.state).where(Job.id == job_id))
            found = await db.scalars(select(PublishedFile.id).where(PublishedFile.body_code == body))
            return str(state), len(found.all())
    except Exception:  # noqa: BLE001 -- the database was killed a moment ago
        return "", 0


async def _registered(home: Path, body: str) -> list[PublishedFile]:
    async with _sessions(home) as sessions, transaction(sessions, OPERATOR) as db:
        found = await db.scalars(select(PublishedFile).where(PublishedFile.body_code == body))
        return list(found.all())


@pytest.mark.slow
@pytest.mark.parametrize("victim", BODIES)
def test_an_import_survives_a_kill(service: Service, home: Path, victim: str) -> None:
    lake, body = Lake(home / "lake"), BODIES[victim]
    paths = sorted(PAYMENTS.glob("*/*.csv.gz"))
    job_id = asyncio.run(_ask(home, lake, body, paths))

    def begun() -> bool:
        state, files = asyncio.run(_look(home, body, job_id))
        return files > 0 or state == JobState.DONE

    _wait(begun, "the first files are registered")
    assert asyncio.run(_look(home, body, job_id))[0] == JobState.RUNNING, "too late to kill anything"
    if victim == "worker":
        service.kill("app", "worker")
    elif victim == "database":
        service.kill_database()
    else:
        service.process.kill()
        service.process.wait()
        service.kill_database()
        time.sleep(3)  # the children notice that their parent is gone
        service.start()
    _wait(lambda: asyncio.run(_look(home, body, job_id))[0] == JobState.DONE, "the job is done")
    _wait(service.answers, "pages answer again")
    files = asyncio.run(_registered(home, body))
    assert len(files) == len(paths)
    assert {file.state for file in files} == {FileState.CURRENT}
    for file in files:
        table = pl.read_parquet(lake.path("lines", body, f"{file.lines_name}.parquet"))
        assert table.height == file.read == file.lines - file.set_aside
        assert table["amount_pence"].sum() == file.amount_read_pence
