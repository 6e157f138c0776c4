"""`buytogether import …`: read files that bodies published."""

from __future__ import annotations

from pathlib import Path

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

FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def commands() -> None:
    """Read files that councils and others published. Safe to repeat."""


@commands.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--council", required=True, metavar="GSS", help="Code of the body that published the files.")
@click.option("--replaces", type=click.UUID, help="Registered file that the one file given replaces.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and sums as JSON.")
@click.pass_context
def spend(
    context: click.Context, files: tuple[Path, ...], council: str, replaces: object, *, as_json: bool
) -> None:
    """Read published payments (CSV, plain or gzip) of one body.

    --council takes the code of any body in the register: a council, a former council, a regional or sector
    body; a GSS code of today or of the past, or the register's three letters.
    """
    if replaces and len(files) > 1:
        raise click.UsageError(
            "--replaces goes with one file: name only the file that takes the other's place"
        )

    with console.opened() as opened:

        async def job(work: Work) -> Summary:
            async with transaction(work.sessions, work.actor) as db:
                body = await accounts.body_by_code(db, council)
            if body is None or body.code is None:
                raise Refused(f"No body has the code {council!r}. Codes of councils look like E08000032.")
            incoming = [Incoming(path, path.name) for path in files]
            summary = await import_files(work, opened.lake, body.code, incoming, replaces=replaces)  # pyright: ignore[reportArgumentType] -- click made it a UUID
            if summary.new:
                # Whoever works off the queue next brings the market report up to date.
                async with transaction(work.sessions, work.actor) as db:
                    await jobs.enqueue(db, work.actor, "insights.release")
            return summary

        summary = console.run(opened, job)
    if as_json:
        console.print_json(summary.as_json())
    else:
        _show(summary)
    if summary.unreadable:
        context.exit(1)


@commands.command()
@click.argument("file", type=FILES)
@click.option("--council", metavar="GSS", help="Code of the council whose register it is.")
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON.")
def contracts(file: Path, council: str | None, *, as_json: bool) -> None:
    """Read a contract register (CSV); contracts without an end date are kept, and pages ask for it.

    --council may be left out where the file names its buyers.
    """
    from app.commands import registers  # noqa: PLC0415 -- other imports do not need it

    registers.read_contracts(file, council, as_json=as_json)


@commands.command()
@click.argument("file", type=FILES)
@click.option("--council", required=True, metavar="GSS", help="Code of the council that has the needs.")
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON.")
def needs(file: Path, council: str, *, as_json: bool) -> None:
    """Read a list of needs (CSV, the template of the page /needs/import) as drafts."""
    from app.commands import registers  # noqa: PLC0415 -- other imports do not need it

    registers.read_needs(file, council, as_json=as_json)


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
