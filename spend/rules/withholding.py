"""Which names are kept from pages: those of private individuals, of residents, and of withheld payees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from spend.rules import payees

# What a line may say of the person who was paid.
WITHHELD: Final = ("payee", "description", "reference", "payee_ref")
PRIVATE_KINDS: Final = ("resident", "redacted")


def private() -> pl.Expr:
    """Return whether a line with `kind` and `individual` is about a private person."""
    return pl.col("individual") | pl.col("kind").is_in(PRIVATE_KINDS)


def withhold(lines: pl.DataFrame) -> pl.DataFrame:
    """Return lines with `kind` and `individual` without what private persons could be known by."""
    return lines.with_columns(pl.when(~private()).then(pl.col(name)).alias(name) for name in WITHHELD)


def fit_to_show(lines: pl.DataFrame, own_names: Sequence[str]) -> pl.DataFrame:
    """Return lines as they were read with their kinds, names of private persons withheld.

    Args:
        lines: as a file of the lake holds them.
        own_names: the names of the body that published them.
    """
    return withhold(payees.recognise(lines, own_names))
