"""Handlers that answer in every way there is, for the tests of pages, errors and headers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from jinja2 import DictLoader, FileSystemLoader
from litestar import Litestar, Request, get, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    TooManyRequestsException,
)
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.template import TemplateConfig
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused
from web import errors, pages, security

Asked = Request[Any, Any, Any]
OURS = {"sec-fetch-site": "same-origin"}
SOMEBODY = Actor(uuid4(), uuid4(), frozenset({Role.OFFICER}), "Ada Example")

TEMPLATES = {
    "plain.html": """{% extends "base.html" %}{% block title %}Plain{% endblock %}
{% block main %}<h1 class="govuk-heading-l">{{ self.title() }}</h1>
{% block part %}<div id="part"><p>{{ word }}</p></div>{% endblock %}{% endblock %}""",
    "missing.html": """{% extends "base.html" %}{% block title %}Gap{% endblock %}
{% block main %}<h1>{{ self.title() }}</h1>{{ absent }}{% endblock %}""",
}


@get("/plain")
async def plain() -> pages.Page:
    return pages.Page("plain.html", context={"word": "<b>"}, fragment="part")


@get("/menu/below")
async def gap() -> pages.Page:
    return pages.Page("missing.html")


@post("/bad-form")
async def bad_form() -> pages.Page:
    return pages.Page("plain.html", context={"word": "again"}, status_code=422, fragment="part")


@post("/done")
async def done(request: Asked) -> Redirect:
    return pages.to(request, "/plain", notice="It was <done>", link=("See it", "/plain"))


ROW = "Jo" + " Secret"  # parted, so that it stands in no line of code that a traceback shows


class Broken(Exception):  # noqa: N818
    sqlstate = "23505"
    constraint_name = "uq_x"


FAILURES = {
    "missing": Missing(),
    "refused": Refused("Enter a sum first"),
    "not-allowed": NotAllowed("Only an approver may sign"),
    "sign-in": NotAuthorizedException(),
    "busy": TooManyRequestsException(headers={"Retry-After": "60"}),
    "no-connection": NoConnectionInTime("QueuePool limit"),
    "no-database": ConnectionRefusedError("Connect call failed"),
    "odd": ClientException("The month is not a month"),
}


def _raise(what: str) -> None:
    if what == "database":
        raise RuntimeError("while saving") from Broken(f"Failing row contains ({ROW})")
    raise FAILURES.get(what) or RuntimeError("secret words")


@get(["/fails/{what:str}", "/api/v1/fails/{what:str}"])
async def fails(what: FromPath[str]) -> None:
    _raise(what)


class Identify:
    """What accounts does with the session's cookie, done with a header."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["user"] = SOMEBODY if (b"x-somebody", b"1") in scope["headers"] else Actor()
        await self.app(scope, receive, send)


def create(site: pages.Site) -> Litestar:
    """Return the service."""
    loader = FileSystemLoader(pages.TEMPLATES)
    made = pages.environment(site, SimpleNamespace(url=lambda name: f"/static/{name}"))
    made.loader = DictLoader(
        {name: loader.get_source(made, name)[0] for name in loader.list_templates() if name.endswith(".html")}
        | TEMPLATES
    )
    app = Litestar(
        [plain, gap, bad_form, done, fails],
        middleware=[
            DefineMiddleware(security.Shield, origins=["https://buy.example.org"]),
            DefineMiddleware(Identify),
        ],
        before_send=[security.harden(secure=True)],
        exception_handlers=errors.HANDLERS,
        template_config=TemplateConfig(instance=pages.engine(made)),
        openapi_config=None,
    )
    app.asgi_handler = security.head(app.asgi_handler)
    return app
