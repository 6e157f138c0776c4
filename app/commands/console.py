"""What all commands share: settings, a running database, progress on the terminal, answers as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any, Self, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts import actions as accounts
from app import runtime, settings
from app.runtime import Runtime
from store.db import connect, make_sessions, transaction
from store.jobs import Work
from values.refusals import Missing, NotAllowed, Refused

T = TypeVar("T")


class Bar:
    """Progress as a bar on the terminal's error stream; silent where there is no terminal."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    async def report(self, done: int, total: int | None, doing: str) -> None:
        """Move the bar of this kind of work."""
        if doing not in self._tasks:
            self._tasks[doing] = self._bars.add_task(doing, total=total)
        self._bars.update(self._tasks[doing], completed=done, total=total)


@contextlib.contextmanager
def opened(*, migrate: bool = True) -> Generator[Runtime]:
    """Open what the environment names; say in one line what is wrong with it."""
    try:
        with runtime.opened(settings.read(os.environ), migrate=migrate) as opened_runtime:
            if migrate and opened_runtime.server is not None:
                run(opened_runtime, load_register)
            yield opened_runtime
    except settings.SettingError as error:
        raise click.ClickException(str(error)) from error


@contextlib.asynccontextmanager
async def working(opened_runtime: Runtime) -> AsyncGenerator[Work]:
    """Hand out what a task is given, acting for whoever sits at the machine."""
    engine = connect(opened_runtime.jobs_url, name="buytogether command")
    try:
        with Bar() as bar:
            yield Work(make_sessions(engine), runtime.COMMAND_LINE, bar, opened_runtime.resources())
    finally:
        await engine.dispose()


def run(opened_runtime: Runtime, task: Callable[[Work], Awaitable[T]]) -> T:
    """Run one task to its end; a refusal becomes a line and exit code 1."""

    async def whole() -> T:
        async with working(opened_runtime) as work:
            return await task(work)

    try:
        return asyncio.run(whole())
    except (Refused, Missing, NotAllowed) as refusal:
        raise click.ClickException(str(refusal)) from refusal


async def load_register(work: Work) -> None:
    """Load the bodies that every database knows."""
    async with transaction(work.sessions, work.actor) as db:
        await accounts.load_register(db, work.actor)


def print_json(answer: Any) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(answer, indent=2, default=str, ensure_ascii=False))
