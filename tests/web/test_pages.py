from __future__ import annotations

import httpx
import pytest

from tests.conformance import check_page, parse
from tests.web.service import OURS, SOMEBODY
from web import pages


async def test_a_page_is_whole_and_escaped(client: httpx.AsyncClient):
    answer = await client.get("/plain")
    check_page(answer.text)
    assert answer.status_code == 200
    assert "<p>&lt;b&gt;</p>" in answer.text
    assert (
        "Invented people, suppliers, needs, pools, tenders and challenges; real published payments"
        in answer.text
    )
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
