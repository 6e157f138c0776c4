from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import check_fragment, parse
from web import charts

SPEC: dict[str, Any] = {
    "data": {"values": [{"kind": "Hosting", "spent": 28}, {"kind": "Libraries <b>", "spent": 55}]},
    "mark": {"type": "bar", "clip": True},
    "encoding": {"x": {"field": "kind", "type": "nominal"}, "y": {"field": "spent", "type": "quantitative"}},
    "width": 300,
    "height": 150,
}
WORDS = {"title": "Spend by kind", "description": "Libraries took <twice> as much as hosting"}


@pytest.fixture(scope="module")
async def drawer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[charts.Charts]:
    made = charts.Charts(tmp_path_factory.mktemp("charts"), seconds=120)
    yield made
    await made.close()


async def test_a_chart_is_a_named_picture_that_the_policy_allows(drawer: charts.Charts):
    svg = await drawer.draw(SPEC, **WORDS)
    assert svg is not None
    check_fragment(f'<div>{svg}</div><p id="x"></p>')
    root = parse(svg).all("svg")[0]
    assert root.attrs["role"] == "img"
    names = [node.text for node in root if node.attrs.get("id") in root.attrs["aria-labelledby"].split()]
    assert names == ["Spend by kind", "Libraries took <twice> as much as hosting"]
    assert "Libraries <b>" in root.text  # as text, never as an element
    assert not root.all("b")


async def test_two_drawings_share_no_id(drawer: charts.Charts):
    one = await drawer.draw(SPEC, **WORDS)
    two = await drawer.draw(SPEC | {"height": 151}, **WORDS)
    assert one
    assert two
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert len(ids[0]) > 2  # the title, the description and the clip
    assert not ids[0] & ids[1]
    for svg in (one, two):
        used = set(re.findall(r"url\(#([^)]+)\)", svg))
        assert used
        assert used <= set(re.findall(r'\bid="([^"]+)"', svg))


async def test_what_was_drawn_is_kept_over_a_restart(tmp_path: Path):
    folder = tmp_path / "kept"
    first = charts.Charts(folder, seconds=120)
    drawn = await first.draw(SPEC, **WORDS)
    await first.close()
    second = charts.Charts(folder, seconds=0)  # no time to draw: it must come from the folder
    assert await second.draw(SPEC, **WORDS) == drawn
    assert await second.draw(SPEC | {"height": 99}, **WORDS) is None


def test_who_writes_the_same_at_once_does_not_disturb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place, replace = tmp_path / "charts" / "chart.svg", Path.replace

    def after_another(fresh: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        charts.write_whole(place, "drawn")
        return replace(fresh, target)

    monkeypatch.setattr(Path, "replace", after_another)
    charts.write_whole(place, "drawn")
    assert list(place.parent.iterdir()) == [place]
    assert place.read_text("utf-8") == "drawn"


def test_a_folder_keeps_what_was_drawn_last(tmp_path: Path):
    for at in range(5):
        (tmp_path / f"{at}.svg").write_text("drawn")
        os.utime(tmp_path / f"{at}.svg", (at, at))
    charts.thin_out(tmp_path, 3)
    assert {file.name for file in tmp_path.iterdir()} == {"2.svg", "3.svg", "4.svg"}
    charts.thin_out(tmp_path / "not there yet", 3)
    charts.Charts(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


async def test_a_chart_that_cannot_be_kept_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def full(*_names: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    drawer = charts.Charts(tmp_path, seconds=120)
    drawn = await drawer.draw(SPEC, **WORDS)
    await drawer.close()
    assert drawn
    assert "No space left on device" in caplog.text
    assert not os.listdir(tmp_path)  # noqa: PTH208 -- one call, in a test that waits for nothing else


async def test_a_wrong_specification_is_none_and_the_next_one_is_drawn(drawer: charts.Charts):
    assert await drawer.draw({"mark": "no such mark"}, **WORDS) is None
    outside = SPEC | {"data": {"url": "http://127.0.0.1:9/data.json"}}
    assert await drawer.draw(outside, **WORDS) is None
    assert await drawer.draw(SPEC | {"height": 152}, **WORDS) is not None


async def test_after_a_time_out_the_next_drawing_is_the_right_one(tmp_path: Path):
    hasty = charts.Charts(tmp_path, seconds=0.05)
    assert await hasty.draw(SPEC, **WORDS) is None  # the process cannot even start in that time
    hasty._seconds = 120
    other = await hasty.draw(SPEC | {"height": 77}, **WORDS)
    assert other is not None
    assert 'height="77"/></clipPath>' in other  # and not the 150 that was asked for first
    assert await hasty.draw(SPEC | {"height": 77}, **WORDS) == other
    await hasty.close()


async def test_a_drawing_process_that_is_going_is_replaced(tmp_path: Path):
    made = charts.Charts(tmp_path, seconds=120)
    try:
        assert await made.draw(SPEC, **WORDS)
        [process] = [each for each in vars(vars(made)["_pen"]).values() if hasattr(each, "stdin")]
        process.stdin.close()
        assert process.returncode is None
        assert await made.draw({**SPEC, "width": 301}, **WORDS)
    finally:
        await made.close()


async def test_many_at_once_get_each_their_own(drawer: charts.Charts):
    drawn = await asyncio.gather(*(drawer.draw(SPEC | {"width": 200 + n}, **WORDS) for n in range(6)))
    widths = [int(re.search(r' width="(\d+)"', svg)[1]) for svg in drawn if svg]
    assert [width - widths[0] for width in widths] == list(range(6))


@pytest.mark.parametrize(
    "svg",
    [
        "<svg ><script>x</script></svg>",
        '<svg ><g style="x"></g></svg>',
        '<svg ><g onload="x"></g></svg>',
        '<svg ><a href="https://example.org">x</a></svg>',
        "<p>not a drawing</p>",
    ],
)
def test_a_drawing_with_anything_active_is_refused(svg: str):
    with pytest.raises(ValueError, match="holds"):
        charts.finished(svg, key="k" * 64, title="t", description="d")
