from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader
from litestar import Litestar, Request, get, post
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    TooManyRequestsException,
)
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.template import TemplateConfig

from tests.conformance import check_page, parse
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused
from web import errors, pages, security
from web.assets import Assets

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


def _raise(what: str) -> None:
    match what:
        case "missing":
            raise Missing
        case "refused":
            raise Refused("Enter a sum first")
        case "not-allowed":
            raise NotAllowed("Only an approver may sign")
        case "sign-in":
            raise NotAuthorizedException
        case "busy":
            raise TooManyRequestsException(headers={"Retry-After": "60"})
        case "odd":
            raise ClientException("The month is not a month")
        case "database":
            raise RuntimeError("while saving") from Broken(f"Failing row contains ({ROW})")
        case _:
            raise RuntimeError("secret words")


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


@pytest.fixture(scope="module")
def app(env: Environment, site: pages.Site) -> Litestar:
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


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_page_is_whole_and_escaped(client: httpx.AsyncClient):
    answer = await client.get("/plain")
    check_page(answer.text)
    assert answer.status_code == 200
    assert "<p>&lt;b&gt;</p>" in answer.text
    assert "Invented people and suppliers, real published payments" in answer.text
    assert "Sign in" in answer.text
    assert parse(answer.text).all("title")[0].text == "Plain – Buy Together"


async def test_a_signed_in_person_sees_their_menu_and_nothing_is_kept(client: httpx.AsyncClient):
    answer = await client.get("/plain", headers={"x-somebody": "1"})
    check_page(answer.text)
    assert "Ada Example" in answer.text
    assert 'href="/files"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert 'href="/files"' not in (await client.get("/plain")).text


async def test_the_menu_marks_where_the_person_is(site: pages.Site):
    assert [line.current for line in site.menu(SOMEBODY, "/market")] == [True, False]
    assert [line.active for line in site.menu(SOMEBODY, "/files/7")] == [False, True]
    assert not any(line.active for line in site.menu(SOMEBODY, "/marketing"))


async def test_htmx_gets_the_block_with_the_title(client: httpx.AsyncClient):
    answer = await client.get("/plain", headers={"hx-request": "true", "hx-request-type": "partial"})
    assert answer.text == ('<title>Plain – Buy Together</title><div id="part"><p>&lt;b&gt;</p></div>')
    assert "hx-request" in answer.headers["vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"hx-request": "true", "hx-request-type": "full"},
        {"hx-request": "true", "hx-history-restore-request": "true"},
    ],
)
async def test_htmx_gets_a_whole_page_when_it_asks_for_one(
    client: httpx.AsyncClient, headers: dict[str, str]
):
    check_page((await client.get("/plain", headers=headers)).text)


async def test_a_form_that_came_back_says_error_in_the_title(client: httpx.AsyncClient):
    answer = await client.post("/bad-form", headers=OURS)
    assert answer.status_code == 422
    assert "<title>Error: Plain" in answer.text
    part = await client.post("/bad-form", headers={**OURS, "hx-request": "true"})
    assert part.text.startswith("<title>Error: Plain – Buy Together</title>")


async def test_a_notice_is_shown_once(client: httpx.AsyncClient):
    sent = await client.post("/done", headers=OURS)
    assert sent.status_code == 303
    assert "HttpOnly" in sent.headers["set-cookie"]
    first = await client.get("/plain")
    check_page(first.text)
    assert "It was &lt;done&gt;" in first.text
    assert "It was" not in (await client.get("/plain")).text


async def test_a_notice_of_somebody_elses_making_is_not_shown(client: httpx.AsyncClient):
    client.cookies.set("notice", "WzI1MzQwMjMwMDc5OSx7InRleHQiOiJQYXkgaGVyZSJ9XQ==.00")
    answer = await client.get("/plain")
    assert "Pay here" not in answer.text
    assert 'notice="";' in answer.headers["set-cookie"] or "notice=;" in answer.headers["set-cookie"]


async def test_a_template_that_guesses_fails(client: httpx.AsyncClient):
    assert (await client.get("/menu/below")).status_code == 500


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/fails/missing", 404, "Page not found"),
        ("/fails/not-allowed", 403, "Only an approver may sign"),
        ("/fails/refused", 422, "Enter a sum first"),
        ("/fails/busy", 429, "Wait a few minutes"),
        ("/fails/odd", 400, "The month is not a month"),
        ("/done", 405, "cannot be used in that way"),
        ("/fails/bug", 500, "problem with this service"),
    ],
)
async def test_errors_are_pages_in_plain_words(client: httpx.AsyncClient, path: str, status: int, words: str):
    answer = await client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    check_page(answer.text)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_htmx_puts_an_error_in_place_of_the_page(client: httpx.AsyncClient):
    answer = await client.get("/fails/missing", headers={"hx-request": "true"})
    assert answer.headers["hx-retarget"] == answer.headers["hx-reselect"] == "#main-content"
    assert answer.headers["hx-reswap"] == "outerHTML"
    check_page(answer.text)


async def test_a_fault_is_logged_once_with_the_reference_of_its_page(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/fails/bug")
    reference = answer.headers["x-request-id"]
    assert parse(answer.text).all("strong")[-1].text == reference
    assert "secret words" not in answer.text
    (record,) = caplog.records
    assert reference in record.getMessage()
    assert "secret words" in record.getMessage()
    assert "test_pages.py" in record.getMessage()


async def test_the_log_keeps_no_row_of_the_database(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    await client.get("/fails/database")
    assert "Jo Secret" not in caplog.text
    assert "SQLSTATE 23505, constraint uq_x" in caplog.text
    assert "while saving" in caplog.text


async def test_signing_in_comes_first_and_leads_back(client: httpx.AsyncClient):
    answer = await client.get("/fails/sign-in?page=2")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/fails/sign-in%3Fpage%3D2"
    part = await client.get("/fails/sign-in", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (200, "/sign-in")


@pytest.mark.parametrize(
    ("what", "status", "title"),
    [
        ("missing", 404, "Not Found"),
        ("sign-in", 401, "Unauthorized"),
        ("refused", 422, "Unprocessable"),
        ("bug", 500, "Internal"),
    ],
)
async def test_programs_get_a_problem_document(client: httpx.AsyncClient, what: str, status: int, title: str):
    answer = await client.get(f"/api/v1/fails/{what}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"].startswith(title)
    assert ("reference" in problem) == (status == 500)
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_retry_after_is_passed_on(client: httpx.AsyncClient):
    assert (await client.get("/fails/busy")).headers["retry-after"] == "60"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, False),
        ({"origin": "https://buy.example.org", "sec-fetch-site": "cross-site"}, True),
        ({"origin": "http://localhost"}, True),
        ({"origin": "http://localhost:9999"}, False),
        ({"origin": "null"}, False),
        ({"authorization": "Bearer x"}, True),
        ({}, False),
    ],
)
async def test_what_changes_something_must_come_from_our_own_pages(
    client: httpx.AsyncClient, headers: dict[str, str], passes: object
):
    answer = await client.post("/done", headers=headers)
    assert answer.status_code == (303 if passes else 403)
    if not passes:
        assert "came from another website" in answer.text


async def test_a_refused_request_is_not_read(app: Litestar):
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/done", "raw_path": b"/done", "query_string": b"",
        "root_path": "", "scheme": "http", "headers": [(b"sec-fetch-site", b"cross-site")],
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 403
    assert read == 0


async def test_head_is_get_without_the_body(client: httpx.AsyncClient):
    answer = await client.head("/plain")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len((await client.get("/plain")).content))


async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient):
    for path in ("/plain", "/nowhere", "/fails/bug", "/api/v1/fails/bug"):
        headers = (await client.get(path)).headers
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["strict-transport-security"].startswith("max-age=")
        assert re.fullmatch(r"[0-9a-f]{12}", headers["x-request-id"])


async def test_assets_come_from_memory_in_the_smallest_form(static: Assets):
    async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
        await Response(content=b"else", status_code=404).to_asgi_response(app=None, request=Request(scope))(
            scope, receive, send
        )

    transport = httpx.ASGITransport(app=static.before(elsewhere))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        address = static.url("app.css")
        plain = await client.get(address, headers={"accept-encoding": "identity"})
        small = await client.get(address, headers={"accept-encoding": "gzip, br"})
        assert small.headers["content-encoding"] == "br"
        assert small.content == plain.content
        assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 5
        assert plain.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in plain.headers["cache-control"]
        gzipped = await client.get(address, headers={"accept-encoding": "gzip"})
        assert gzipped.headers["content-encoding"] == "gzip"
        assert (await client.head(address)).content == b""
        for path in ("/static/gone.css", "/static/../pyproject.toml", "/plain"):
            assert (await client.get(path)).status_code == 404
        assert urlsplit(address).path.startswith("/static/app.")
