"""What is decided about lines when they are put together: duplicates, years, and which of them count."""

from __future__ import annotations

import polars as pl

# What two lines must share to be the same payment: everything that a body says about it.
SAME_PAYMENT = (
    "paid_on",
    "amount_pence",
    "payee",
    "reference",
    "directorate",
    "service",
    "expense",
    "description",
)
CELL = ("category", "year", "supplier_id")
COUNTED = "counted"
# Why a line stands behind no figure: its name on pages, and what it means.
KEPT_OUT = {
    "duplicate": ("Duplicate", "The payment stands in another file of the same council, and counts there."),
    "redacted": ("Name withheld", "The council published the payment without saying who was paid."),
    "resident": (
        "Residents",
        "Payments to residents: refunds, benefits, direct payments, foster care and the like.",
    ),
    "payroll": ("Pay", "Salaries, pensions, and tax and contributions taken from pay."),
    "internal": (
        "Internal",
        "Transfers: the council itself and its funds, precepts, banking, loans and petty cash.",
    ),
    "no_payee": ("No payee", "The line names nobody."),
    "no_name": ("No usable name", "The payee's name has no letter or digit that could tell who it is."),
    "no_date": ("No date", "A purchase without a readable date lies in no financial year."),
    "credit": (
        "Credit notes",
        "A supplier's credit notes came to as much as its invoices, or more, in that category and year.",
    ),
}


def duplicates(lines: pl.DataFrame) -> pl.Series:
    """Tell which lines stand again in another file of the same body.

    The first file keeps its lines. A payment that stands twice in one file is two payments; if it stands
    twice in each of two files, the second file's two are duplicates. A line without a date or a payee says
    too little to be known again.

    Args:
        lines: `file` (int, in the order in which files count) and the columns of `SAME_PAYMENT`.

    Returns:
        (len(lines),) booleans, in the order given.
    """
    known = pl.col("paid_on").is_not_null() & pl.col("payee").is_not_null()
    marked = lines.select(
        "file",
        known.alias("known"),
        pl.struct(SAME_PAYMENT).hash(seed=1).alias("payment"),
    ).with_columns(copy=pl.int_range(pl.len()).over("file", "payment"))
    first = pl.col("file").min().over("payment", "copy")
    return marked.select(duplicate=pl.col("known") & (pl.col("file") > first)).to_series()


def financial_year(day: pl.Expr) -> pl.Expr:
    """Return the calendar year in which a day's financial year starts: 31 March 2019 lies in 2018."""
    return (day.dt.year() - (day.dt.month() < 4).cast(pl.Int32)).cast(pl.Int16)


def outcomes(lines: pl.DataFrame) -> pl.Series:
    """Say what becomes of each line: `COUNTED` in markets, or why it is kept out; the first reason holds.

    Args:
        lines: one body's lines with kind, duplicate, year, category, supplier_id and amount_pence.

    Returns:
        (len(lines),) a name of `KEPT_OUT`, or `COUNTED`; in the order given.
    """
    kept_out = (
        pl.when(pl.col("duplicate"))
        .then(pl.lit("duplicate"))
        .when(pl.col("kind") != "purchase")
        .then(pl.col("kind"))
        .when(pl.col("year").is_null())
        .then(pl.lit("no_date"))
        .when(pl.col("supplier_id").is_null())
        .then(pl.lit("no_name"))
    )
    candidates = lines.select(*CELL, "amount_pence", kept_out.alias("kept_out"))
    net = pl.col("amount_pence").filter(pl.col("kept_out").is_null()).sum().over(CELL)
    return candidates.select(
        outcome=pl.coalesce("kept_out", pl.when(net <= 0).then(pl.lit("credit")).otherwise(pl.lit(COUNTED)))
    ).to_series()
