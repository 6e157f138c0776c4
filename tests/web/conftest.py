from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jinja2 import Environment
from litestar import Litestar

from tests.web import service
from web import assets, pages

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / "node_modules" / "govuk-frontend"


class Unbuilt:
    """Addresses without a build, for tests of markup."""

    def url(self, name: str) -> str:
        return f"/static/{name}"


@pytest.fixture(scope="session")
def site() -> pages.Site:
    return pages.Site(
        product="Buy Together",
        secret=b"only for tests",
        demonstration=True,
        navigation=[
            pages.Link("Markets", "/market"),
            pages.Link("Files", "/files", shown_to=lambda actor: actor.person_id is not None),
        ],
        footer=[pages.Link("Accessibility", "/accessibility")],
    )


@pytest.fixture(scope="session")
def env(site: pages.Site):
    return pages.environment(site, Unbuilt())


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> assets.Assets:
    """The real files, built from the packages."""
    if not PACKAGES.exists():
        pytest.skip("node_modules is not installed: npm ci --ignore-scripts")
    folder = tmp_path_factory.mktemp("static")
    assets.build(ROOT, folder)
    return assets.Assets.load(folder)


@pytest.fixture
def macro(env: Environment):
    def call(file: str, macro: str, /, *args: Any, **more: Any) -> str:
        return str(getattr(env.get_template(f"components/{file}.html").module, macro)(*args, **more))

    return call


@pytest.fixture(scope="session")
def app(site: pages.Site) -> Litestar:
    return service.create(site)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
