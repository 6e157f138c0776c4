"""Where each council stands on a map of hexagons, one a council, and how dark a count is drawn.

County councils have no hexagon of their own on the map of districts; they stand in rows below it.
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

SIDE: Final = 10.0
WIDTH: Final = math.sqrt(3) * SIDE
DOWN: Final = 1.5 * SIDE
COUNTIES_A_ROW: Final = 11
# From how many on, fill, and the colour of the number on it; each contrast is at least 4.5:1.
SHADES: Final = (
    (0, "#f3f2f1", "#0b0c0c"),
    (1, "#d2e2f1", "#0b0c0c"),
    (2, "#8eb8dc", "#0b0c0c"),
    (4, "#1d70b8", "#ffffff"),
    (8, "#003078", "#ffffff"),
)
SHADE_WORDS: Final = ("none", "1", "2 or 3", "4 to 7", "8 or more")


@dataclass(frozen=True, slots=True)
class Placed:
    """A council as the map and its table need it."""

    code: str
    gss_code: str | None
    name: str
    region_name: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Hexagon:
    """One council on the map: where, how dark, and what it says."""

    name: str
    count: int
    x: float
    y: float
    points: str
    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Hexmap:
    """All hexagons, and how large the drawing is."""

    hexagons: tuple[Hexagon, ...]
    width: float
    height: float


@functools.cache
def _places() -> Mapping[str, tuple[int, int]]:
    """Return column and row of every district by its code; up is north."""
    text = (files("procurement") / "data" / "hexmap.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["gss_code"]: (int(row["column"]), int(row["row"])) for row in rows}


def shade(count: int) -> tuple[str, str]:
    """Return the fill for a count, and the ink of the number on it."""
    _, fill, ink = max(each for each in SHADES if each[0] <= count)
    return fill, ink


def hexmap(councils: Iterable[Placed]) -> Hexmap:
    """Return the map: districts where they are, all other councils in rows below, by name."""
    places = _places()
    left = min(column for column, _ in places.values())
    top = max(row for _, row in places.values())
    bottom = (top - min(row for _, row in places.values())) * DOWN + 2 * SIDE
    drawn: list[Hexagon] = []
    below = 0
    for council in sorted(councils, key=lambda each: each.name):
        if place := places.get(council.gss_code or ""):
            column, row = place
            x = (column - left + (0.5 if row % 2 else 0) + 0.5) * WIDTH
            y = (top - row) * DOWN + SIDE
        else:
            row, column = divmod(below, COUNTIES_A_ROW)
            x = (column + (0.5 if row % 2 else 0) + 0.5) * WIDTH
            y = bottom + SIDE * 1.5 + row * DOWN
            below += 1
        fill, ink = shade(council.count)
        drawn.append(
            Hexagon(council.name, council.count, round(x, 1), round(y, 1), _corners(x, y), fill, ink)
        )
    return Hexmap(
        tuple(drawn),
        round(max((each.x for each in drawn), default=0) + WIDTH / 2),
        round(max((each.y for each in drawn), default=0) + SIDE),
    )


def _corners(x: float, y: float) -> str:
    angles = (math.radians(30 + 60 * corner) for corner in range(6))
    return " ".join(f"{x + SIDE * math.cos(angle):.1f},{y + SIDE * math.sin(angle):.1f}" for angle in angles)
