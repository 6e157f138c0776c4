"""`buytogether report …`: the figures of the pages, for the terminal and for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from app.commands import console
from insights import queries
from insights.actions.releasing import make_release
from insights.queries import Choice, Figures
from spend.rules.categories import taxonomy
from store.db import transaction
from store.jobs import Work
from values.money import format_pence
from values.refusals import Refused
from values.years import FinancialYear


@click.group("report")
def commands() -> None:
    """Figures computed from what is published, each with its coverage."""


@commands.command()
@click.option("--category", "categories", multiple=True, help="Code of a category; may be repeated.")
@click.option("--region", "regions", multiple=True, help="Name or GSS code; England unless given.")
@click.option(
    "--council", "bodies", multiple=True, help="Code of a body: a set of councils instead of a region."
)
@click.option("--year", "years", multiple=True, type=int, help="First calendar year of a financial year.")
@click.option("--format", "shape", type=click.Choice(["table", "json", "csv"]), default="table")
def market(
    categories: Sequence[str],
    regions: Sequence[str],
    bodies: Sequence[str],
    years: Sequence[int],
    shape: str,
) -> None:
    """Spend, suppliers and concentration by category, region and financial year."""
    with console.opened() as opened:

        async def job(work: Work) -> list[tuple[Choice, list[Figures]]]:
            await make_release(work, opened.lake, opened.settings.engine)
            async with transaction(work.sessions, work.actor) as db:
                return await _reports(db, opened.lake, categories, regions or [""], bodies, years)

        found = console.run(opened, job)
    {"json": _json, "csv": _csv, "table": _table}[shape](found)


async def _reports(
    db: Any,
    lake: Any,
    categories: Sequence[str],
    regions: Sequence[str],
    bodies: Sequence[str],
    years: Sequence[int],
) -> list[tuple[Choice, list[Figures]]]:
    known = {category.code for category in taxonomy().categories}
    if unknown := set(categories) - known:
        raise Refused(
            f"No such category: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}"
        )
    release = await queries.current_release(db)
    if release is None or not release.years:
        raise Refused("No payments are imported yet. Begin with: buytogether import spend")
    codes = await queries.body_codes(db, bodies)
    found: list[tuple[Choice, list[Figures]]] = []
    for region in [""] if codes else regions:
        choice = await queries.choose(db, release, area=region or None, bodies=codes)
        rows = await queries.chosen_figures(
            db, lake, release, choice, categories=list(categories) or None, years=list(years) or None
        )
        found.append((choice, rows))
    return found


def _json(found: Sequence[tuple[Choice, Sequence[Figures]]]) -> None:
    console.print_json(
        {"rows": [queries.as_row(choice.area.name, row) for choice, rows in found for row in rows]}
    )


def _csv(found: Sequence[tuple[Choice, Sequence[Figures]]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(queries.FLAT)
    for choice, rows in found:
        writer.writerows(queries.as_cells(choice.area.name, row) for row in rows)


def _table(found: Sequence[tuple[Choice, Sequence[Figures]]]) -> None:
    table = Table("Category", "Area", "Year", "Spend", "Suppliers", "HHI", "95 %", "CR1", "CR4", "Effective")
    for choice, rows in found:
        for row in rows:
            interval = "–" if row.hhi_low is None else f"{row.hhi_low:,.0f} to {row.hhi_high:,.0f}"
            figures = (
                [f"not computed: {row.not_computed}", "", "", "", ""]
                if row.not_computed
                else [
                    f"{row.hhi_points:,.0f}",
                    interval,
                    f"{row.cr1_share:.0%}",
                    f"{row.cr4_share:.0%}",
                    f"{row.effective_suppliers:,.1f}",
                ]
            )
            table.add_row(
                taxonomy().named(row.category),
                choice.area.name,
                str(FinancialYear(row.year)),
                format_pence(row.spend_pence),
                f"{row.supplier_count:,}",
                *figures,
            )
    Console().print(table)
