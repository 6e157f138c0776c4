"""Charts of a market as Vega-Lite specifications, each with the table of the numbers that it shows.

Nothing is drawn here: `vl_convert` turns a specification into SVG, PNG or PDF. Every mark is told apart by
place, label or shape too, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import drawing
from analytics.drawing import BLUE, GREY, INK, PLUM, Chart, Spec, Width

AXIS_WIDTH = 56  # pixels for the numbers beside a panel
LABEL_WIDTH = 45  # pixels that a label such as "£12.5m" needs above its bar


@dataclass(frozen=True, slots=True)
class SupplierShare:
    """One supplier's part of a market; `share` is 0–1."""

    name: str
    spend_pence: int
    share: float


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One financial year of a market; figures in points are None where they are not computed."""

    year: str
    spend_pence: int
    hhi_points: float | None
    hhi_low: float | None = None
    hhi_high: float | None = None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category in a comparison of concentration; None where it is not computed."""

    category: str
    spend_pence: int
    hhi_points: float | None
    hhi_low: float | None = None
    hhi_high: float | None = None


def shares(
    title: str, suppliers: Sequence[SupplierShare], *, shown: int = 10, width: Width = Width.WIDE
) -> Chart:
    """Return the shares of the largest suppliers as bars, with all others in one bar of their own.

    Args:
        title: what is shown, where and when.
        suppliers: every supplier of the market, in any order; shares are of the whole, 0–1.
        shown: how many get a bar of their own.
        width: in pixels.

    Raises:
        ValueError: there is no supplier.
    """
    if not suppliers:
        raise ValueError("a chart of shares needs a supplier")
    ranked = sorted(suppliers, key=_by_spend)
    bars = [(bar.name, bar.spend_pence, bar.share, "supplier") for bar in ranked[:shown]]
    if rest := ranked[shown:]:
        name = f"All {len(rest):,} others" if len(rest) > 1 else "1 other"
        bars.append((name, sum(s.spend_pence for s in rest), sum(s.share for s in rest), "others"))
    values = [
        {
            "place": place,
            "name": name,
            "share": share,
            "kind": kind,
            "label": f"{drawing.percent(share)} ({drawing.millions(pence)})",
        }
        for place, (name, pence, share, kind) in enumerate(bars)
    ]
    summary = f"Bars. The largest, {ranked[0].name}, has {drawing.percent(ranked[0].share)} of the spend."
    spec = drawing.specification(title, summary, values, width)
    # The label stands right of its bar, so the scale leaves room for it.
    top = max(share for _, _, share, _ in bars) * (1.7 if width is Width.NARROW else 1.2)
    along: Spec = {"field": "share", "type": "quantitative", "scale": {"domain": [0, top]}, "axis": None}
    spec |= drawing.rows_with_names() | {"layer": [drawing.row_names(width), *_share_layers(along)]}
    rows = tuple((name, drawing.percent(share), drawing.millions(pence)) for name, pence, share, _ in bars)
    return Chart(spec, ("Supplier", "Share of spend", "Spend"), rows)


def trend(title: str, years: Sequence[YearFigures], *, width: Width = Width.WIDE) -> Chart:
    """Return spend as bars and, in a panel of its own below, the HHI as a line with its interval.

    A year whose HHI is not computed leaves a gap in the line.

    Args:
        title: what is shown and where.
        years: financial years in order.
        width: in pixels.

    Raises:
        ValueError: there is no year.
    """
    if not years:
        raise ValueError("a chart of years needs a year")
    values = [
        {
            "year": figures.year,
            "spend": figures.spend_pence / 100_000_000,
            "spend_label": drawing.millions(figures.spend_pence),
            "hhi": figures.hhi_points,
            "low": figures.hhi_low,
            "high": figures.hhi_high,
            "label_at": max(figures.hhi_points or 0, figures.hhi_high or 0),
            "hhi_label": "" if figures.hhi_points is None else drawing.points(figures.hhi_points),
        }
        for figures in years
    ]
    last = years[-1]
    summary = (
        f"{len(years)} financial years. In {last.year}: "
        f"spend {drawing.millions(last.spend_pence)}, concentration {drawing.points(last.hhi_points)}."
    )
    spec = drawing.specification(title, summary, values, width)
    del spec["width"], spec["autosize"]
    inside = width.value - AXIS_WIDTH - 30
    labelled = inside / len(years) >= LABEL_WIDTH
    panel = {"width": inside, "height": 150, "encoding": {"x": _years_axis(crowded=not labelled)}}
    panels = [
        panel | {"title": drawing.panel_title("Spend, £ million"), "layer": _spend_layers(labelled=labelled)}
    ]
    if any(figures.hhi_points is not None for figures in years):
        top = max(max(f.hhi_points or 0, f.hhi_high or 0) for f in years)
        heading = drawing.panel_title("Concentration (HHI, points)")
        panels.append(panel | {"title": heading, "layer": _hhi_layers(top, labelled=labelled)})
    spec |= {"vconcat": panels, "spacing": 24}
    rows = tuple(
        (
            f.year,
            drawing.millions(f.spend_pence),
            drawing.points(f.hhi_points),
            drawing.interval(f.hhi_low, f.hhi_high),
        )
        for f in years
    )
    return Chart(spec, ("Financial year", "Spend", "HHI", "95% interval"), rows)


def concentration(title: str, categories: Sequence[CategoryFigures], *, width: Width = Width.WIDE) -> Chart:
    """Return the HHI of several categories as dots on one scale, with their intervals, the highest first.

    Categories that are not computed stand in the table only, at its end.

    Args:
        title: what is shown, where and when.
        categories: in any order.
        width: in pixels.

    Raises:
        ValueError: no category is computed.
    """
    known = [(figures, figures.hhi_points) for figures in categories if figures.hhi_points is not None]
    if not known:
        raise ValueError("a chart of concentration needs a category that is computed")
    known.sort(key=lambda pair: (-pair[1], pair[0].category))
    values = [
        {
            "place": place,
            "name": figures.category,
            "hhi": points,
            "low": figures.hhi_low,
            "high": figures.hhi_high,
            "label": drawing.points(points),
            "label_at": max(points, figures.hhi_high or 0),
        }
        for place, (figures, points) in enumerate(known)
    ]
    highest, points = known[0]
    most = f"{highest.category} with {drawing.points(points)}"
    summary = f"Dots on a scale from 0 to 10,000 points. The most concentrated category is {most}."
    spec = drawing.specification(title, summary, values, width)
    spec |= drawing.rows_with_names() | {"layer": [drawing.row_names(width), *_dot_layers(width)]}
    ordered = [figures for figures, _ in known] + [f for f in categories if f.hhi_points is None]
    rows = tuple(
        (
            f.category,
            drawing.points(f.hhi_points),
            drawing.interval(f.hhi_low, f.hhi_high),
            drawing.millions(f.spend_pence),
        )
        for f in ordered
    )
    return Chart(spec, ("Category", "HHI", "95% interval", "Spend"), rows)


def _by_spend(supplier: SupplierShare) -> tuple[int, str]:
    """Return what puts the largest first, and equals in the order of their names."""
    return -supplier.spend_pence, supplier.name


def _share_layers(along: Spec) -> list[Spec]:
    """Return the bars of shares and their labels, each below its name."""
    colours = {"domain": ["supplier", "others"], "range": [BLUE, GREY]}
    colour = {"field": "kind", "type": "nominal", "scale": colours, "legend": None}
    text = {"type": "text", "align": "left", "dx": 6, "color": INK, "yOffset": drawing.MARK_OFFSET}
    return [
        {
            "mark": {"type": "bar", "height": 16, "yOffset": drawing.MARK_OFFSET},
            "encoding": {"x": along, "color": colour},
        },
        {"mark": text, "encoding": {"x": along, "text": {"field": "label", "type": "nominal"}}},
    ]


def _dot_layers(width: Width) -> list[Spec]:
    """Return intervals, dots and their labels on a scale from 0 to 10,000, each below its name."""
    ticks = [0, 5_000, 10_000] if width is Width.NARROW else [0, 2_000, 4_000, 6_000, 8_000, 10_000]
    axis = {"values": ticks, "format": ",d", "grid": True, "title": "HHI, points"}
    # Labels stand right of the dot and its interval: the scale goes on past 10,000 to hold them.
    scale = {"domain": [0, 12_000 if width is Width.NARROW else 10_900]}
    along: Spec = {"type": "quantitative", "scale": scale, "axis": axis}
    down = {"yOffset": drawing.MARK_OFFSET}
    return [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "color": GREY, **down},
            "encoding": {"x": along | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 110, "color": BLUE, "opacity": 1, **down},
            "encoding": {"x": along | {"field": "hhi"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 10, "color": INK, **down},
            "encoding": {"x": along | {"field": "label_at"}, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _years_axis(*, crowded: bool) -> Spec:
    """Return the axis of financial years, "2024 to 2025" in two lines; some left out if crowded."""
    lines = "[slice(datum.label, 0, 4), slice(datum.label, 4, 8) + slice(datum.label, -2)]"
    axis = {"labelAngle": 0, "labelPadding": 6, "labelExpr": lines, "labelOverlap": crowded}
    return {"field": "year", "type": "ordinal", "title": None, "axis": axis}


def _spend_layers(*, labelled: bool) -> list[Spec]:
    """Return the bars of spend, with labels where there is room."""
    axis = _up_axis() | {"format": ",~f", "tickCount": 4}
    up = {"field": "spend", "type": "quantitative", "axis": axis}
    text = {"type": "text", "baseline": "bottom", "dy": -4, "color": INK}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": BLUE, "width": {"band": 0.55}}, "encoding": {"y": up}},
        {"mark": text, "encoding": {"y": up, "text": {"field": "spend_label", "type": "nominal"}}},
    ]
    return layers if labelled else layers[:-1]


def _hhi_layers(top: float, *, labelled: bool) -> list[Spec]:
    """Return the intervals, the line with its points, and labels where there is room."""
    axis = _up_axis() | {"format": ",d", "tickCount": 4}
    up: Spec = {"type": "quantitative", "axis": axis, "scale": {"domain": [0, top], "nice": True}}
    known = [{"filter": "isValid(datum.hhi)"}]
    text = {"type": "text", "baseline": "bottom", "dy": -8, "color": INK}
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 3, "color": GREY},
            "encoding": {"y": up | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": PLUM, "strokeWidth": 3, "invalid": "break-paths-show-domains"},
            "encoding": {"y": up | {"field": "hhi"}},
        },
        {
            "transform": known,
            "mark": {"type": "point", "filled": True, "size": 80, "color": PLUM, "opacity": 1},
            "encoding": {"y": up | {"field": "hhi"}},
        },
        {
            "transform": known,
            "mark": text,
            "encoding": {"y": up | {"field": "label_at"}, "text": {"field": "hhi_label", "type": "nominal"}},
        },
    ]
    return layers if labelled else layers[:-1]


def _up_axis() -> Spec:
    """Return what the vertical axes of both panels share, so that their years stand in line."""
    return {"title": None, "minExtent": AXIS_WIDTH, "maxExtent": AXIS_WIDTH, "grid": True}
