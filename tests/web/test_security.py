from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from litestar import Litestar


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
