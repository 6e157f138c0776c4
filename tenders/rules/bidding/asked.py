"""What a tender asks of a bid: its lots with their tiers of price, its conditions, its questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedLot:
    """A lot that one can bid for. `tier_starts`: after so many units another price applies."""

    id: str
    title: str
    description: str
    unit: str
    tier_starts: tuple[int, ...]
    counting: str

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers of its price schedule in words, in their order."""
        unit = self.unit or "unit"
        ends = (*self.tier_starts[1:], None)
        return tuple(
            f"each {unit}, {_span(start, end)}" for start, end in zip(self.tier_starts, ends, strict=True)
        )


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A condition of participation, or an award criterion (or a part of one) that is answered in words."""

    id: str
    title: str
    description: str
    standard: str
    weight: str


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a bid for a tender answers; without `priced` nobody asks for prices.

    Attributes:
        most_lots: for how many lots one supplier may bid, or None.
        most_won: how many it may win, or None.
    """

    lots: tuple[AskedLot, ...]
    conditions: tuple[AskedQuestion, ...]
    questions: tuple[AskedQuestion, ...]
    priced: bool
    most_lots: int | None = None
    most_won: int | None = None

    @property
    def limits_words(self) -> str:
        """For how many lots one supplier may bid, and how many it may win; empty without a limit."""
        bid = f"One supplier may bid for at most {self.most_lots} of them." if self.most_lots else ""
        won = f"One supplier may win at most {self.most_won} of them." if self.most_won else ""
        return f"{bid} {won}".strip()


def _span(start: int, end: int | None) -> str:
    if end is None:
        return "whatever the number" if start == 0 else f"from number {start + 1:,} on"
    return f"from number {start + 1:,} to {end:,}"
