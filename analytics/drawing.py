"""What all charts share: size, type, colours, and how numbers are written.

Every colour has a contrast of at least 3:1 on white (WCAG 2.2, 1.4.11), text at least 4.5:1 (1.4.3).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.20.json"
# Quoted, because a name with a digit of its own is no CSS identifier: the whole list would be ignored.
FONT = "'Source Sans 3', Arial, sans-serif"
INK, SOFT_INK = "#0b0c0c", "#505a5f"
GRID = "#e5e6e7"  # lines that only help the eye and carry nothing
BLUE, GREY, PLUM = "#1d70b8", "#6f777b", "#801650"
ROW_HEIGHT = 46  # pixels: a row with its name
MARK_OFFSET = 8  # pixels that a mark is below its row's middle, to leave room for the name
NOT_COMPUTED = "not computed"


class Width(enum.Enum):
    """How wide a chart is drawn, in pixels: beside text on a screen, or on a telephone."""

    WIDE = 960
    NARROW = 360


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the same numbers as a table.

    Attributes:
        spec: Vega-Lite 5, with title and description.
        headers: the table's column names.
        rows: the table's cells as text, in the order of the chart.
    """

    spec: Spec
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rows_with_names() -> Spec:
    """Return the size of a chart of rows, each with its name in a line of its own above the mark.

    Names there are never cut by an axis, whatever the width and the font that a reader's machine has.
    """
    return {
        "height": {"step": ROW_HEIGHT},
        "encoding": {"y": {"field": "place", "type": "ordinal", "axis": None}},
    }


def row_names(width: Width) -> Spec:
    """Return the layer of names; the marks below them take `MARK_OFFSET`."""
    text = {"type": "text", "align": "left", "baseline": "middle", "yOffset": -11, "color": INK}
    # Widths are estimated without the font, about a fifth too long.
    limit = {"limit": width.value * 1.1}
    return {
        "mark": text | limit,
        "encoding": {"x": {"value": 0}, "text": {"field": "name", "type": "nominal"}},
    }


def panel_title(text: str) -> Spec:
    """Return the heading of one of several panels."""
    return {
        "text": text,
        "anchor": "start",
        "fontSize": 15,
        "fontWeight": "normal",
        "color": INK,
        "frame": "group",
    }


def specification(title: str, summary: str, values: Sequence[Spec], width: Width) -> Spec:
    """Return what all charts share: title, description, data, size and type."""
    size = 14
    return {
        "$schema": SCHEMA,
        "title": {"text": _lines(title, 36 if width is Width.NARROW else 110), "anchor": "start", "frame":
        "bounds"}, "description": f"{title}. {summary} The same numbers are in the table.",
        "data": {"values": list(values)},
        "width": width.value,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": "white",
        "config": {
            "font": FONT,
            "title": {"fontSize": 17, "fontWeight": 600, "color": INK, "offset": 16},
            "axis": {
                "labelFontSize": size, "titleFontSize": size, "labelColor": INK, "titleColor": SOFT_INK,
                "titleFontWeight": "normal", "gridColor": GRID, "domainColor": SOFT_INK, "tickColor":
                SOFT_INK,
            },
            "text": {"fontSize": size},
            "view": {"stroke": None},
        },
    }  # fmt: skip


def _lines(text: str, most: int) -> list[str]:
    """Break a title into lines of at most `most` characters, at spaces."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def millions(pence: int) -> str:
    """Return pence as "£1.2m", with a second figure after the point below a million."""
    millions = pence / 100_000_000
    return f"£{millions:,.1f}m" if abs(millions) >= 1 else f"£{millions:.2f}m"


def percent(share: float) -> str:
    """Return a share of 0–1 as "12.3%"."""
    return f"{share * 100:.1f}%"


def points(points: float | None) -> str:
    """Return points as "1,234", or that they are not computed."""
    return NOT_COMPUTED if points is None else f"{points:,.0f}"


def interval(low: float | None, high: float | None) -> str:
    """Return an interval as "1,100 to 1,300", or that it is not computed."""
    return NOT_COMPUTED if low is None or high is None else f"{low:,.0f} to {high:,.0f}"
