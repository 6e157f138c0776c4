"""A finding of the linter, and the parts of a tender that findings lead to."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class Severity(enum.StrEnum):
    """Whether a finding keeps a tender from being approved."""

    BLOCKS = "blocks"
    LOOK = "look"


SEVERITY_WORDS: Final[Mapping[Severity, tuple[str, str]]] = {
    Severity.BLOCKS: ("To be mended", "red"),
    Severity.LOOK: ("Worth a look", "yellow"),
}


class Part(enum.StrEnum):
    """A part of a tender: a line of its task list. The value is what follows the tender's address."""

    BASICS = "edit/basics"
    BUYERS = "buyers"
    PROCEDURE = "edit/procedure"
    LOTS = "lots"
    REQUIREMENTS = "edit/requirements"
    CONDITIONS = "conditions"
    AWARD = "award"
    KPIS = "kpis"
    CONSIDERED = "edit/considered"
    DATES = "edit/dates"
    TERMS = "edit/terms"
    DOCUMENTS = "documents"


PART_WORDS: Final[Mapping[Part, str]] = {
    Part.BASICS: "What is bought",
    Part.BUYERS: "Buyers",
    Part.PROCEDURE: "Procedure and contract",
    Part.LOTS: "Lots, values and price schedule",
    Part.REQUIREMENTS: "Requirements",
    Part.CONDITIONS: "Conditions of participation",
    Part.AWARD: "Award criteria and method",
    Part.KPIS: "Key performance indicators",
    Part.CONSIDERED: "What was considered",
    Part.DATES: "Dates",
    Part.TERMS: "What else the notice says",
    Part.DOCUMENTS: "Documents",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is missing or may not stand.

    Attributes:
        code: by which tests and programs know it.
        words: what is wrong and what to do, as a sentence.
        source: the section of the law, or that it is this service's own rule.
        part: where it is mended.
    """

    code: str
    severity: Severity
    words: str
    source: str
    part: Part

    @property
    def blocks(self) -> bool:
        """Whether the tender cannot be approved before it is mended."""
        return self.severity is Severity.BLOCKS


ACT: Final = "Procurement Act 2023, "
REGULATIONS: Final = "Procurement Regulations 2024, "
# What the law leaves open, and assessing or publishing here needs all the same.
OURS: Final = "Needed here to assess or publish"


def blocks(code: str, part: Part, words: str, source: str) -> Finding:
    """Return a finding that keeps the tender from being approved."""
    return Finding(code, Severity.BLOCKS, words, source, part)


def look(code: str, part: Part, words: str, source: str) -> Finding:
    """Return a finding that a person should look at: words and numbers alone cannot decide it."""
    return Finding(code, Severity.LOOK, words, source, part)
