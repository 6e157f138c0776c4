from __future__ import annotations

import logging

import httpx
import pytest

from tests.conformance import check_page, parse


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
        ("/fails/no-connection", 503, "the service is busy"),
        ("/fails/no-database", 503, "the service is busy"),
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
    assert "service.py" in record.getMessage()


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
    assert (await client.get("/api/v1/fails/no-connection")).headers["retry-after"] == "10"
