"""Feeds, records, the download and the page, as a program or the public asks for them."""

from __future__ import annotations

import gzip
import json

import pytest

from ocds.routes import feeds
from ocds.rules import asking
from ocds.rules.asking import Event
from tests.ocds import schemas
from tests.tenders import made
from values.refusals import Refused

FEED = "/ocds/releases.json"


async def test_a_feed_without_tenders_is_empty(client):
    response = await client.open(FEED)
    assert response.status_code == 200
    assert response.json()["releases"] == []


async def test_the_feed_holds_the_newest_first_and_fits_the_schema(client, terminated):
    response = await client.open(FEED)
    package = response.json()
    assert [each["tag"][0] for each in package["releases"]] == [
        "tenderCancellation",
        "tenderUpdate",
        "tender",
    ]
    assert schemas.package_errors(package) == []
    assert package["publishedDate"] == package["releases"][0]["date"]
    assert response.headers["content-type"].startswith("application/json")
    assert "links" not in package
    assert package["extensions"][-1].endswith("/ocds/extension/extension.json")


async def test_pages_follow_each_other_without_gap_or_repeat(client, terminated, monkeypatch):
    whole = (await client.open(FEED)).json()["releases"]
    monkeypatch.setattr(feeds, "PER_PAGE", 1)
    seen, address = [], FEED
    while address:
        package = (await client.open(address)).json()
        assert schemas.package_errors(package) == []
        seen += package["releases"]
        following = package.get("links", {}).get("next", "")
        address = following.removeprefix("http://127.0.0.1")
    assert seen == whole


async def test_since_asks_for_news(client, terminated):
    whole = (await client.open(FEED)).json()["releases"]
    newest = (await client.open(f"{FEED}?since={whole[0]['date']}")).json()["releases"]
    assert newest == whole[:1]
    assert (await client.open(f"{FEED}?since=2099-01-01")).json()["releases"] == []


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-11-26T09:00:00", "cursor=x", "cursor=a~b~c"]
)
async def test_what_cannot_be_asked_is_refused(client, query):
    assert (await client.open(f"{FEED}?{query}")).status_code == 422


async def test_who_has_it_already_is_told_so(client, answered):
    for address in (FEED, "/ocds/bulk.jsonl.gz"):
        first = await client.open(address)
        assert first.status_code == 200
        for headers in (
            {"if-none-match": first.headers["etag"]},
            {"if-modified-since": first.headers["last-modified"]},
        ):
            again = await client.client.get(address, headers=headers)
            assert (again.status_code, again.content) == (304, b"")
        other = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
        assert (await client.client.get(address, headers=other)).status_code == 200


async def test_the_record_holds_all_releases_and_what_they_come_to(client, terminated):
    await client.open(f"/tenders/{terminated}/record.json")
    assert client.place == f"/ocds/records/ocds-xxxxxx-{terminated}.json"
    package = (await client.follow()).json()
    assert schemas.package_errors(package) == []
    record = package["records"][0]
    assert len(record["releases"]) == 3
    assert record["compiledRelease"]["tender"]["status"] == "cancelled"


async def test_a_published_tender_leads_to_its_record(client, published):
    await client.open(f"/tenders/{published}")
    assert f'href="/tenders/{published}/record.json"' in client.text


async def test_a_tender_that_is_not_published_has_no_record(client, cast, sessions_app):
    tender_id = await made.make(sessions_app, cast)
    await client.sign_in(cast["officer"])
    assert (await client.open(f"/tenders/{tender_id}/record.json")).status_code == 404
    await client.open(f"/tenders/{tender_id}")
    assert "record.json" not in client.text


@pytest.mark.parametrize("name", ["x.json", "ocds-xxxxxx-{}", "ocds-h6vhtk-{}.json", "ocds-xxxxxx-.json"])
async def test_there_is_no_record_of_anything_else(client, published, name):
    response = await client.open(f"/ocds/records/{name.format(published)}")
    assert response.status_code == 404


async def test_the_download_is_all_tenders_a_line_each(client, terminated):
    response = await client.open("/ocds/bulk.jsonl.gz")
    assert response.headers["content-type"] == "application/gzip"
    lines = gzip.decompress(response.content).splitlines()
    await client.open(f"/tenders/{terminated}/record.json")
    record = (await client.follow()).json()["records"][0]
    assert [json.loads(line) for line in lines] == [record["compiledRelease"]]


async def test_the_extension_is_there_where_packages_say(client):
    extension = (await client.open("/ocds/extension/extension.json")).json()
    assert extension["documentationUrl"]["en"].endswith("/open-data")
    schema = (await client.open("/ocds/extension/release-schema.json")).json()
    assert schema == json.loads(schemas.EXTENSION.read_text())
    assert (await client.open("/ocds/extension/other.json")).status_code == 404


async def test_the_page_says_what_there_is_and_that_the_prefix_is_not_registered(client, answered):
    response = await client.open("/open-data")
    assert "2 releases" in response.text
    assert "not registered" in response.text
    assert f"/tenders/{answered}/record.json" in response.text
    assert "/open-data" in (await client.open("/data")).text


def test_a_cursor_reads_back():
    event = asking.cursor("2026-11-26T07:30:00.123456Z~01a2b3c4-0000-7000-8000-000000000001~UK4")
    assert isinstance(event, Event)
    assert asking.cursor(asking.written(event)) == event
    assert asking.cursor("") is None


@pytest.mark.parametrize("text", ["2026-11-26T07:30:00~01a2b3c4-0000-7000-8000-000000000001~UK4", "~~", "x"])
def test_another_cursor_is_refused(text):
    with pytest.raises(Refused):
        asking.cursor(text)


def test_a_day_begins_in_london_and_a_plus_survives_an_address():
    assert asking.since("2026-07-01") == asking.since("2026-07-01T00:00:00 01:00")
    assert asking.since("") is None
