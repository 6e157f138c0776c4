"""Published bands for an HHI, each with whose it is; the United Kingdom's authority has none today."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """A range of the HHI that somebody published a word for.

    Attributes:
        label: the publisher's word.
        scale: whose band it is, and of when.
        above_points: the range begins above this; None: from the bottom.
        up_to_points: the range ends with this; None: to 10,000.
        source: where it is published.
    """

    label: str
    scale: str
    above_points: int | None
    up_to_points: int | None
    source: str

    def holds(self, hhi_points: float) -> bool:
        """Tell whether a figure falls in the band."""
        above = self.above_points is None or hhi_points > self.above_points
        return above and (self.up_to_points is None or hhi_points <= self.up_to_points)


US_2023 = "US Merger Guidelines 2023"
US_2023_SOURCE = (
    "US Department of Justice and Federal Trade Commission, Merger Guidelines 2023, Guideline 1, "
    "justice.gov/atr/merger-guidelines/applying-merger-guidelines/guideline-1"
)
BANDS = (
    Band("highly concentrated", US_2023, 1_800, None, US_2023_SOURCE),
    Band("not highly concentrated", US_2023, None, 1_800, US_2023_SOURCE),
)
UK_POSITION = (
    "The UK Competition and Markets Authority sets no band. Its merger assessment guidelines (CMA129, "
    "18 March 2021) say that it “does not apply any threshold to market share, number of remaining "
    "competitors or any other measure”."
)


def bands(hhi_points: float) -> tuple[Band, ...]:
    """Return the published bands that a figure falls in: a help to read it, not a rule for councils.

    The bands were made for mergers of companies. Nothing in the law of procurement sets a limit for a buyer.

    Args:
        hhi_points: 0–10,000.

    Raises:
        ValueError: the figure is outside the scale.
    """
    if not 0 <= hhi_points <= 10_000:
        raise ValueError(f"not an HHI: {hhi_points}")
    return tuple(band for band in BANDS if band.holds(hhi_points))
