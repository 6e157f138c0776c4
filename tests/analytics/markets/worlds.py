"""Small random worlds of payment lines, and the same worlds as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

FIRST_YEAR = 2020
LINES = pa.schema(
    [
        ("council_code", pa.string()),
        ("category", pa.string()),
        ("year", pa.int64()),
        ("supplier_id", pa.string()),
        ("amount_pence", pa.int64()),
    ]
)
COVERAGE = pa.schema([("council_code", pa.string()), ("year", pa.int64()), ("months", pa.int64())])


@dataclass(frozen=True)
class World:
    """Payments of one category by (year, council, supplier, line), in pence; 0 where there is no such line.

    Councils with an even number are in region R0, the others in R1; `months` is (years, councils).
    """

    lines_pence: NDArray[np.int64]
    months: NDArray[np.int64]

    @property
    def net_pence(self) -> NDArray[np.int64]:
        """(years, councils, suppliers) what is left after credit notes, 0 where nothing was bought."""
        return np.maximum(self.lines_pence.sum(axis=3), 0)

    @property
    def councils(self) -> int:
        return self.months.shape[1]

    def lines(self) -> ibis.Table:
        rows = [
            (council(c), "vans", FIRST_YEAR + y, supplier(s), int(self.lines_pence[y, c, s, n]))
            for y, c, s, n in zip(*self.lines_pence.nonzero(), strict=True)
        ]
        return table(rows, LINES)

    def coverage(self) -> ibis.Table:
        rows = [
            (council(c), FIRST_YEAR + y, int(self.months[y, c]))
            for y, c in zip(*self.months.nonzero(), strict=True)
        ]
        return table(rows, COVERAGE)

    def register(self) -> ibis.Table:
        schema = pa.schema([("council_code", pa.string()), ("region_code", pa.string())])
        return table([(council(c), f"R{c % 2}") for c in range(self.councils)], schema)


def council(number: int) -> str:
    return f"E{number:02d}"


def supplier(number: int) -> str:
    return f"s{number:02d}"


def table(rows: list[tuple[object, ...]], schema: pa.Schema) -> ibis.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return ibis.memtable(
        pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
    )


def lines(*rows: tuple[str, str | None, int, str, int]) -> ibis.Table:
    """Return payment lines (council, category, year, supplier, pence)."""
    return table(list(rows), LINES)


def random_world(seed: int, years: int = 3, councils: int = 7, suppliers: int = 5) -> World:
    """Return a world in which about half of the cells hold lines, one in five of those a credit note."""
    rng = np.random.default_rng(seed)
    shape = (years, councils, suppliers, 3)
    amounts = rng.integers(1, 10 ** rng.integers(2, 10), shape) * np.where(rng.random(shape) < 0.2, -1, 1)
    held = (rng.random(shape[:3]) < rng.uniform(0.15, 0.9))[..., None] & (rng.random(shape) < 0.7)
    months = rng.choice([0, 3, 9, 10, 12], (years, councils), p=[0.1, 0.05, 0.05, 0.1, 0.7])
    # A council that publishes nothing has no lines either.
    return World(amounts * held * (months > 0)[:, :, None, None], months)


WORLDS = st.builds(
    random_world,
    st.integers(0, 2**32),
    years=st.integers(1, 6),
    councils=st.integers(1, 9),
    suppliers=st.integers(1, 7),
)
SPENDS = st.lists(st.integers(0, 10**12), min_size=1, max_size=30).map(
    lambda pence: np.array(pence, dtype=np.int64)
)
SOME_SPENDS = SPENDS.filter(lambda pence: pence.any())
