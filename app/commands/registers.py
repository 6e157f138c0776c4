"""The work behind `buytogether import contracts` and `import needs`, and what they print."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from app.commands import console
from procurement.actions.importing import Summary, import_contracts, import_needs
from store.db import transaction
from store.jobs import Work
from values.refusals import Refused


def read_contracts(file: Path, council: str | None, *, as_json: bool) -> None:
    """Import a contract register, of one council or of the buyers that it names."""
    content = file.read_bytes()
    with console.opened() as opened:

        async def job(work: Work) -> Summary:
            async with transaction(work.sessions, work.actor) as db:
                code = await _code(db, council) if council else None
                return await import_contracts(db, work.actor, file.name, content, body_code=code)

        _tell(file.name, console.run(opened, job), as_json=as_json)


def read_needs(file: Path, council: str, *, as_json: bool) -> None:
    """Import a list of needs as drafts of a council."""
    content = file.read_bytes()
    with console.opened() as opened:

        async def job(work: Work) -> Summary:
            async with transaction(work.sessions, work.actor) as db:
                code = await _code(db, council)
                return await import_needs(db, work.actor, content, body_code=code)

        _tell(file.name, console.run(opened, job), as_json=as_json)


async def _code(db: AsyncSession, council: str) -> str:
    body = await accounts.body_by_code(db, council)
    if body is None or body.code is None:
        raise Refused(f"No body has the code {council!r}. Codes of councils look like E08000032.")
    return body.code


def _tell(name: str, summary: Summary, *, as_json: bool) -> None:
    if as_json:
        console.print_json(summary.as_json())
        return
    click.echo(f"Lines {summary.lines:,}: {summary.read:,} read, {summary.set_aside:,} set aside")
    click.echo(f"New {summary.new:,}, known already {summary.already:,}")
    if summary.without_end:
        click.echo(f"Without an end date {summary.without_end:,}: the page of contracts asks for it")
    for line in summary.left_out:
        click.echo(f"{name}:{line.line_no}: {line.reason}", err=True)
