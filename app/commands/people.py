"""`buytogether invite`: the first person of a new deployment, and whoever locked everybody out."""

from __future__ import annotations

import asyncio

import click
from sqlalchemy import select

from accounts import queries
from accounts.actions import people
from accounts.models import Mail
from app import runtime
from app.commands import console
from app.runtime import Runtime
from store.db import connect, make_sessions, transaction
from values.actors import Role
from values.refusals import NotAllowed, Refused


@click.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.OPERATOR.value)
@click.option("--body", default="LGA", metavar="CODE", help="GSS or register code of their organisation.")
def invite(email: str, role: str, body: str) -> None:
    """Invite somebody by e-mail, and print the mail. Later, operators and approvers do that on a page."""
    with console.opened() as opened:
        if not opened.owner_url:
            raise click.ClickException(
                "Set DATABASE_OWNER_URL: nobody else may invite without being somebody"
            )
        try:
            click.echo(asyncio.run(_invite(opened, email, Role(role), body)))
        except (Refused, NotAllowed) as refusal:
            raise click.ClickException(str(refusal)) from refusal


async def _invite(opened: Runtime, email: str, role: Role, code: str) -> str:
    engine = connect(opened.owner_url, name="buytogether command")
    try:
        async with transaction(make_sessions(engine), runtime.COMMAND_LINE) as db:
            body = await queries.body_by_code(db, code)
            if body is None:
                raise Refused(f"No body has the code {code!r}. Codes of councils look like E08000032.")
            address = opened.settings.public_url
            await people.invite(db, runtime.COMMAND_LINE, body.id, email=email, role=role, address=address)
            newest = select(Mail.body).where(Mail.to_address == email.strip().lower())
            return await db.scalar(newest.order_by(Mail.id.desc()).limit(1)) or ""
    finally:
        await engine.dispose()
