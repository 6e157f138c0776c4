"""`buytogether run`, `serve`, `worker`: the parts, and all of them on one machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Generator

import click

from app.commands import console, demonstration
from app.parent import VARIABLE
from app.runtime import Runtime
from app.settings import Settings

LOG = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 1.0
# Told to stop, a web process may finish what it is doing for so long.
SECONDS_TO_STOP = 8


@click.command()
def run() -> None:
    """Run everything on this machine: database, pages, worker; on first start the demonstration world."""
    with console.opened() as opened:
        if opened.settings.demonstration:
            demonstration.load_if_empty(opened)
        with _watched(opened):
            _greet(opened.settings)
            _serve(opened.settings)


@click.command()
def serve() -> None:
    """Answer pages. Migrate before; a worker runs beside."""
    with console.opened() as opened:
        _serve(opened.settings)


@click.command()
def worker() -> None:
    """Run queued jobs until told to stop."""
    from app.worker import work  # noqa: PLC0415 -- brings the engine along, which no other command needs

    with console.opened() as opened:
        asyncio.run(work(opened.jobs_url, opened.resources()))


def _serve(settings: Settings) -> None:
    from granian.constants import Interfaces, Loops, RuntimeModes  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    os.environ[VARIABLE] = str(os.getpid())
    # A fork of a process that has read files hangs at its first file: threads of the reader are not forked.
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "app.web:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        runtime_mode=RuntimeModes.st,
        workers=settings.web_processes,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        websockets=False,
        log_access=False,
    ).serve()


@contextlib.contextmanager
def _watched(opened: Runtime) -> Generator[None]:
    """Keep worker and database running: whichever ends, however it ends, is started again."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_running, args=(opened, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_running(opened: Runtime, stop: threading.Event) -> None:
    child = _start_worker()
    while not stop.wait(SECONDS_BETWEEN_LOOKS):
        if opened.revive():
            LOG.warning("The database had stopped; it was started again")
        if child.poll() is not None:
            LOG.warning("The worker ended with code %s; starting it again", child.returncode)
            child = _start_worker()
    child.terminate()
    try:
        child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", "worker"],
        env={**os.environ, VARIABLE: str(os.getpid())},
        # Ctrl-C in the terminal is for the parent, which then stops its children in order.
        start_new_session=True,
    )


def _greet(settings: Settings) -> None:
    click.echo(f"\nBuy Together answers at {settings.public_url}")
    if settings.demonstration:
        click.echo(demonstration.accounts_text())
    click.echo("Stop with Ctrl-C.\n")
