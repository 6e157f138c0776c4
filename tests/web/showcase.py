"""The page of all macros with what it needs, for the tests that look at it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from multidict import MultiDict

from web import fields
from web.forms import Form
from web.paging import Column, Listing


def choices(*texts: tuple[str, str]) -> list[Any]:
    return [fields.SelectChoice(value, text) for value, text in texts]


YES_OR_NO = choices(("yes", "Yes"), ("no", "No"))
MISTAKEN = {"amount": "lots", "until-day": "31", "until-month": "2", "until-year": "2026", "sure": "no"}


class Everything(Form):
    search = fields.TextField("Payee")
    year = fields.SelectField(
        "Financial year", choices=choices(("2025", "2025 to 2026"), ("2024", "2024 to 2025"))
    )
    name = fields.TextField("Organisation", [fields.needed("Enter the organisation")])
    amount = fields.PenceField("Budget", wrong="Enter an amount, like 1,234.56")
    password = fields.PasswordField("Password", [fields.needed("Enter your password")])
    note = fields.LongTextField("Why this was corrected", [fields.needed("Say why this was corrected")])
    basis = fields.RadioField(
        "Are the sums net or gross?",
        [fields.needed("Choose whether the sums are net or gross")],
        choices=choices(("net", "Net"), ("gross", "Gross")),
        validate_choice=False,
    )
    sure = fields.RadioField("Are you sure?", choices=YES_OR_NO, default="yes")
    kinds = fields.SelectMultipleField(
        "Which lines?",
        [fields.needed("Choose at least one kind of line")],
        choices=choices(("read", "Read"), ("aside", "Set aside")),
    )
    until = fields.DayField("When does it end?", noun="The end")
    file = fields.FileField("Published file", [fields.needed("Choose a file")])
    agree = fields.BooleanField("I may publish this", [fields.needed_tick("Say that you may publish this")])


COLUMNS = [
    Column("Payee", sort="payee"),
    Column("Amount", numeric=True, sort="amount"),
    Column("Paid on", sort="paid_on"),
    Column("Service"),
    Column("Reference"),
    Column("Line", numeric=True),
]


def rows(number: int) -> list[list[str]]:
    day, service = "22 November 2026", "Revenues and benefits"
    return [
        [f"Example Supplies {n} & Sons Ltd", f"£{n * 1234.5:,.2f}", day, service, f"REF{n:07}", str(n)]
        for n in range(number)
    ]


def job(number: int, **more: Any) -> SimpleNamespace:
    usual = {"doing": "", "done": 0, "total": 0, "finished": False, "failed": False}
    return SimpleNamespace(**{"id": number, **usual, **more})


def context(svg: Any = None, *, wrong: bool = False) -> dict[str, Any]:
    form = Everything(MultiDict(MISTAKEN)) if wrong else Everything()
    if wrong:
        form.validate()
    listing = Listing(
        path="/lines",
        page=3,
        per_page=50,
        sort="amount",
        descending=True,
        default="-paid_on",
        kept=[("year", "2025")],
    )
    return {
        "form": form,
        "svg": svg,
        "large": 315_000_000,
        "columns": COLUMNS,
        "rows": rows(8),
        "listing": listing,
        "pages": listing.pages(1000),
        "running": job(1, doing="Reading lines", done=1500, total=6210),
        "done": job(2, doing="12,345 lines were read.", finished=True),
        "failed": job(3, doing="The file could not be read.", finished=True, failed=True),
    }
