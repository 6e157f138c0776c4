"""The task list of a tender: its parts, and what the linter says about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenders.rules.linting.findings import PART_WORDS, Finding, Part


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a tender as a line of its task list."""

    part: Part
    findings: Sequence[Finding]

    @property
    def name(self) -> str:
        """The part in words."""
        return PART_WORDS[self.part]

    @property
    def status(self) -> tuple[str, str]:
        """How it stands in words, and the colour of the tag."""
        blocking = sum(each.blocks for each in self.findings)
        if blocking:
            return f"{blocking} to mend", "red"
        if self.findings:
            return f"{len(self.findings)} worth a look", "yellow"
        return "Complete", "green"


def tasks(findings: Sequence[Finding]) -> list[Task]:
    """Return the parts in their order, each with its findings."""
    return [Task(part, [each for each in findings if each.part is part]) for part in Part]
