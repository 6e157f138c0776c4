from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import charts, drawing
from analytics.charts import CategoryFigures, SupplierShare, YearFigures
from analytics.drawing import Chart, Width

POINTS = st.one_of(st.none(), st.floats(0, 10_000))
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)


def suppliers(*pence: int) -> list[SupplierShare]:
    whole = sum(pence)
    return [SupplierShare(f"Invented supplier {n}", p, p / whole) for n, p in enumerate(pence)]


SUPPLIERS = suppliers(430_000_000, 290_000_000, 120_000_000, 4_000_000, *[3_000_000] * 20)
YEARS = [
    YearFigures("2021 to 2022", 812_000_000, 1_520, 1_300, 1_740),
    YearFigures("2022 to 2023", 990_000_000, None),
    YearFigures("2023 to 2024", 45_000_000, 2_500),
]
CATEGORIES = [
    CategoryFigures("Libraries", 900_000, None),
    CategoryFigures("Housing systems", 300_000_000, 2_600, 2_000, 3_200),
    CategoryFigures("Elections", 4_000_000, 9_800, 9_500, 10_000),
]


def every_chart(width: Width) -> list[Chart]:
    return [
        charts.shares("Shares", SUPPLIERS, width=width),
        charts.trend("Trend", YEARS, width=width),
        charts.concentration("Concentration", CATEGORIES, width=width),
    ]


def drawn(chart: Chart) -> ET.Element:
    svg = vl_convert.vegalite_to_svg(chart.spec, vl_version="5.20")
    for banned in ("<style", "<script", "style="):
        assert banned not in svg
    return ET.fromstring(svg)


def words(root: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("width", Width)
def test_every_chart_becomes_a_picture_of_its_width_without_style_or_script(width: Width) -> None:
    for chart in every_chart(width):
        root = drawn(chart)
        assert width.value - 40 <= float(root.attrib["width"]) <= width.value
        assert chart.spec["title"]["text"]
        assert "table" in chart.spec["description"]


@pytest.mark.parametrize("width", Width)
def test_letters_are_at_least_14_pixels_high(width: Width) -> None:
    for chart in every_chart(width):
        sizes = [
            e.attrib.get("font-size", "99px") for e in drawn(chart).iter("{http://www.w3.org/2000/svg}text")
        ]
        assert min(float(size.removesuffix("px")) for size in sizes) >= 14


def test_the_chart_says_what_its_table_says() -> None:
    chart = charts.shares("Shares", SUPPLIERS, shown=3)
    assert chart.headers == ("Supplier", "Share of spend", "Spend")
    assert chart.rows[0] == ("Invented supplier 0", "47.6%", "£4.3m")
    assert chart.rows[-1][0] == "All 21 others"
    text = words(drawn(chart))
    for name, share, spend in chart.rows:
        assert name in text
        assert f"{share} ({spend})" in text


def test_two_suppliers_of_one_name_keep_their_own_bars() -> None:
    chart = charts.shares("Shares", [SupplierShare("Twin", 60, 0.6), SupplierShare("Twin", 40, 0.4)])
    assert words(drawn(chart)).count("Twin") == 2


def test_a_year_that_is_not_computed_leaves_a_gap_and_says_so_in_the_table() -> None:
    chart = charts.trend("Trend", YEARS)
    assert chart.rows[1] == ("2022 to 2023", "£9.9m", "not computed", "not computed")
    assert len(chart.spec["vconcat"]) == 2
    text = words(drawn(chart))
    assert {"1,520", "2,500", "£8.1m", "£9.9m", "£0.45m"} <= set(text)


def test_without_any_concentration_there_is_no_empty_panel() -> None:
    chart = charts.trend("Trend", [YearFigures("2021 to 2022", 100, None)])
    assert len(chart.spec["vconcat"]) == 1
    drawn(chart)


def test_no_panel_has_two_scales_upwards() -> None:
    for panel in charts.trend("Trend", YEARS).spec["vconcat"]:
        fields = {layer["encoding"]["y"]["field"] for layer in panel["layer"]}
        assert fields <= {"spend"} or fields <= {"hhi", "low", "label_at"}
        assert panel["title"]["text"]


def test_categories_stand_from_the_most_concentrated_down_and_the_unknown_last() -> None:
    chart = charts.concentration("Concentration", CATEGORIES)
    assert [row[0] for row in chart.rows] == ["Elections", "Housing systems", "Libraries"]
    assert chart.rows[1] == ("Housing systems", "2,600", "2,000 to 3,200", "£3.0m")
    assert "Libraries" not in words(drawn(chart))


def test_a_chart_of_nothing_is_refused() -> None:
    for nothing in (
        lambda: charts.shares("Shares", []),
        lambda: charts.trend("Trend", []),
        lambda: charts.concentration("Concentration", CATEGORIES[:1]),
    ):
        with pytest.raises(ValueError, match="needs a"):
            nothing()


@given(st.lists(st.tuples(NAMES, st.integers(1, 10**12)), min_size=1, max_size=30), st.integers(1, 12))
def test_the_bars_together_are_the_whole(sales: list[tuple[str, int]], shown: int) -> None:
    whole = sum(pence for _, pence in sales)
    chart = charts.shares("Shares", [SupplierShare(n, p, p / whole) for n, p in sales], shown=shown)
    values = chart.spec["data"]["values"]
    assert sum(value["share"] for value in values) == pytest.approx(1)
    assert len(chart.rows) == len(values) <= shown + 1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**12), POINTS), min_size=1, max_size=12), st.sampled_from(Width))
def test_any_run_of_years_can_be_drawn(figures: list[tuple[int, float | None]], width: Width) -> None:
    years = [
        YearFigures(f"{2010 + n} to {2011 + n}", pence, points) for n, (pence, points) in enumerate(figures)
    ]
    chart = charts.trend("Trend", years, width=width)
    drawn(chart)
    assert len(chart.rows) == len(years)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = "#ffffff") -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_marks_and_letters_stand_out_from_the_page() -> None:
    for mark in (drawing.BLUE, drawing.GREY, drawing.PLUM):
        assert contrast(mark) >= 3
    for letters in (drawing.INK, drawing.SOFT_INK):
        assert contrast(letters) >= 4.5


def colours_of(node: object) -> list[str]:
    if isinstance(node, dict):
        return list(itertools.chain.from_iterable(map(colours_of, node.values())))
    if isinstance(node, list):
        return list(itertools.chain.from_iterable(map(colours_of, node)))
    return [node] if isinstance(node, str) and node.startswith("#") and len(node) == 7 else []


def test_charts_use_no_other_colours() -> None:
    named = {drawing.BLUE, drawing.GREY, drawing.PLUM, drawing.INK, drawing.SOFT_INK, drawing.GRID}
    for chart in every_chart(Width.WIDE):
        assert set(colours_of(chart.spec)) <= named
