"""The form in which a figure of the market report is explained."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.markets.minimums import MINIMUM_COUNCILS, MINIMUM_LINES

OURS = "Our own definition"
NO_MINIMUM = "none"
MARKET = f"{MINIMUM_LINES} payment lines and {MINIMUM_COUNCILS} councils"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure of the market report, explained.

    Attributes:
        code: the column of the report.
        name: what a page calls it.
        formula: in symbols; the symbols are explained at the head of docs/method.md.
        unit: of the figure as stored.
        meaning: in plain words, with what to keep in mind.
        source: who defined it.
        minimum: what must be there before it is shown.
    """

    code: str
    name: str
    formula: str
    unit: str
    meaning: str
    source: str
    minimum: str


def plain(code: str, name: str, formula: str, unit: str, meaning: str) -> Definition:
    """Return the definition of something that is read off, not measured: no source and no minimum."""
    return Definition(code, name, formula, unit, meaning, OURS, NO_MINIMUM)


def ours(code: str, name: str, formula: str, unit: str, meaning: str, minimum: str = MARKET) -> Definition:
    """Return the definition of a measure of our own."""
    return Definition(code, name, formula, unit, meaning, OURS, minimum)
