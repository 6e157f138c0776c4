"""The service and the browser that all journeys share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import service
from tests.browser.service import Answering
from tests.browser.tabs import ARGS, CHROMIUM, Tab


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    """The service: started once, with the demonstration world."""
    mine = tmp_path_factory.getbasetemp()
    # Test processes have a folder each in that of the run.
    with service.running(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) as found:
        yield found


@pytest.fixture(scope="session")
def address(answering: Answering) -> str:
    """Where the service answers."""
    return answering.address


@pytest.fixture(scope="session")
def home(answering: Answering) -> Path:
    """Where the service keeps what it has."""
    return answering.home


# Not for the whole session: Playwright keeps its event loop running, and tests of other modules need theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where a browser is

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=ARGS)
        yield running
        running.close()


@pytest.fixture
def open_tab(browser: Any, address: str) -> Iterator[Callable[..., Tab]]:
    """Open tabs, each with its own cookies; none may have complained when the test ends."""
    opened: list[Tab] = []

    def open_one(*, scripts: bool = True) -> Tab:
        opened.append(Tab(browser, address, scripts=scripts))
        return opened[-1]

    yield open_one
    complaints = [complaint for tab in opened for complaint in tab.complaints]
    for tab in opened:
        tab.close()
    assert complaints == []


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def tab(open_tab: Callable[..., Tab], request: pytest.FixtureRequest) -> Tab:
    """A tab with JavaScript, then one without."""
    return open_tab(scripts=request.param)
