"""`buytogether timetable`: the lawful dates of a procurement, each with its rule; needs no database."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from sourcing.rules.law import law
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Asked, Procedure
from sourcing.rules.timetables.making import as_told
from sourcing.rules.timetables.making import timetable as made
from values.money import to_pence
from values.refusals import Refused

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("timetable")
@click.option(
    "--procedure",
    type=click.Choice([each.value for each in Procedure]),
    default=Procedure.OPEN.value,
    show_default=True,
)
@click.option("--publish", type=DAY, help="The tender notice; of a direct award, the transparency notice.")
@click.option("--award-notice", type=DAY, help="The contract award notice; enough by itself.")
@click.option("--requests-due", type=DAY, help="Chosen last day for requests to participate; checked.")
@click.option("--invite", type=DAY, help="Chosen day of the invitation to tender; checked.")
@click.option("--tenders-due", type=DAY, help="Chosen last day for tenders; checked.")
@click.option("--sign", type=DAY, help="Chosen day of the signature; checked.")
@click.option("--ends", type=DAY, help="The contract ends: notices of its life are counted as far.")
@click.option("--planned-notice", type=DAY, help="A planned procurement notice was published on this day.")
@click.option("--value-gross", help="Estimated value in pounds, with VAT, options and extensions.")
@click.option(
    "--contract",
    type=click.Choice([each.value for each in ContractKind]),
    default=ContractKind.GOODS_OR_SERVICES.value,
    show_default=True,
)
@click.option("--light-touch", is_flag=True, help="Light touch services.")
@click.option("--urgent", is_flag=True, help="Urgency; of a direct award, extreme and unavoidable.")
@click.option("--documents-later", is_flag=True, help="Not all documents come with the tender notice.")
@click.option("--not-electronic", is_flag=True, help="Tenders cannot be submitted electronically.")
@click.option("--preselected", is_flag=True, help="Only pre-selected suppliers may tender.")
@click.option("--negotiated", is_flag=True, help="And have agreed the tendering period.")
@click.option("--assessment-days", type=int, default=0, help="Calendar days that assessing takes.")
@click.option("--standstill-days", type=int, help="Working days of standstill, where more are promised.")
@click.option(
    "--ground", default="", help="Of a direct award: a code of the table of grounds, see /law/direct-award."
)
def timetable(
    procedure: str, contract: str, value_gross: str | None, **answers: datetime | bool | int | str | None
) -> None:
    """Print the lawful calendar of a procurement as JSON, each date with its rule and source.

    Exits with status 1 where a date could not be computed; that step has no date and says why.
    """
    try:
        asked = Asked(
            procedure=Procedure(procedure),
            contract=ContractKind(contract),
            value_gross=_pence(value_gross),
            **_plain(answers),
        )
        found = made(asked, law())
    except Refused as refusal:
        option = f"--{refusal.field.replace('_', '-')}: " if refusal.field else ""
        raise click.ClickException(f"{option}{refusal.message}") from refusal
    click.echo(json.dumps(as_told(found), indent=2, ensure_ascii=False))
    for warning in found.warnings:
        click.echo(f"Note: {warning}", err=True)
    if found.not_computed:
        raise click.ClickException(found.not_computed)


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the options with days instead of instants."""
    return {name: _day(value) if isinstance(value, datetime) else value for name, value in answers.items()}


def _day(instant: datetime) -> date:
    return instant.date()


def _pence(pounds: str | None) -> int | None:
    if pounds is None:
        return None
    try:
        return to_pence(pounds.replace(",", "").removeprefix("£"))
    except ValueError as error:
        raise Refused("Give an amount in pounds, such as 1200000.", "value_gross") from error
