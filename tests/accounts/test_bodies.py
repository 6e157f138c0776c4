from __future__ import annotations

import csv
import io
import re

import pytest

from tests.conformance import parse


async def test_everybody_may_read_the_list_of_councils(browser):
    await browser.open("/bodies")
    assert "317 councils" in browser.text
    rows = parse(browser.text).all("tbody")[0].all("tr")
    assert len(rows) == 50


async def test_pages_of_the_list_hold_every_council_once(browser):
    seen = []
    for page in range(1, 8):
        await browser.open(f"/bodies?page={page}")
        seen += re.findall(r'href="/bodies/([A-Z]+)"', browser.text)
    assert len(seen) == len(set(seen)) == 317


async def test_filters_narrow_the_list_and_stay_in_the_form(browser):
    await browser.open("/bodies?region=E12000007&type=London+borough")
    assert "32 councils" in browser.text
    chosen = [o.attrs["value"] for o in parse(browser.text).all("option") if "selected" in o.attrs]
    assert chosen == ["E12000007", "London borough"]
    await browser.open("/bodies?q=%3Cscript%3E")
    assert "<script>" not in browser.text.split("<main")[1]
    assert "No council matches." in browser.text


async def test_the_list_is_sorted_by_what_is_asked_for(browser):
    await browser.open("/bodies?sort=-population")
    assert re.search(r'href="/bodies/([A-Z]+)"', browser.text)[1] == "KEN"
    await browser.open("/bodies?sort=password_hash")
    assert browser.status == 200


async def test_htmx_gets_the_results_alone(browser):
    answer = await browser.client.get("/bodies?q=leeds", headers={"hx-request": "true"})
    assert "<html" not in answer.text
    assert 'id="results"' in answer.text
    assert "1 council" in answer.text


async def test_the_download_holds_all_317(browser):
    answer = await browser.open("/bodies.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 317
    assert next(row for row in rows if row["code"] == "LDS")["gss_code"] == "E08000035"


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("E08000035", "Leeds City Council"),
        ("E08000039", "Sheffield City Council"),
        ("lga", "Local Government Association"),
    ],
)
async def test_a_body_has_a_page_under_each_of_its_codes(browser, code, heading):
    await browser.open(f"/bodies/{code}")
    assert browser.heading() == heading


async def test_a_former_council_leads_to_its_successors_and_back(browser):
    await browser.open("/bodies/CMA")
    assert "This body ended on 31 March 2023." in browser.text
    for path in re.findall(r'href="(/bodies/(?:CBD|WAF))"', browser.text):
        await browser.open(path)
        assert "Cumbria County Council" in browser.text
        assert "1 April 2023" in browser.text


async def test_a_body_that_is_not_known_is_not_found(browser):
    assert (await browser.open("/bodies/E99999999")).status_code == 404
