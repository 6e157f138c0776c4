"""What the law calls a small and medium-sized enterprise, and a voluntary one."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sourcing.rules import tables
from sourcing.rules.law import Basis, basis_of, in_force


@dataclass(frozen=True, slots=True)
class SupplierKind:
    """A kind of supplier.

    Attributes:
        people_below: a supplier of this kind has fewer people; None where people do not matter.
        turnover_pence, balance_sheet_pence: one of the two is at most this; None where neither matters.
    """

    code: str
    name: str
    words: str
    people_below: int | None
    turnover_pence: int | None
    balance_sheet_pence: int | None
    basis: Basis


@functools.cache
def kinds() -> tuple[SupplierKind, ...]:
    """Return all kinds, in the order of the table."""
    return tuple(_kind(row) for row in tables.table("supplier-kinds").rows)


def small_or_medium(on: date) -> SupplierKind:
    """Return what a small and medium-sized enterprise is on a day."""
    return in_force(kinds(), "small-or-medium", on)


def voluntary(on: date) -> SupplierKind:
    """Return what a voluntary, community or social enterprise is on a day."""
    return in_force(kinds(), "voluntary", on)


def _kind(row: Mapping[str, str]) -> SupplierKind:
    people, turnover, balance = (
        int(row[name]) if row[name] else None
        for name in ("people_below", "turnover_up_to_pence", "balance_sheet_up_to_pence")
    )
    return SupplierKind(row["code"], row["name"], row["words"], people, turnover, balance, basis_of(row))
