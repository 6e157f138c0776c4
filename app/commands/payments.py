"""The work behind `buytogether import spend`, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from accounts import queries as accounts
from app.commands import console
from spend.actions.importing import Incoming, Summary, import_files
from store import jobs
from store.db import transaction
from store.jobs import Work
from values.money import format_pence
from values.refusals import Refused


def bring_in(files: Sequence[Path], council: str, replaces: UUID | None) -> Summary:
    """Import files of the body with a code, and ask for a new release of the market report."""
    with console.opened() as opened:

        async def job(work: Work) -> Summary:
            async with transaction(work.sessions, work.actor) as db:
                body = await accounts.body_by_code(db, council)
            if body is None or body.code is None:
                raise Refused(f"No body has the code {council!r}. Codes of councils look like E08000032.")
            incoming = [Incoming(path, path.name) for path in files]
            summary = await import_files(work, opened.lake, body.code, incoming, replaces=replaces)
            if summary.new:
                # Whoever works off the queue next brings the market report up to date.
                async with transaction(work.sessions, work.actor) as db:
                    await jobs.enqueue(db, work.actor, "insights.release")
            return summary

        return console.run(opened, job)


def show(summary: Summary, *, as_json: bool) -> None:
    """Print what came of an import."""
    if as_json:
        console.print_json(summary.as_json())
    else:
        _show(summary)


def _show(summary: Summary) -> None:
    table = Table(show_header=False, box=None)
    table.add_row("Files", f"{summary.files:,}")
    table.add_row("  new", f"{summary.new:,}")
    table.add_row("  known already", f"{summary.already:,}")
    table.add_row("  earlier versions replaced", f"{summary.replaced:,}")
    table.add_row("Lines", f"{summary.lines:,}")
    table.add_row("  read", f"{summary.read:,}")
    table.add_row("  set aside", f"{summary.set_aside:,}")
    for reason, number in sorted(summary.reasons.items()):
        table.add_row(f"    {reason}", f"{number:,}")
    table.add_row("Sum of the lines read", format_pence(summary.amount_read_pence))
    Console().print(table)
    for refused in summary.unreadable:
        click.echo(f"{refused['file']}: {refused['message']}", err=True)
