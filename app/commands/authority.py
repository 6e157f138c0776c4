"""`buytogether authority`: up to which sum an approver may commit their council, said from the machine."""

from __future__ import annotations

import click

from app.commands import console
from procurement.actions import authority as actions
from procurement.queries.authority import ApproverRow
from store.db import transaction
from store.jobs import Work
from values.money import format_pence, to_pence


@click.command()
@click.option("--email", required=True, help="The approver's e-mail address.")
@click.option("--limit", required=True, metavar="POUNDS", help="Such as 250000; 0 lets them sign nothing.")
@click.option(
    "--council", default="", metavar="CODE", help="GSS or register code, where they approve for several."
)
def authority(email: str, limit: str, council: str) -> None:
    """Set up to which sum an approver may commit their council, for a council with one approver."""
    try:
        limit_pence = to_pence(limit.replace(",", "").removeprefix("£"))
    except ValueError as error:
        raise click.BadParameter(f"{limit!r} is no sum in pounds", param_hint="--limit") from error
    if limit_pence < 0:
        raise click.BadParameter("the limit is 0 or more", param_hint="--limit")
    with console.opened() as opened:

        async def job(work: Work) -> ApproverRow:
            async with transaction(work.sessions, work.actor) as db:
                return await actions.set_limit_of(
                    db, work.actor, email=email, limit_pence=limit_pence, council=council
                )

        found = console.run(opened, job)
    click.echo(f"{found.name} may commit {found.body_name} up to {format_pence(limit_pence)}.")
