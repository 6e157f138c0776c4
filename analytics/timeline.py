"""A chart of contracts along the months ahead: when each ends, when notice is due, how far it could go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import drawing
from analytics.drawing import BLUE, GREY, INK, PLUM, Chart, Spec, Width

MOST_DRAWN = 30


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract that ends; all in months from today, days as they are shown.

    Attributes:
        extended: until when one extension not yet taken would reach, or None.
        notice: by when notice is due, or None.
    """

    title: str
    end: float
    end_text: str
    extended: float | None = None
    notice: float | None = None
    notice_text: str = ""


def endings(title: str, contracts: Sequence[Ending], *, months: int, width: Width = Width.WIDE) -> Chart:
    """Return contracts as bars from today to their end, the first to end first; the table holds all.

    Args:
        title: what is shown.
        contracts: in the order in which they end.
        months: how far the chart reaches.
        width: in pixels.

    Raises:
        ValueError: there is no contract.
    """
    if not contracts:
        raise ValueError("a chart of endings needs a contract")
    values: list[Spec] = [
        {
            "place": place,
            "name": each.title[:60],
            "end": each.end,
            "extended": None if each.extended is None else min(each.extended, months),
            "notice": each.notice if each.notice is not None and each.notice >= 0 else None,
            "label": each.end_text,
        }
        for place, each in enumerate(contracts[:MOST_DRAWN])
    ]
    rest = len(contracts) - MOST_DRAWN
    more = f" {rest} more are in the table." if rest > 0 else ""
    summary = (
        "Bars from today to the end of each contract; grey where one extension could reach, a plum line "
        f"where notice is due. The first to end is {contracts[0].title}, on {contracts[0].end_text}.{more}"
    )
    spec = drawing.specification(title, summary, values, width)
    spec |= drawing.rows_with_names() | {"layer": [drawing.row_names(width), *_layers(months, width)]}
    rows = tuple((each.title, each.end_text, each.notice_text or "Not said") for each in contracts)
    return Chart(spec, ("Contract", "Ends", "Notice due"), rows)


def _layers(months: int, width: Width) -> list[Spec]:
    # Labels stand right of the bar's end: the scale goes on past the last month to hold them.
    room = 1.6 if width is Width.NARROW else 1.2
    axis = {"values": list(range(0, months + 1, 6)), "grid": True, "title": "Months from today"}
    along: Spec = {"type": "quantitative", "scale": {"domain": [0, months * room]}, "axis": axis}
    down = {"yOffset": drawing.MARK_OFFSET}
    return [
        {
            "transform": [{"filter": "isValid(datum.extended)"}],
            "mark": {"type": "bar", "height": 6, "color": GREY, **down},
            "encoding": {"x": along | {"field": "end"}, "x2": {"field": "extended"}},
        },
        {
            "mark": {"type": "bar", "height": 16, "color": BLUE, **down},
            "encoding": {"x": along | {"field": "end"}},
        },
        {
            "transform": [{"filter": "isValid(datum.notice)"}],
            "mark": {"type": "tick", "thickness": 4, "size": 24, "color": PLUM, **down},
            "encoding": {"x": along | {"field": "notice"}},
        },
        {
            "transform": [{"calculate": "max(datum.end, datum.extended || 0)", "as": "label_at"}],
            "mark": {"type": "text", "align": "left", "dx": 6, "color": INK, **down},
            "encoding": {"x": along | {"field": "label_at"}, "text": {"field": "label", "type": "nominal"}},
        },
    ]
