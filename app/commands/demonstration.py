"""`buytogether demo`: the demonstration world for an empty database."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select

from accounts.actions.demonstration import PASSWORD, PEOPLE, TOTP_SECRET, load_demonstration
from accounts.actions.passwords import Passwords
from accounts.models import Person
from accounts.rules.roles import NAMES
from accounts.rules.totp import Sealer
from app.commands import console
from app.runtime import Runtime
from challenges.actions.demonstration import load_demonstration_challenges
from insights.actions.releasing import make_release
from procurement.actions.demonstration.authority import load_demonstration_authority
from procurement.actions.demonstration.contracts import load_demonstration_contracts
from procurement.actions.demonstration.needs import load_demonstration_needs
from procurement.actions.demonstration.pools import load_demonstration_pools
from spend.actions.importing import Incoming, import_bodies
from spend.models import PublishedFile
from store import jobs
from store.db import Sessions, connect, make_sessions, transaction
from store.jobs import Work
from tenders.actions.demonstration import load_demonstration_tenders
from tenders.actions.demonstration_bids import load_demonstration_bids
from tenders.actions.demonstration_correction import load_demonstration_correction
from tenders.actions.demonstration_course import load_demonstration_courses
from tenders.actions.demonstration_interest import load_demonstration_interest
from values.refusals import Refused
from values.years import london_today

PAYMENTS: Final = Path(__file__).resolve().parents[1] / "demonstration" / "payments"


@click.command()
def demo() -> None:
    """Load the demonstration world into an empty database."""
    with console.opened() as opened:
        console.run(opened, _refuse_unless_empty)
        load_if_empty(opened)
    click.echo(accounts_text())


def load_if_empty(opened: Runtime) -> None:
    """Load the demonstration world unless people have used this database already."""

    async def job(work: Work) -> None:
        if await _used(work):
            return
        click.echo("First start: loading the demonstration world", err=True)
        async with transaction(work.sessions, work.actor) as db:
            await load_demonstration(
                db,
                work.actor,
                Passwords(cheap=opened.settings.cheap_passwords),
                Sealer(opened.settings.key()),
            )
            await load_demonstration_authority(db, work.actor)
            await load_demonstration_contracts(db, london_today())
            await load_demonstration_needs(db, work.actor, london_today())
        try:
            # What people do and what councils publish do not touch: side by side, both are there sooner.
            async with asyncio.TaskGroup() as group:
                group.create_task(_invented(opened, work))
                group.create_task(_published(opened, work))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None

    console.run(opened, job)


async def _invented(opened: Runtime, work: Work) -> None:
    """Walk invented pools, tenders and challenges to where they stand."""
    await load_demonstration_pools(work.sessions, london_today())
    await _courses(opened, work)
    await load_demonstration_tenders(work.sessions, london_today())
    await _interest(opened)
    await _challenges(opened, work)
    await load_demonstration_bids(work.sessions, master=opened.settings.key())
    async with transaction(work.sessions, work.actor) as db:
        # The worker finds them waiting: nobody has to wait for the night to see matches and suggestions.
        await jobs.enqueue_once(db, work.actor, "procurement.refit_matches")
        await jobs.enqueue(db, work.actor, "procurement.suggest_pools", seconds=20)


async def _published(opened: Runtime, work: Work) -> None:
    """Read the payments that come with the project, and report on them."""
    await import_bodies(work, opened.lake, _payments())
    await make_release(work, opened.lake, opened.settings.engine)


async def _courses(opened: Runtime, work: Work) -> None:
    """Walk tenders to all their states; without the role that owns the tables none can lie in the past."""
    if not opened.owner_url:
        click.echo("DATABASE_OWNER_URL is not set: tenders past their deadline are left out", err=True)
        return
    async with contextlib.AsyncExitStack() as stack:
        app, owner = (
            connect(url, size=1, name="buytogether demonstration")
            for url in (opened.app_url, opened.owner_url)
        )
        for engine in (app, owner):
            stack.push_async_callback(engine.dispose)
        await load_demonstration_courses(
            work.sessions,
            make_sessions(app),
            make_sessions(owner),
            master=opened.settings.key(),
            anchor=london_today(),
        )


async def _interest(opened: Runtime) -> None:
    """Let the invented supplier ask, and the tender be corrected: only the application’s role can."""
    engine = connect(opened.app_url, size=1, name="buytogether demonstration")
    try:
        await load_demonstration_interest(make_sessions(engine), opened.settings.key())
        await load_demonstration_correction(make_sessions(engine))
    finally:
        await engine.dispose()


async def _challenges(opened: Runtime, work: Work) -> None:
    """Write challenges as their people would; without the role that owns the tables none is closed."""
    async with contextlib.AsyncExitStack() as stack:
        made: list[Sessions] = []
        for url in filter(None, (opened.app_url, opened.owner_url)):
            engine = connect(url, size=1, name="buytogether demonstration")
            stack.push_async_callback(engine.dispose)
            made.append(make_sessions(engine))
        owner = made[1] if len(made) > 1 else None
        await load_demonstration_challenges(work.sessions, made[0], owner, london_today())


def accounts_text() -> str:
    """Return the invented accounts, for the terminal."""
    lines = ["Demonstration accounts (invented people), all with the password", f"  {PASSWORD}", ""]
    lines += [
        f"  {person.email:<30} {NAMES[person.role]}{' (second factor)' if person.second_factor else ''}"
        for person in PEOPLE
    ]
    lines += ["", f"Secret of their second factor, for an authenticator app: {TOTP_SECRET}", ""]
    return "\n".join(lines)


def _payments() -> dict[str, list[Incoming]]:
    """Return the payment files that come with the project, by the code of the body that published them."""
    folders = {folder.name: sorted(folder.glob("*.csv.gz")) for folder in sorted(PAYMENTS.iterdir())}
    return {code: [Incoming(path, path.name) for path in paths] for code, paths in folders.items() if paths}


async def _used(work: Work) -> bool:
    async with transaction(work.sessions, work.actor) as db:
        person = await db.scalar(select(Person.id).where(Person.email != PEOPLE[0].email).limit(1))
        file = await db.scalar(select(PublishedFile.id).limit(1))
    return person is not None or file is not None


async def _refuse_unless_empty(work: Work) -> None:
    if await _used(work):
        raise Refused("This database has people or payments already. The demonstration needs an empty one.")
