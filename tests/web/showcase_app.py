"""A small service around the page of all macros; the browser tests start it as a process of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from litestar import Litestar, Request, get, post
from litestar.middleware import DefineMiddleware
from litestar.response import Redirect
from litestar.template import TemplateConfig

from tests.web import showcase
from values.actors import Actor
from web import assets, charts, errors, pages, security

SPEC: dict[str, Any] = {
    "data": {"values": [{"kind": "Hosting", "spent": 28}, {"kind": "Libraries", "spent": 55}]},
    "mark": "bar",
    "encoding": {"x": {"field": "kind", "type": "nominal"}, "y": {"field": "spent", "type": "quantitative"}},
    "width": 500,
    "height": 180,
}
SITE = pages.Site(
    product="Buy Together",
    secret=b"only for tests",
    demonstration=True,
    navigation=[
        pages.Link("Components", "/components"),
        pages.Link("Markets", "/market"),
        pages.Link("Published files", "/files"),
        pages.Link("Suppliers", "/suppliers"),
    ],
    footer=[
        pages.Link("How figures are worked out", "/methods"),
        pages.Link("Accessibility", "/accessibility"),
    ],
)
asked = {"job": 0}


class Identify:
    """A person with a long name is signed in."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["user"] = Actor(uuid4(), uuid4(), name="Alexandra Longname-Example (invented)")
        await self.app(scope, receive, send)


@get("/components")
async def components(request: Request[Any, Any, Any]) -> pages.Page:
    svg = await request.app.state.charts.draw(SPEC, title="Spend by kind", description="Libraries took most")
    return pages.Page("web/components.html", context=showcase.context(svg))


@post("/components")
async def answer() -> pages.Page:
    return pages.Page("web/components.html", context=showcase.context(wrong=True), status_code=422)


@post("/done")
async def done(request: Request[Any, Any, Any]) -> Redirect:
    return pages.to(request, "/components", notice="The file was uploaded")


@get("/jobs/1")
async def job() -> pages.Page:
    """Finish after it was asked for twice."""
    asked["job"] += 1
    finished = asked["job"] >= 2
    state = showcase.job(1, doing="Reading lines", done=3000, total=6210, finished=finished)
    return pages.Page("web/_job.html", context={"job": state})


@get("/asked")
async def how_often() -> dict[str, int]:
    return asked


@asynccontextmanager
async def drawing(app: Litestar) -> AsyncIterator[None]:
    app.state.charts = charts.Charts()
    yield
    await app.state.charts.close()


def create() -> Any:
    """Return the service; the built assets are where the environment says."""
    static = assets.Assets.load(Path(os.environ["SHOWCASE_STATIC"]))
    made = Litestar(
        [components, answer, done, job, how_often],
        middleware=[DefineMiddleware(security.Shield), DefineMiddleware(Identify)],
        before_send=[security.harden(secure=False)],
        exception_handlers=errors.HANDLERS,
        template_config=TemplateConfig(instance=pages.engine(pages.environment(SITE, static))),
        lifespan=[drawing],
        openapi_config=None,
    )
    made.asgi_handler = static.before(security.head(made.asgi_handler))
    return made
