"""Pages of the register and of one file, in the whole application."""

from __future__ import annotations

from typing import Any

import pytest

from insights.actions.releasing import make_release
from store.jobs import Work
from tests.conformance import parse
from tests.spend.pages import BRADFORD, SURNAME, private_world, signed_in
from tests.spend.published import OPERATOR, ordinary, row, written
from values.actors import Role

# The register


async def test_an_empty_register_says_what_to_do(client):
    await client.open("/spend")
    assert "No files have been imported yet." in client.text


async def test_the_public_sees_what_was_imported(client, world):
    await world.publish("April 2025.csv", [*ordinary(3), row(4, amount="unreadable")])
    await client.open("/spend")
    assert "1 file of 1 council: 4 lines, 3 read, 1 set aside; £6.06 in all." in client.text
    assert "Upload files" not in client.text
    file_id = await world.file_id("April 2025.csv")
    for path in ("", "/lines"):
        await client.open(f"/spend/files/{file_id}{path}")
        assert client.status == 200, client.text
        assert "Brightwater Software Ltd" in client.text


async def test_files_are_searched_filtered_and_sorted(client, world):
    await world.publish("April 2025.csv", ordinary(3))
    await world.publish("May 2025.csv", ordinary(9, first=20))
    await world.publish("May 2025 amended.csv", ordinary(8, first=20))
    await world.publish("Bradford 100%.csv", ordinary(2), body=BRADFORD)

    async def names(query: str) -> list[str]:
        await client.open(f"/spend?{query}")
        return [link.text for link in parse(client.text).all("a") if "/files/" in link.attrs["href"]][0:]

    listed = [name for name in await names("sort=name") if name.endswith(".csv")]
    assert listed == ["April 2025.csv", "Bradford 100%.csv", "May 2025 amended.csv"]
    assert [n for n in await names("q=100%25") if n.endswith(".csv")] == ["Bradford 100%.csv"]
    assert [n for n in await names(f"body={BRADFORD}") if n.endswith(".csv")] == ["Bradford 100%.csv"]
    assert [n for n in await names("state=replaced") if n.endswith(".csv")] == ["May 2025.csv"]
    assert len([n for n in await names("state=all") if n.endswith(".csv")]) == 4
    await client.open("/spend?q=nothing+of+the+kind")
    assert "No file matches." in client.text
    await client.open("/spend?sort=nonsense&state=nonsense&page=99999&body=%27;--")
    assert client.status == 200


async def test_the_list_is_paged_and_downloaded(client, owner):
    await registered(owner, 120)
    await client.open("/spend?sort=name")
    assert "120 files" in client.text
    assert client.text.count('scope="row"') == 50
    await client.open("/spend?sort=name&page=3")
    assert client.text.count('scope="row"') == 20
    answer = await client.open("/spend/files.csv?state=all")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="published-files.csv"'
    assert answer.text.count("\r\n") == 121


async def registered(owner: Any, number: int) -> None:
    """Rows of the register without their files, for lists."""
    await owner.execute(
        """insert into published_file (id, body_code, name, sha256, lines_name, size_bytes, lines, read,
             set_aside, amount_read_pence, amount_basis, first_on, last_on, decisions)
           select gen_random_uuid(), 'LDS', 'file ' || to_char(n, 'FM0000') || '.csv',
             sha256(n::text::bytea), n::text, 1000, 10, 9, 1, n * 100, 'net', '2025-04-01', '2025-04-30',
             '{"fingerprint": "f"}'
           from generate_series(1, $1) n""",
        number,
    )


async def test_queries_do_not_grow_with_the_rows(client, owner, statements):
    numbers = []
    for rows in (10, 20):
        await owner.execute("delete from published_file")
        await registered(owner, rows)
        statements.clear()
        await client.open("/spend")
        assert client.text.count('scope="row"') == rows
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 4, statements


# One file


async def test_a_file_says_what_was_decided_and_what_changed(client, world):
    await world.publish("April 2025.csv", ordinary(5))
    await world.publish("April 2025 amended.csv", [*ordinary(4), row(9, amount="2.00")])
    await client.open(f"/spend/files/{await world.file_id('April 2025 amended.csv')}")
    assert "1 line added (£2.00), 1 line removed (£5.05), 4 the same" in client.text
    for said in ("Comma", "Supplier Name", "Who was paid", "Without VAT", "Day first"):
        assert said in client.text
    await client.open(f"/spend/files/{await world.file_id('April 2025.csv')}")
    assert "A later version of this file took its place" in client.text
    assert "Replaced by" in client.text


async def test_a_gross_amount_is_marked(client, world):
    header = ("Date Paid", "Supplier Name", "Amount including VAT", "Expense Type", "Ref", "Directorate")
    await world.publish("April 2025.csv", ordinary(3), header=header)
    await client.open(f"/spend/files/{await world.file_id('April 2025.csv')}")
    assert "With VAT: no net amount is published" in client.text


async def test_a_line_can_be_linked_to(client, world):
    await world.publish("April 2025.csv", ordinary(120))
    file_id = await world.file_id("April 2025.csv")
    answer = await client.open(f"/spend/files/{file_id}/lines?line=102")
    assert answer.status_code == 303
    assert client.place == f"/spend/files/{file_id}/lines?page=3#line-102"
    await client.follow()
    assert 'id="line-102"' in client.text


async def test_what_is_not_there_is_not_found(client):
    for path in ("", "/lines"):
        await client.open(f"/spend/files/01900000-0000-7000-8000-000000000000{path}")
        assert client.status == 404
    await client.open("/spend/files/nonsense")
    assert client.status == 404


async def test_the_original_is_for_the_councils_officers_alone(client, db, world):
    content = written(ordinary(3))
    await world.publish_bytes({"April – 2025 £.csv": content})
    path = f"/spend/files/{await world.file_id('April – 2025 £.csv')}/original"
    assert (await client.open(path)).status_code == 303, "the public is led to sign in"
    await signed_in(client, db, Role.OFFICER, code=BRADFORD)
    assert (await client.open(path)).status_code == 403
    await client.open("/account")
    await client.submit("/sign-out")
    await signed_in(client, db, Role.OFFICER)
    answer = await client.open(path)
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("application/octet-stream")


# Names that are withheld


async def links_of(client: Any) -> set[str]:
    page = parse(client.text)
    found = {link.attrs["href"] for link in page.all("a")}
    found |= {node.attrs["hx-get"] for node in page if "hx-get" in node.attrs}
    return {
        href.split("#")[0]
        for href in found
        if href.startswith("/") and not href.startswith("/static/") and not href.endswith("/original")
    }


async def crawl(client: Any, *starts: str, most: int = 120) -> list[str]:
    """Open every page that can be reached; return those on which the private person is named."""
    seen: set[str] = set()
    waiting, named = list(starts), []
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = await client.open(path)
        assert answer.status_code < 500, path
        if SURNAME.lower() in answer.text.lower():
            named.append(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += sorted(await links_of(client) - seen)
    assert len(seen) > 15, seen
    return named


@pytest.mark.parametrize("role", [None, Role.SUPPLIER, Role.OFFICER])
async def test_no_page_names_a_private_person(client, db, world, role):
    await private_world(world)
    await make_release(Work(world.sessions, OPERATOR), world.lake, "duckdb://")
    if role is not None:
        await signed_in(client, db, role)
    starts = ["/spend", "/suppliers", "/spend/kept-out", "/market"]
    if role is Role.OFFICER:
        starts.append(f"/spend/files/{await world.file_id('April 2025.csv')}/columns")
    assert await crawl(client, *starts) == []
    await client.open(f"/spend/files/{await world.file_id('April 2025.csv')}/lines")
    assert client.text.count("Name withheld") == 3
    await client.open(f"/suppliers?q={SURNAME}")
    assert "No supplier matches." in client.text
