"""`buytogether backup`, `buytogether restore`: everything in one archive, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncSession

import insights.actions.keeping
import procurement.actions.keeping
import spend.actions.keeping
from accounts.actions import signing_in
from app.commands import console
from app.runtime import Runtime
from store import audit, backup, migrations
from store.db import transaction
from store.jobs import Work
from store.programs import ProgramError
from values.money import format_pence

T = TypeVar("T")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was kept as JSON.")
def back_up(file: Path, *, as_json: bool) -> None:
    """Write the database and the files beside it into one archive; the service may go on running.

    The master key is not in it. Keep a copy of the key in another place than the archives: whoever has both
    can read what is encrypted, and without the key nobody can.
    """
    # Without migrating: a backup is what one makes before an upgrade.
    with console.opened(migrate=False) as opened:
        if _is_empty(opened):
            raise click.ClickException("There is nothing to keep: this database is empty")

        async def job(work: Work) -> backup.Archived:
            async def names(db: AsyncSession) -> list[str]:
                payments = await spend.actions.keeping.kept_files(db, opened.lake)
                models = await procurement.actions.keeping.kept_files(db, opened.lake)
                return payments + models + await insights.actions.keeping.kept_files(db, opened.lake)

            async with transaction(work.sessions, work.actor) as db:
                await audit.seal(db)
                await audit.record(db, work.actor, "backup.made", "archive", file.name)
            return await backup.back_up(world(opened), file, names, progress=work.progress)

        made = _told(lambda: console.run(opened, job))
    if as_json:
        console.print_json(
            {
                "file": str(made.place),
                "lake_files": made.files,
                "size_bytes": made.size_bytes,
                "packed_bytes": made.packed_bytes,
            }
        )
        return
    size_mb, packed_mb = made.size_bytes / 1e6, made.packed_bytes / 1e6
    click.echo(
        f"{made.place}: the database and {made.files:,} files, {size_mb:,.1f} MB in {packed_mb:,.1f} MB."
    )
    click.echo(f"The master key is not in it. Keep {world(opened).key} apart from the archives.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the archive in the place of what is there.")
@click.option("--yes", is_flag=True, help="Do not ask again whether to replace.")
@click.option("--json", "as_json", is_flag=True, help="Print what came back as JSON.")
@click.pass_context
def restore(context: click.Context, file: Path, *, replace: bool, yes: bool, as_json: bool) -> None:
    """Bring back what an archive holds, check it, and sign everybody out. Stop the service first.

    The archive is read to its end and compared with its manifest before anything is touched.
    """
    with console.opened(migrate=False) as opened:
        if not _is_empty(opened):
            _agree(replace=replace, yes=yes)
        here = world(opened)

        async def job(work: Work) -> dict[str, Any]:
            return await backup.restore(here, file, progress=work.progress)

        about = _told(lambda: console.run(opened, job))
        found = console.run(opened, lambda work: _after(work, opened, about))
    if as_json:
        console.print_json(found)
    else:
        _show(found, here)
    if found["different"] or found["audit_broken_at"] is not None or not found["audit_head_found"]:
        context.exit(1)


def world(opened: Runtime) -> backup.World:
    """Return everything that a service keeps."""
    outside = opened.server is None
    logins = (opened.app_url, opened.jobs_url) if outside else ()
    return backup.World(opened.owner_url, logins, opened.lake, opened.settings.home / "keys" / "master.key")


async def _after(work: Work, opened: Runtime, about: dict[str, Any]) -> dict[str, Any]:
    """Sign everybody out, verify the audit trail, and compare the register with the lines."""
    async with transaction(work.sessions, work.actor) as db:
        ended = await signing_in.sign_everybody_out(db, work.actor)
        taken_at, revision = about["taken_at"], about["revision"]
        await audit.record(db, work.actor, "backup.restored", "archive", taken_at, revision=revision)
    async with transaction(work.sessions, work.actor) as db:
        chain = await audit.verify(db)
        known = about["audit_head"] is None or await audit.holds(db, about["audit_head"])
    payments = await spend.actions.keeping.reconcile(work, opened.lake)
    key = backup.fingerprint(world(opened).key)
    return {
        "taken_at": taken_at,
        "files": payments.files,
        "lines": payments.lines,
        "amount_pence": payments.amount_pence,
        "different": list(payments.different),
        "audit_entries": chain.entries,
        "audit_broken_at": chain.broken_at,
        "audit_head_found": known,
        "sessions_ended": ended,
        "same_key": key == about["key"],
    }


def _show(found: dict[str, Any], here: backup.World) -> None:
    click.echo(f"Restored as it was at {found['taken_at']}. Everybody was signed out.")
    amount = format_pence(found["amount_pence"])
    click.echo(f"Published files: {found['files']:,} with {found['lines']:,} lines and a sum of {amount}.")
    for name in found["different"]:
        click.echo(f"  differs from the register: {name}", err=True)
    if not found["different"]:
        click.echo("Each has the lines and the sum that were registered.")
    if found["audit_broken_at"] is not None:
        click.echo(f"The audit trail is broken at entry {found['audit_broken_at']}.", err=True)
    elif not found["audit_head_found"]:
        click.echo("The audit trail has lost its end since the backup.", err=True)
    else:
        click.echo(f"The audit trail of {found['audit_entries']:,} entries holds.")
    if not found["same_key"]:
        click.echo(
            f"The master key here is another than at the time of the backup. Put that one at {here.key}; "
            "without it, people with a second factor must set it up anew.",
            err=True,
        )


def _agree(*, replace: bool, yes: bool) -> None:
    if not replace:
        raise click.ClickException(
            "This database is not empty. Add --replace to put the archive in its place; what is here is lost."
        )
    if not yes:
        click.confirm("Everything that is here now will be lost. Go on?", abort=True)


def _is_empty(opened: Runtime) -> bool:
    if not opened.owner_url:
        raise click.ClickException("Set DATABASE_OWNER_URL: the role that owns the tables")
    if opened.server is not None:
        admin = opened.server.url("postgres", "postgres")
        asyncio.run(migrations.create_database(admin, "buytogether"))
    return asyncio.run(backup.is_empty(opened.owner_url))


def _told(run: Callable[[], T]) -> T:
    try:
        return run()
    except ProgramError as error:
        raise click.ClickException(f"PostgreSQL says: {error}") from error
