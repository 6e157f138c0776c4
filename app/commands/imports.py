"""`buytogether import …`: read files that bodies published."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from spend.actions import readers

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
    context: click.Context, files: tuple[Path, ...], council: str, replaces: UUID | None, *, as_json: bool
) -> None:
    """Read published payments (CSV, plain or gzip) of one body.

    --council takes the code of any body in the register: a council, a former council, a regional or sector
    body; a GSS code of today or of the past, or the register's three letters.
    """
    if replaces and len(files) > 1:
        raise click.UsageError(
            "--replaces goes with one file: name only the file that takes the other's place"
        )

    # They load what they need while the database is opened.
    readers.prepare(len(files))
    from app.commands import payments  # noqa: PLC0415 -- loads at the same time

    summary = payments.bring_in(files, council, replaces)
    payments.show(summary, as_json=as_json)
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
