"""`buytogether keys`: whether what is sealed here could be opened with the master key that is here."""

from __future__ import annotations

import click

from app.commands import console
from store import sealing
from store.db import transaction
from store.jobs import Work
from store.sealing import KeyLost, Tampered
from tenders.actions.bidding.sealed import tender_subject
from tenders.queries.keys import KeyRow
from tenders.queries.keys import keys as keys_of_tenders


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def keys(context: click.Context, *, as_json: bool) -> None:
    """Say which master key is here, and whether the keys of tenders were made under it."""
    with console.opened() as opened:

        async def job(work: Work) -> list[KeyRow]:
            async with transaction(work.sessions, work.actor) as db:
                return list(await keys_of_tenders(db))

        found = console.run(opened, job)
        master = opened.settings.key()
    wrong = {str(row.tender_id): _wrong(master, row) for row in found}
    own = sealing.fingerprint(master).hex()
    if as_json:
        console.print_json(
            {"master_key": own, "tenders": [{"tender": name, "wrong": said} for name, said in wrong.items()]}
        )
    else:
        click.echo(f"The master key here is {own}. Keys of tenders: {len(found)}.")
        for row in found:
            if said := wrong[str(row.tender_id)]:
                click.echo(f"{row.title} ({row.tender_id}): {said}")
    if any(wrong.values()):
        context.exit(1)


def _wrong(master: bytes, row: KeyRow) -> str:
    try:
        sealing.check_vouched(master, row.public, tender_subject(row.tender_id), row.voucher)
    except KeyLost as lost:
        return f"KeyLost: {lost}"
    except Tampered as tampered:
        return f"Tampered: {tampered}"
    return ""
