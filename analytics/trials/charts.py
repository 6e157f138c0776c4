"""The chart of a measure: readings by day, the pilot's first day, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics import drawing
from analytics.drawing import BLUE, GREY, INK, PLUM, Chart, Spec, Width
from values.figures import exact


@dataclass(frozen=True, slots=True)
class Point:
    """A reading: a value, or a share in per cent; `compares`: of a place where nothing is tried."""

    on: date
    place: str
    value: float
    compares: bool


def readings(
    title: str,
    points: Sequence[Point],
    *,
    starts_on: date,
    target: float,
    unit: str,
    width: Width = Width.WIDE,
) -> Chart:
    """Return readings as marks by day, with a line where the pilot began and one at the target.

    Places that are compared are hollow diamonds, so that colour is not all that tells them apart.

    Raises:
        ValueError: there is no reading.
    """
    if not points:
        raise ValueError("a chart of readings needs a reading")
    values = [
        {
            "on": each.on.isoformat(),
            "value": each.value,
            "what": "for comparison" if each.compares else "pilot",
        }
        for each in points
    ]
    summary = (
        f"{len(points)} readings from {min(each.on for each in points):%-d %B %Y} to "
        f"{max(each.on for each in points):%-d %B %Y}. The pilot began on {starts_on:%-d %B %Y}; the target "
        f"is {exact(target)}."
    )
    spec = drawing.specification(title, summary, values, width) | {
        "height": 280,
        "layer": _layers(starts_on, target, unit),
    }
    rows = tuple(
        (f"{each.on:%-d %B %Y}, {each.place}{' (comparison)' if each.compares else ''}", exact(each.value))
        for each in points
    )
    return Chart(spec, ("Day and place", unit[:1].upper() + unit[1:]), rows)


def _layers(starts_on: date, target: float, unit: str) -> list[Spec]:
    when: Spec = {
        "field": "on",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%-d %b %Y", "tickCount": 4},
    }
    size: Spec = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False}}
    marks: Spec = {
        "mark": {"type": "point", "size": 60, "strokeWidth": 2},
        "encoding": {
            "x": when,
            "y": size,
            "shape": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": ["pilot", "for comparison"], "range": ["circle", "diamond"]},
                "legend": {"title": None, "orient": "top", "labelFontSize": 14},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": ["pilot", "for comparison"], "range": [BLUE, GREY]},
                "legend": None,
            },
        },
    }
    began: Spec = {
        "data": {"values": [{"on": starts_on.isoformat(), "text": "pilot begins"}]},
        "layer": [
            {"mark": {"type": "rule", "color": INK, "strokeDash": [6, 4]}, "encoding": {"x": when}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "top", "color": INK},
                "encoding": {"x": when, "y": {"value": 2}, "text": {"field": "text", "type": "nominal"}},
            },
        ],
    }
    aimed: Spec = {
        "data": {"values": [{"value": target, "text": f"target {exact(target)}"}]},
        "layer": [
            {"mark": {"type": "rule", "color": PLUM}, "encoding": {"y": size}},
            {
                "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "color": PLUM},
                "encoding": {"x": {"value": 0}, "y": size, "text": {"field": "text", "type": "nominal"}},
            },
        ],
    }
    return [marks, began, aimed]
