"""The pages of this slice, in an application that has nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import cache

import pytest
from litestar import Litestar, get
from litestar.middleware import DefineMiddleware
from litestar.template import TemplateConfig

from accounts.routes import routers
from accounts.routes.session import (
    DEPENDENCIES,
    EXCEPTION_HANDLERS,
    Anybody,
    Authentication,
    Someone,
    opened_entrance,
)
from accounts.rules.roles import may_manage_people
from tests import build
from tests.databases import Database, connected
from tests.plain_browser import Browser
from web import pages, security
from web.errors import HANDLERS

ADDRESS = "http://127.0.0.1"


class Unbuilt:
    """Addresses without a build."""

    def url(self, name: str) -> str:
        return f"/static/{name}"


SITE = pages.Site(
    product="Buy Together",
    secret=b"only for tests",
    navigation=[pages.Link("People", "/people", shown_to=may_manage_people)],
)
ENVIRONMENT = pages.environment(SITE, Unbuilt())


@get("/private", include_in_schema=False, media_type="text/plain")
async def private(actor: Someone) -> str:
    return f"{actor.name}: {','.join(sorted(actor.roles))}"


@get("/open", include_in_schema=False, media_type="text/plain")
async def public(visitor: Anybody) -> str:
    return visitor.name or "the public"


@cache
def app_at(address: str) -> Litestar:
    """The application, put together once for each address; what it works with is given to it later."""
    return Litestar(
        [*routers, private, public],
        dependencies=dict(DEPENDENCIES),
        middleware=[DefineMiddleware(security.Shield, origins=[address]), DefineMiddleware(Authentication)],
        exception_handlers={**HANDLERS, **EXCEPTION_HANDLERS},
        before_send=[security.harden(secure=address.startswith("https"))],
        template_config=TemplateConfig(instance=pages.engine(ENVIRONMENT)),
        openapi_config=None,
    )


@contextlib.asynccontextmanager
async def running_app(database: Database, address: str = ADDRESS) -> AsyncIterator[Litestar]:
    made = app_at(address)
    async with (
        connected(database.app) as sessions,
        opened_entrance(
            database.app,
            sessions,
            key=build.KEY,
            address=address,
            outbox_shown=True,
            cheap_passwords=True,
        ) as entrance,
    ):
        made.state.entrance = entrance
        yield made


@pytest.fixture
async def small_app(database: Database) -> AsyncIterator[Litestar]:
    async with running_app(database) as made:
        yield made


@pytest.fixture
async def browser(small_app: Litestar) -> AsyncIterator[Browser]:
    async with Browser(small_app) as opened:
        yield opened


@pytest.fixture
async def other_browser(small_app: Litestar) -> AsyncIterator[Browser]:
    async with Browser(small_app) as opened:
        yield opened
