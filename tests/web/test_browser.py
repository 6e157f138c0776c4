"""The page of all macros in a real browser: axe finds nothing, nothing overflows, scripts do their part."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.axe import findings
from tests.browser.tabs import ARGS, CHROMIUM, MARKS
from tests.conformance import check_page
from tests.web.conftest import ROOT
from web import assets

# A folder to put pictures into, for looking at them.
SHOTS = os.environ.get("SCREENSHOTS")
WIDTHS = [360, 1280]
pytestmark = MARKS


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small service, at its address."""
    folder = tmp_path_factory.mktemp("static")
    assets.build(ROOT, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "tests.web.showcase_app:create"],
        cwd=ROOT,
        env={**os.environ, "SHOWCASE_STATIC": str(folder), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/asked")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where a browser is

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=ARGS)
        yield running
        running.close()


@pytest.fixture
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of 1280 pixels, or as wide as the test says, that fails where the console has an error."""
    width = getattr(request, "param", 1280)
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(60_000)
    tab = context.new_page()
    said: list[str] = []
    tab.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.said = said
    yield tab
    context.close()


def picture(tab: Any, name: str) -> None:
    if SHOTS:
        tab.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("tab", WIDTHS, indirect=True)
def test_every_macro_is_accessible_and_fits(tab: Any, address: str):
    tab.goto(f"{address}/components")
    check_page(tab.request.get(f"{address}/components").text())
    assert findings(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert tab.said == []
    picture(tab, f"components-{tab.viewport_size['width']}")


@pytest.mark.parametrize("tab", WIDTHS, indirect=True)
def test_a_form_with_errors_leads_to_them(tab: Any, address: str):
    tab.goto(f"{address}/components")
    tab.get_by_role("button", name="Save and continue").click()
    assert tab.title() == "Error: Components – Buy Together"
    assert tab.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert findings(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    tab.get_by_role("link", name="The end must be a real date").click()
    tab.locator("#until-day:focus").wait_for(timeout=10_000)
    assert tab.locator("#amount").input_value() == "lots"
    assert [said for said in tab.said if "422" not in said] == []
    picture(tab, f"errors-{tab.viewport_size['width']}")


def test_long_work_is_asked_about_until_it_is_done(tab: Any, address: str):
    tab.goto(f"{address}/components")
    first = tab.locator("#progress-1")
    first.get_by_text("Done.").wait_for(timeout=60_000)
    assert first.get_attribute("hx-get") is None
    asked = tab.request.get(f"{address}/asked").json()
    tab.wait_for_timeout(3000)
    assert tab.request.get(f"{address}/asked").json() == asked
    assert tab.said == []


def test_a_notice_is_shown_once(tab: Any, address: str):
    tab.goto(f"{address}/components")
    tab.evaluate("document.querySelector('form[enctype]').action = '/done'")
    tab.get_by_role("button", name="Save and continue").click()
    tab.get_by_text("The file was uploaded").wait_for(timeout=30_000)
    picture(tab, "notice")
    tab.reload()
    assert tab.get_by_text("The file was uploaded").count() == 0


def test_all_of_it_is_there_without_scripts(browser: Any, address: str):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/components")
    assert tab.get_by_role("link", name="Check again").is_visible()
    assert tab.get_by_role("link", name="Markets").is_visible()
    tab.get_by_role("button", name="Save and continue").click()
    assert tab.title().startswith("Error: ")
    context.close()


def test_a_page_for_print_leaves_the_furniture_out(tab: Any, address: str):
    tab.goto(f"{address}/components")
    tab.emulate_media(media="print")
    assert tab.locator(".app-header").is_hidden()
    assert tab.locator(".app-filter").is_hidden()
    assert tab.get_by_role("heading", name="Components").is_visible()
    picture(tab, "print")


def test_colours_that_cannot_be_read_are_found_whatever_was_read_before(tab: Any):
    words = (
        "<html lang='en'><title>Words</title><main><h1>Words</h1><p style='color: {}'>In a colour</p></main>"
    )
    found = []
    for colour in ("#0b0c0c", "#d0d0d0", "#0b0c0c", "#d0d0d0"):
        tab.set_content(words.format(colour))
        found.append([rule for rule, _ in findings(tab)])
    assert found == [[], ["color-contrast"], [], ["color-contrast"]]


PAGE = "<html lang='en'><title>Words</title><main><h1>Words</h1>{}</main>"


def test_a_link_that_only_its_colour_tells_from_the_words_around_it_is_found(tab: Any):
    words = PAGE.format("<p>Words before <a href='/' style='{}'>a link</a> and words after it</p>")
    found = []
    for style in ("", "color: #202020; text-decoration: none", ""):
        tab.set_content(words.format(style))
        found.append([rule for rule, _ in findings(tab)])
    assert found == [[], ["link-in-text-block"], []]


def test_the_row_that_is_made_otherwise_is_found_among_those_that_are_alike(tab: Any):
    row, other = "<li><button>Take</button></li>", "<li><button></button></li>"
    for at in range(7):
        tab.set_content(PAGE.format(f"<ul>{row * at}{other}{row * (6 - at)}</ul>"))
        assert "button-name" in [rule for rule, _ in findings(tab)]
        assert tab.locator("li:visible").count() == 7
        assert tab.locator("[style]").count() == 0


def test_what_appears_in_another_width_is_looked_at(tab: Any):
    tab.set_content(PAGE.format("<button class='menu' hidden></button><button class='other'>Go</button>"))
    assert findings(tab) == []
    tab.locator(".menu").evaluate("menu => menu.hidden = false")
    assert "button-name" in [rule for rule, _ in findings(tab, again=True)]


@pytest.mark.parametrize(
    ("pixels", "gap", "wrong"),
    [(16, 0, True), (16, 6, True), (16, 8.5, False), (24, 0, False), (10, 13, True)],
)
def test_targets_that_stand_too_close_are_found_whatever_was_measured_before(
    tab: Any, pixels: int, gap: float, *, wrong: bool
):
    button = (
        "<button style='all: unset; display: block; width: 60px; height: {}px; margin-top: {}px'>{}</button>"
    )
    for first in (30, pixels):
        tab.set_content(
            PAGE.format("".join(button.format(size, gap, size) for size in (first, pixels, first)))
        )
        found = findings(tab, again=first == pixels)
    assert ("target-size" in [rule for rule, _ in found]) == wrong


def test_a_region_that_scrolls_and_cannot_be_reached_by_keys_is_found(tab: Any):
    region = "<div style='width: 100px; overflow: auto'{}><p style='width: 900px'>Far to the side</p></div>"
    found = []
    for about in (" tabindex='0' role='region' aria-label='Far'", "", " tabindex='0'"):
        tab.set_content(PAGE.format(region.format(about)))
        found.append([rule for rule, _ in findings(tab)])
    assert found == [[], ["scrollable-region-focusable"], []]
