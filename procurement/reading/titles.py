"""Titles of the Common Procurement Vocabulary, from which the words of the field are learnt."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files


@functools.cache
def cpv_titles() -> tuple[str, ...]:
    """Return the English titles of all CPV 2008 codes, in the order of the codes."""
    text = (files("procurement") / "data" / "cpv_titles.csv").read_text(encoding="utf-8")
    return tuple(row["title"] for row in csv.DictReader(text.splitlines()))
