"""The chart of what each member of a pool gains, in both ways of sharing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import drawing
from analytics.drawing import BLUE, GREY, PLUM, Chart, Spec, Width
from values.money import format_pence

FAIR, BY_VALUE = "Fair share", "Share by value"
_PENCE_IN_THOUSAND = 100_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What one member gains, shared fairly and by value, in pence."""

    name: str
    fair_pence: int
    by_value_pence: int


def parts(title: str, members: Sequence[Parts], *, width: Width = Width.WIDE) -> Chart:
    """Return each member's gain as two marks on one line: a dot for the fair share, a square by value.

    Args:
        title: what is shown.
        members: in the order to be shown.
        width: in pixels.

    Raises:
        ValueError: there is no member.
    """
    if not members:
        raise ValueError("a chart of parts needs a member")
    values = [
        {
            "place": place,
            "name": member.name,
            "kind": kind,
            "gain": pence / _PENCE_IN_THOUSAND,
            "low": min(member.fair_pence, member.by_value_pence) / _PENCE_IN_THOUSAND,
            "high": max(member.fair_pence, member.by_value_pence) / _PENCE_IN_THOUSAND,
        }
        for place, member in enumerate(members)
        for kind, pence in ((FAIR, member.fair_pence), (BY_VALUE, member.by_value_pence))
    ]
    best = max(members, key=lambda member: member.fair_pence)
    summary = f"Marks on lines. {best.name} gains most by fair shares, {format_pence(best.fair_pence)}."
    spec = drawing.specification(title, summary, values, width)
    spec |= drawing.rows_with_names() | {"layer": [drawing.row_names(width), *_layers()]}
    rows = tuple(
        (member.name, format_pence(member.fair_pence), format_pence(member.by_value_pence))
        for member in members
    )
    return Chart(spec, ("Council", FAIR, BY_VALUE), rows)


def _layers() -> list[Spec]:
    axis = {"title": "Gain, thousands of pounds", "format": ",.0f", "grid": True, "tickCount": 5}
    along: Spec = {"type": "quantitative", "axis": axis}
    kinds = {"domain": [FAIR, BY_VALUE]}
    legend = {"orient": "top", "title": None}
    down = {"yOffset": drawing.MARK_OFFSET}
    kind = {"field": "kind", "type": "nominal"}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": GREY, **down},
            "encoding": {"x": along | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, **down},
            "encoding": {
                "x": along | {"field": "gain"},
                "shape": kind | {"scale": kinds | {"range": ["circle", "square"]}, "legend": legend},
                "color": kind | {"scale": kinds | {"range": [BLUE, PLUM]}, "legend": legend},
            },
        },
    ]
