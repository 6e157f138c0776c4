"""The specification as reconciled: the lines of a pool by the part they stand in, and who asked for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from procurement.rules.pools.lines import Part

PART_WORDS: Final = {
    Part.ALL: "For all councils",
    Part.LOT: "Lot",
    Part.OPTION: "Options",
    Part.OPEN: "Not settled",
    Part.DROPPED: "Dropped",
}


@dataclass(frozen=True, slots=True)
class SpecifiedLine:
    """A line of the specification; councils by their short names.

    Attributes:
        number: its place in the pool's list.
        lot: name of its lot, where it stands in one.
        settled_by: how it came to stand where it does, as a sentence.
    """

    number: int
    text: str
    hard: bool
    part: Part
    lot: str
    must: Sequence[str]
    nice: Sequence[str]
    cannot: Sequence[str]
    settled_by: str

    @property
    def heading(self) -> str:
        """What it stands under."""
        return f"Lot: {self.lot}" if self.part is Part.LOT else PART_WORDS[self.part]

    @property
    def attribution(self) -> str:
        """Who asked for it, and who cannot live with it."""
        said = [
            f"{words} {', '.join(names)}"
            for words, names in (
                ("must for", self.must),
                ("nice to have for", self.nice),
                ("cannot be taken by", self.cannot),
            )
            if names
        ]
        return "; ".join(said) or "no council asks for it"


@dataclass(frozen=True, slots=True)
class Specification:
    """What a pool will ask for."""

    title: str
    lines: Sequence[SpecifiedLine]

    @property
    def parts(self) -> list[tuple[str, list[SpecifiedLine]]]:
        """The lines under their headings: for all, each lot, options, what is not settled, dropped."""
        order = list(Part)
        sorted_lines = sorted(self.lines, key=lambda line: (order.index(line.part), line.lot, line.number))
        found: dict[str, list[SpecifiedLine]] = {}
        for line in sorted_lines:
            found.setdefault(line.heading, []).append(line)
        return list(found.items())

    @property
    def is_settled(self) -> bool:
        """Whether every line has its place."""
        return all(line.part is not Part.OPEN for line in self.lines)

    def as_text(self) -> str:
        """Return it as plain text; the same lines give the same text, whoever asks."""
        blocks = [f"{self.title}: specification as reconciled"]
        for heading, lines in self.parts:
            blocks += ["", heading, ""]
            for line in lines:
                blocks.append(f"{line.number}. [{'must' if line.hard else 'nice to have'}] {line.text}")
                blocks.append(f"   Asked for: {line.attribution}. {line.settled_by}".rstrip())
        return "\n".join([*blocks, ""])
