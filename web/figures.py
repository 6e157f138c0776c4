"""A chart as a page shows it: drawn for wide and for narrow screens, with the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analytics.drawing import Chart, Width
from web.pages import AnyRequest
from web.paging import Column


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as a page shows it: the drawing (None: it failed) and the table of its numbers."""

    caption: str
    svg: Markup | None
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def columns(self) -> list[Column]:
        """The table's columns; all but the first hold numbers."""
        return [Column(text, numeric=place > 0) for place, text in enumerate(self.headers)]


async def drawn(request: AnyRequest, caption: str, draw: Callable[[Width], Chart]) -> Drawn:
    """Draw a chart for wide and narrow screens, one of them shown; the caption is the page’s."""
    drawings: list[Markup | None] = []
    for width in Width:
        chart = draw(width)
        spec = {name: value for name, value in chart.spec.items() if name != "title"}
        drawings.append(
            await request.app.state.charts.draw(spec, title=caption, description=spec["description"])
        )
    wide, narrow = drawings
    svg = None
    if wide is not None and narrow is not None:
        svg = Markup('<div class="app-only-wide">{}</div><div class="app-only-narrow">{}</div>').format(
            wide, narrow
        )
    table = draw(Width.WIDE)
    return Drawn(caption, svg, table.headers, table.rows)
