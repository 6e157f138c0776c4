"""Across which distance a category is bought together: all regions, or one. A table of the package."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

NATIONAL: Final = "national"


@functools.cache
def reaches() -> Mapping[str, tuple[str, str]]:
    """Return for each category "national" or "regional", and why."""
    text = (files("procurement") / "data" / "reach.csv").read_text(encoding="utf-8")
    return {row["category"]: (row["reach"], row["why"]) for row in csv.DictReader(text.splitlines())}


def is_national(category: str) -> bool:
    """Tell whether councils of all regions may share a pool; what the table does not name is regional."""
    return reaches().get(category, ("regional", ""))[0] == NATIONAL
