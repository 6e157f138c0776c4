"""`buytogether migrate`, `audit verify`: what operators do."""

from __future__ import annotations

import click

from app import runtime
from app.commands import console
from store import audit, migrations
from store.db import transaction
from store.jobs import Work


@click.command()
@click.option("--check", is_flag=True, help="Only say whether the models and the database agree.")
def migrate(*, check: bool) -> None:
    """Bring the database to the newest shape and load the register of bodies. Safe to repeat."""
    with console.opened(migrate=False) as opened:
        if not opened.owner_url:
            raise click.ClickException("Set DATABASE_OWNER_URL: a role that may create roles and tables")
        if check:
            migrations.check(opened.owner_url)
            return
        runtime.prepare(opened)
        console.run(opened, console.load_register)
    click.echo("The database is up to date.")


@click.group("audit")
def audit_commands() -> None:
    """The audit trail."""


@audit_commands.command()
@click.option("--expect", metavar="HASH", help="The newest hash noted earlier; must still be in the chain.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def verify(context: click.Context, expect: str | None, *, as_json: bool) -> None:
    """Seal the newest entries, then check every link of the chain."""
    with console.opened() as opened:

        async def job(work: Work) -> tuple[audit.Verification, bool]:
            async with transaction(work.sessions, work.actor) as db:
                return await audit.verify(db), expect is None or await audit.holds(db, expect)

        result, as_expected = console.run(opened, job)
    answer = {
        "entries": result.entries,
        "head": result.head,
        "broken_at": result.broken_at,
        "reason": result.reason,
        "expected_found": as_expected,
    }
    if as_json:
        console.print_json(answer)
    elif result.broken_at is not None:
        click.echo(f"Broken at entry {result.broken_at}: {result.reason}.")
    elif not as_expected:
        click.echo("The chain holds, but the hash that you noted is not in it: its end was cut off.")
    else:
        click.echo(f"The chain of {result.entries:,} entries holds. Note its newest hash: {result.head}")
    if result.broken_at is not None or not as_expected:
        context.exit(1)
