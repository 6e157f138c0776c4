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


def duplicates(lines: pl.DataFrame) -> pl.Series:
    """Tell which lines stand again in another file of the same body.

    The first file keeps its lines. A payment that stands twice in one file is two payments; if it stands twice
    in each of two files, the second file's two are duplicates. A line without a date or a payee says too little
    to be known again.

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


def counted(lines: pl.DataFrame) -> pl.Series:
    """Tell which lines are behind figures: purchases, no duplicates, dated, in a cell whose net is above zero.

    Args:
        lines: one body's lines with kind, duplicate, year, category, supplier_id and amount_pence.
    """
    candidate = (
        (pl.col("kind") == "purchase")
        & ~pl.col("duplicate")
        & pl.col("year").is_not_null()
        & pl.col("supplier_id").is_not_null()
    )
    net = pl.col("amount_pence").filter(pl.col("candidate")).sum().over(CELL)
    return (
        lines.select(*CELL, "amount_pence", candidate.alias("candidate"))
        .select(counted=pl.col("candidate") & (net > 0))
        .to_series()
    )
