"""The web application: routers, templates, who is asking, what errors look like, headers."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final

from litestar import Litestar, Router, get
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.template import TemplateConfig
from sqlalchemy import text

import accounts.routes
import challenges.routes
import insights.routes
import notifications.routes
import ocds.routes
import procurement.routes
import sourcing.routes
import spend.routes
import suppliers.routes
import tenders.routes
from accounts.queries.sessions import Login
from accounts.routes.session import (
    DEPENDENCIES,
    EXCEPTION_HANDLERS,
    Anybody,
    Authentication,
    opened_entrance,
)
from app.parent import stop_with_parent
from app.settings import Settings
from store.db import connect, make_sessions
from store.lake import Lake
from values.actors import Actor, Role
from web import errors, jobs, pages, security
from web.assets import Assets
from web.charts import Charts
from web.pages import AnyRequest, Link, Page, Site

FIRST_CHART: Final = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
STATIC: Final = Path(__file__).resolve().parents[1] / "static"


Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(
    settings: Settings, *, database_url: str, assets: Assets | None = None, warm: bool = False
) -> Litestar:
    """Return the application.

    Args:
        settings: as read at the start.
        database_url: of the application's role.
        assets: the built front-end files, where they are not in their usual folder.
        warm: start what the first reader would wait for.
    """
    return assemble(settings, serving(settings, database_url, warm=warm), assets=assets)


def assemble(settings: Settings, lifespan: Lifespan, *, assets: Assets | None = None) -> Litestar:
    """Put routers, templates and middleware together; what they work with comes with the lifespan.

    To register the routes takes most of a second, and needs no database: who serves several one after the
    other, as tests do, does it once.
    """
    assets = assets or Assets.load(STATIC)
    site = _site(settings)
    environment = pages.environment(site, assets, cache=_folder(settings.home / "templates"))
    routers = [
        *accounts.routes.routers,
        *spend.routes.routers,
        *suppliers.routes.routers,
        *procurement.routes.routers,
        *sourcing.routes.routers,
        *tenders.routes.routers,
        *challenges.routes.routers,
        *insights.routes.routers,
        *notifications.routes.routers,
        *ocds.routes.routers,
        jobs.router({**spend.routes.JOBS, **procurement.routes.JOBS}),
    ]
    app = Litestar(
        [Router("/", route_handlers=[home, live, *routers])],
        dependencies=dict(DEPENDENCIES),
        middleware=[
            DefineMiddleware(security.Shield, origins=_origins(settings)),
            DefineMiddleware(Authentication, exclude=[r"^/health$"]),
        ],
        before_send=[security.harden(secure=site.secure)],
        exception_handlers={**errors.HANDLERS, **EXCEPTION_HANDLERS},
        template_config=TemplateConfig(instance=pages.engine(environment)),
        compression_config=CompressionConfig(
            backend="brotli", brotli_quality=4, exclude=[r"\.csv$", r"\.gz$"]
        ),
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(
            title="Buy Together", version="1", path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
    )
    app.asgi_handler = assets.before(security.head(app.asgi_handler))
    return app


def serving(settings: Settings, database_url: str, *, warm: bool = False) -> Lifespan:
    """Return the life of an application: what it opens at its start and closes at its end."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None]:
        engine = connect(database_url, name="buytogether web")
        sessions = make_sessions(engine)
        charts = Charts(_folder(settings.home / "charts"))
        app.state.lake = Lake(settings.lake, settings.engine_memory)
        app.state.charts = charts
        app.state.settings = settings
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(stop_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM)))
        ]
        if warm:
            # The drawing process takes seconds to start: it does so before the first reader waits for it.
            tasks.append(asyncio.create_task(charts.draw(FIRST_CHART, title="-", description="-")))
        try:
            async with opened_entrance(
                database_url,
                sessions,
                key=settings.key(),
                address=settings.public_url,
                outbox_shown=not settings.mail.host,
                cheap_passwords=settings.cheap_passwords,
            ) as app.state.entrance:
                yield
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await charts.close()
            await engine.dispose()

    return lifespan


@get("/", name="app.home", include_in_schema=False)
async def home(visitor: Anybody) -> Page:
    """Say what this is, and lead on."""
    return Page("app/home.html", context={"visitor": visitor})


@get("/health", name="app.health", include_in_schema=False)
async def live(request: AnyRequest) -> str:
    """Tell a load balancer that pages and database answer."""
    async with request.app.state.entrance.sessions() as db:
        await db.execute(text("select 1"))
    return "ok"


def _site(settings: Settings) -> Site:
    def runs_it(actor: Actor) -> bool:
        return actor.has(Role.OPERATOR)

    def has_people(actor: Actor) -> bool:
        return actor.has(Role.OPERATOR, Role.APPROVER)

    def has_council(actor: Actor) -> bool:
        return actor.has(Role.OFFICER, Role.APPROVER)

    def has_needs(actor: Actor) -> bool:
        return actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)

    def is_somebody(actor: Actor) -> bool:
        return actor.person_id is not None

    def is_bidder(actor: Actor) -> bool:
        return actor.has(Role.SUPPLIER)

    def unread(login: Login | None) -> int:
        return login.unread_count if login else 0

    return Site(
        product="Buy Together",
        # A key of its own for each purpose, so that no signature is good for another.
        secret=hmac.digest(settings.key(), b"notices", hashlib.sha256),
        secure=settings.public_url.startswith("https://"),
        demonstration=settings.demonstration,
        registers=settings.registration,
        contact=settings.contact,
        navigation=(
            Link("My council", "/council", has_council),
            Link("Market", "/market"),
            Link("Suppliers", "/suppliers"),
            Link("Published payments", "/spend"),
            Link("Needs", "/needs", has_needs),
            Link("Pools", "/pools", has_needs),
            Link("Joint demand", "/demand"),
            Link("Tenders", "/tenders"),
            Link("Challenges", "/challenges"),
            Link("Duties", "/duties", has_needs),
            Link("Your bids", "/bids", is_bidder),
            Link("Your responses", "/responses", is_bidder),
            Link("Councils", "/bodies"),
            Link("People", "/people", has_people),
            Link("Notices", "/notices", is_somebody, unread),
            Link("Mail", "/mail", runs_it),
            Link("Reported", "/partners/reports", runs_it),
        ),
        footer=(
            Link("How figures are made", "/method"),
            Link("Dates of a procurement", "/timetable"),
            Link("The law as data", "/law"),
            Link("Open data and API", "/data"),
        ),
    )


def _origins(settings: Settings) -> list[str]:
    own = [settings.public_url]
    if settings.host in ("127.0.0.1", "localhost"):
        own += [f"http://{name}:{settings.port}" for name in ("127.0.0.1", "localhost")]
    return own


def _folder(place: Path) -> Path:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
