"""The service as somebody starts it on their machine: one command, the demonstration world, a free port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import scratch
from web import assets

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SECONDS_TO_START = 300


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Yield the address of a service that has loaded the demonstration world."""
    if not (STATIC / "manifest.json").exists():
        assets.build(ROOT, STATIC)
    with scratch.folder("bt-browser-") as home:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        said = home / "said.txt"
        with said.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", "run"],
                cwd=ROOT,
                env=_environment(home, port),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(process, f"http://127.0.0.1:{port}/health", said)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def _environment(home: Path, port: int) -> dict[str, str]:
    """Only what this service needs: settings of whoever runs the tests must not reach it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BUYTOGETHER_", "DATABASE_", "PG"))
    }
    return {**kept, "BUYTOGETHER_HOME": str(home / "home"), "BUYTOGETHER_PORT": str(port)}


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
