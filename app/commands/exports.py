"""`buytogether export …`: open data, for whoever has the machine at hand."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import IO
from uuid import UUID

import click

from app.commands import console
from app.runtime import Runtime
from ocds.queries import downloads
from ocds.queries.downloads import Shape
from ocds.queries.events import Wanted
from ocds.rules import asking, ids
from ocds.rules.ids import Publisher
from store.db import connect, make_sessions
from store.jobs import Work
from values.refusals import Refused


@click.group("export")
def commands() -> None:
    """Write open data to a file."""


@commands.command()
@click.option("--to", "target", required=True, metavar="FILE", help="Where to; - is the terminal, .gz packs.")
@click.option(
    "--since", default="", metavar="TIME", help="A day or an instant: what became public from then on."
)
@click.option("--tender", default="", metavar="ID", help="One tender, by its id or its ocid.")
@click.option(
    "--what",
    type=click.Choice([each.value for each in Shape]),
    default=Shape.COMPILED.value,
    show_default=True,
    help="A line for each tender, or for each release.",
)
def ocds(target: str, since: str, tender: str, what: str) -> None:
    """Write published tenders by the Open Contracting Data Standard, as lines of JSON.

    What is written is what the public may read.
    """
    with console.opened() as opened:
        publisher = Publisher(opened.settings.ocid_prefix, opened.settings.public_url)

        async def job(_work: Work) -> int:
            wanted = Wanted(since=asking.since(since), tender_id=_tender(publisher, tender))
            return await _write(opened, publisher, wanted, Shape(what), target)

        count = console.run(opened, job)
    click.echo(f"{count} lines", err=True)


def _tender(publisher: Publisher, text: str) -> UUID | None:
    if not text:
        return None
    found = ids.tender_of(publisher, text)
    try:
        return found or UUID(text)
    except ValueError:
        raise Refused(f"--tender takes the id of a tender or its ocid, not {text!r}.") from None


async def _write(opened: Runtime, publisher: Publisher, wanted: Wanted, shape: Shape, target: str) -> int:
    # The application's role, not the worker's: row-level security decides what is public.
    engine = connect(opened.app_url, name="buytogether export")
    count = 0
    try:
        with _opened(target) as file:
            async for piece in downloads.lines(make_sessions(engine), publisher, wanted, shape):
                file.write(piece)
                count += piece.count(b"\n")
            if wanted.tender_id and not count:
                raise Refused("No published tender has this id, or nothing of it is new since then.")
    finally:
        await engine.dispose()
    return count


@contextlib.contextmanager
def _opened(target: str) -> Generator[IO[bytes]]:
    """Open what is written to; a file takes its place once it is whole, and not before."""
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(target)
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as plain, _packed(plain, target) as file:
            yield file
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _packed(plain: IO[bytes], target: str) -> contextlib.AbstractContextManager[IO[bytes]]:
    if not target.endswith(".gz"):
        return contextlib.nullcontext(plain)
    return gzip.GzipFile(Path(target).stem, "wb", fileobj=plain)  # pyright: ignore[reportReturnType] -- writes bytes
