"""The lines of one published file, as anybody may read them: names of private persons are withheld."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from spend import reading
from spend.rules import places, withholding
from store.lake import Lake

SHOWN: Final = (
    "line_no",
    "paid_on",
    "amount_pence",
    "payee",
    "reference",
    "directorate",
    "service",
    "expense",
    "procurement_label",
    "description",
    "card",
    "kind",
    "individual",
)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A payment as it was read.

    Attributes:
        kind: what kind of line it is; only purchases are in markets.
        individual: the payee is a private person, so that no name is given.
    """

    line_no: int
    paid_on: date | None
    amount_pence: int
    payee: str | None
    reference: str | None
    directorate: str | None
    service: str | None
    expense: str | None
    procurement_label: str | None
    description: str | None
    card: bool
    kind: str
    individual: bool

    @property
    def withheld(self) -> bool:
        """Whether the payee's name is kept back."""
        return self.individual or self.kind in withholding.PRIVATE_KINDS

    @property
    def labels(self) -> str:
        """What the council says the payment was for."""
        said = (self.directorate, self.service, self.expense, self.procurement_label)
        return "; ".join(dict.fromkeys(label for label in said if label))


def lines_path(lake: Lake, body_code: str, lines_name: str) -> Path:
    """Return where the lines of a file stand."""
    return lake.path(*places.lines_place(body_code, lines_name))


async def file_lines(
    lake: Lake,
    place: tuple[str, str],
    own_names: Sequence[str],
    *,
    offset: int = 0,
    limit: int = 50,
) -> list[FileLine]:
    """Return some lines of a file, in the file's order.

    Args:
        lake: where lines are kept.
        place: the body's code and the name of the lines.
        own_names: the names under which the body pays itself.
        offset: how many lines come before.
        limit: how many are wanted.
    """
    path = lines_path(lake, *place)
    return await asyncio.to_thread(_read, path, own_names, offset, limit)


def _read(path: Path, own_names: Sequence[str], offset: int, limit: int) -> list[FileLine]:
    lines = reading.completed(pl.scan_parquet(path).slice(offset, limit))
    return as_lines(lines.collect(), own_names)


def as_lines(lines: pl.DataFrame, own_names: Sequence[str]) -> list[FileLine]:
    """Return lines that were read, fit to be shown."""
    if lines.is_empty():
        return []
    fit = withholding.fit_to_show(lines, own_names).select(SHOWN)
    rows: list[tuple[Any, ...]] = fit.rows()
    return [FileLine(*row) for row in rows]


async def lines_before(lake: Lake, place: tuple[str, str], line_no: int) -> int:
    """Return how many lines of a file come before the one on a physical line."""
    path = lines_path(lake, *place)

    def count() -> int:
        before = pl.scan_parquet(path).filter(pl.col("line_no") < line_no)
        return int(before.select(pl.len()).collect().item())

    return await asyncio.to_thread(count)
