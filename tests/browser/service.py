"""The service as somebody starts it on their machine: one command, the demonstration world, a free port."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from store import embedded, migrations
from tests import scratch
from web import assets

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SECONDS_TO_START = 300


@dataclass(frozen=True, slots=True)
class Answering:
    """A service that answers at an address, and the folder in which it keeps all it has."""

    address: str
    home: Path


@contextlib.contextmanager
def running(shared: Path) -> Iterator[Answering]:
    """Yield a service that has loaded the demonstration world, and worked out what waited.

    That takes longer than many a test, so the test processes of one run share the world: the first that comes
    makes it, the others wait for it and take copies.

    Args:
        shared: a folder that all of them know.
    """
    if not (STATIC / "manifest.json").exists():
        assets.build(ROOT, STATIC)
    world = shared / "world"
    with scratch.folder("bt-browser-") as folder:
        with _alone(shared):
            made = not world.exists()
            if made:
                with _started(folder) as (_, process):
                    asyncio.run(_worked_out(folder / "home", process))
                _copy(folder / "home", world)
            else:
                _copy(world, folder / "home")
        try:
            with _started(folder) as (address, _):
                yield Answering(address, folder / "home")
        finally:
            if made:
                with _alone(shared):
                    shutil.rmtree(world)


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the address and the process of a service that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = folder / "said.txt"
    with said.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "run"],
            cwd=ROOT,
            env=_environment(folder, port),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}/health", said)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / "world.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy(home: Path, to: Path) -> None:
    """Copy a home whose server is stopped, with its owners: as root, the server runs as `nobody`."""
    making = to.with_name(f"{to.name}.making")
    subprocess.run(["cp", "-a", home, making], check=True)
    making.rename(to)


async def _worked_out(home: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until no job is queued or under way."""
    connection = await asyncpg.connect(migrations.plain(embedded.server_of(home).url("postgres")))
    try:
        for _ in range(SECONDS_TO_START):
            if not await connection.fetchval("select count(*) from job where finished_at is null"):
                return
            assert process.poll() is None, "The service ended while jobs were waiting"
            await asyncio.sleep(1)
    finally:
        await connection.close()
    pytest.fail(f"Jobs were not done in {SECONDS_TO_START} seconds")


def _environment(home: Path, port: int) -> dict[str, str]:
    """Only what this service needs: settings of whoever runs the tests must not reach it.

    One process answers its pages, since one browser asks for them; tests of what is killed run two.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BUYTOGETHER_", "DATABASE_", "PG"))
    }
    mine = {"HOME": str(home / "home"), "PORT": str(port), "WEB_PROCESSES": "1"}
    return kept | {f"BUYTOGETHER_{name}": value for name, value in mine.items()}


def _wait(process: subprocess.Popen[bytes], url: str, said: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The service did not start:\n{said.read_text()[-4000:]}")
