"""Pages of published payments, in the whole application."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine, event

from insights.actions.releasing import make_release
from store.jobs import Work
from tests import build
from tests.conformance import check_page, parse
from tests.spend.published import LEEDS, OPERATOR, PRIVATE, World, ordinary, row, written
from values.actors import Role

BRADFORD = "BRD"
SURNAME = PRIVATE.split()[1]


async def signed_in(client: Any, db: Any, *roles: Role, code: str = LEEDS) -> build.Built:
    """Somebody of a body, with the second factor where their role needs one."""
    needs = bool({Role.OPERATOR, Role.APPROVER} & set(roles))
    person = await build.person(
        db, *roles, organisation_id=build.council(code), name="Olive Officer", second_factor=needs
    )
    await db.commit()
    await client.sign_in(person)
    return person


async def send(client: Any, path: str, *files: tuple[str, bytes], **fields: str) -> Any:
    """Send a form with files, as a browser would."""
    parts = [("files", (name, content, "text/csv")) for name, content in files]
    client.answer = await client.client.post(path, data=fields, files=parts or [("files", ("", b""))])
    if client.answer.headers.get("content-type", "").startswith("text/html"):
        check_page(client.text)
    return client.answer


async def private_world(world: World) -> None:
    """Files in which a private person's name stands in every way that names can stand."""
    await world.publish(
        "April 2025.csv",
        [
            *ordinary(4),
            row(5, payee=f"Mr {PRIVATE}"),
            row(6, payee=f"Mr {PRIVATE}", expense="Direct payments"),
            row(7, payee=f"Mrs {PRIVATE}", expense="Foster carer allowances"),
        ],
    )


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


async def test_queries_do_not_grow_with_the_rows(client, owner):
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        numbers = []
        for rows in (10, 40):
            await owner.execute("delete from published_file")
            await registered(owner, rows)
            counted.clear()
            await client.open("/spend")
            assert client.text.count('scope="row"') == rows
            numbers.append(len(counted))
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1] <= 4, counted


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


# Uploading


async def test_an_officer_uploads_and_sees_what_was_read(client, db, world):
    await signed_in(client, db, Role.OFFICER)
    await client.open("/spend/upload")
    assert client.heading() == "Upload published payments of Leeds"
    content = written([*ordinary(4), row(5, amount="tbc")])
    await send(client, "/spend/upload?body=LDS", ("April 2025.csv", content), replaces="")
    assert client.status == 303, client.text
    job = client.place
    assert re.fullmatch(r"/jobs/[0-9a-f-]{36}", job)
    await client.open(job)
    assert "Waiting to start" in client.text
    (ended,) = await world.run_jobs()
    assert ended["state"] == "done", ended
    await client.open(job)
    assert "See what was read" in client.text
    assert "every 2s" not in client.text, "a finished job is not asked for again"
    await client.open(f"/spend{job}")
    for said in ("April 2025.csv", "The amount is no number: 1 line", "£10.10"):
        assert said in client.text
    assert await world.waiting("insights.release") == 1


async def test_htmx_gets_only_the_part_that_changes(client, db, world):
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", ("April 2025.csv", written(ordinary(3))))
    answer = await client.client.get(client.place, headers={"hx-request": "true"})
    assert "<html" not in answer.text
    assert 'hx-trigger="every 2s"' in answer.text
    assert "<h1" not in answer.text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose a file"),
        ([("empty.csv", b"")], "Choose a file"),
        ([("April.pdf", b"%PDF-1.7 text")], "is not a file of a kind that can be read here"),
        ([("April.xlsx", b"PK\x03\x04[Content_Types].xml")], "is not a file of a kind"),
    ],
)
async def test_what_cannot_be_taken_is_said_in_words(client, db, files, said):
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", *files)
    assert client.status == 422
    assert said in client.errors()[0]


async def test_too_much_is_refused(client, db, application):
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", ("April.csv", b"x" * 1000))
    assert client.status == 303
    limit = application.state.settings.upload_limit_bytes
    answer = await client.client.post(
        "/spend/upload?body=LDS",
        content=b"--x\r\n",
        headers={"content-type": "multipart/form-data; boundary=x", "content-length": str(limit + 1)},
    )
    assert answer.status_code == 422
    assert "The most that can be sent at once is 200.0 MB" in answer.text


async def test_the_same_file_twice_is_known(client, db, world):
    await world.publish("April 2025.csv", ordinary(3))
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", ("Another name.csv", written(ordinary(3))))
    assert client.status == 422
    assert client.errors() == [
        "This file is known already: its content was imported as “April 2025.csv” and is current"
    ]


async def test_one_file_at_a_time_replaces_another(client, db, world):
    await world.publish("April 2025.csv", ordinary(3))
    await signed_in(client, db, Role.OFFICER)
    earlier = str(await world.file_id("April 2025.csv"))
    two = [("one.csv", written(ordinary(4))), ("two.csv", written(ordinary(5)))]
    await send(client, "/spend/upload?body=LDS", *two, replaces=earlier)
    assert client.errors() == ["Choose one file only where it replaces another"]
    await send(client, "/spend/upload?body=LDS", two[0], replaces=earlier)
    assert client.status == 303
    (ended,) = await world.run_jobs()
    assert ended["result"]["replaced"] == 1


async def test_who_may_not_upload_is_told(client, db):
    await signed_in(client, db, Role.OFFICER, code=BRADFORD)
    await client.open("/spend/upload?body=LDS")
    assert client.status == 403
    await send(client, "/spend/upload?body=LDS", ("April.csv", b"x"))
    assert client.status == 403


async def test_people_without_the_role_and_the_public_cannot_upload(client, db):
    await client.open("/spend/upload")
    assert client.place.startswith("/sign-in")
    await signed_in(client, db, Role.SUPPLIER)
    await client.open("/spend/upload")
    assert client.status == 403


async def test_an_operator_says_whose_files_they_are(client, db, world):
    await signed_in(client, db, Role.OPERATOR)
    await client.open("/spend/upload")
    assert client.heading() == "Whose files do you upload?"
    await client.open("/spend/upload?body=BRD")
    assert client.heading() == "Upload published payments of Bradford"
    await send(client, "/spend/upload?body=BRD", ("April 2025.csv", written(ordinary(3))))
    await world.run_jobs()
    assert await world.owner.fetchval("select body_code from published_file") == BRADFORD


async def test_a_job_is_cancelled_after_asking(client, db, world):
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", ("April 2025.csv", written(ordinary(3))))
    job = client.place
    await client.open(f"{job}/cancel")
    assert client.heading() == "Cancel this work?"
    await client.submit(f"{job}/cancel")
    await client.follow()
    assert "It was asked to stop" in client.text
    (ended,) = await world.run_jobs()
    assert ended["state"] == "cancelled"
    await client.open(job)
    assert "This was cancelled." in client.text
    assert await world.owner.fetchval("select count(*) from published_file") == 0


async def test_nobody_sees_another_persons_job(client, db):
    await signed_in(client, db, Role.OFFICER)
    await send(client, "/spend/upload?body=LDS", ("April 2025.csv", written(ordinary(3))))
    job = client.place
    await client.open("/account")
    await client.submit("/sign-out")
    await signed_in(client, db, Role.OFFICER)
    for path in (job, f"{job}/cancel", f"/spend{job}"):
        assert (await client.open(path)).status_code == 404
    assert (await client.post(f"{job}/cancel")).status_code == 404


# What was set aside


async def test_lines_set_aside_are_for_the_councils_people(client, db, world):
    rows = [*ordinary(3), row(4, amount="=1+1"), row(5, amount="")]
    await world.publish("April 2025.csv", rows)
    path = f"/spend/files/{await world.file_id('April 2025.csv')}/set-aside"
    assert (await client.open(path)).status_code == 303
    await signed_in(client, db, Role.OFFICER, code=BRADFORD)
    assert (await client.open(path)).status_code == 404
    assert (await client.open(f"{path}.csv")).status_code == 404
    await client.open("/account")
    await client.submit("/sign-out")
    await signed_in(client, db, Role.OFFICER)
    await client.open(path)
    assert client.text.count("govuk-table__cell--numeric") == 2
    await client.open(f"{path}?reason=no_amount")
    assert client.text.count("govuk-table__cell--numeric") == 1
    answer = await client.open(f"{path}.csv")
    assert answer.text.count("\r\n") == 3


# Correcting columns, withdrawing


async def test_an_officer_corrects_columns_and_takes_it_back(client, db, world):
    header = ("Date Paid", "Paid To", "Amount Net", "Department", "Transaction No", "Vendor")
    await world.publish("April 2025.csv", ordinary(4), header=header)
    await signed_in(client, db, Role.OFFICER)
    path = f"/spend/files/{await world.file_id('April 2025.csv')}/columns"
    await client.open(path)
    assert client.heading() == "Columns of April 2025.csv"
    await client.post(path, column_payee="5", act="try")
    assert client.status == 200
    assert "Nothing is kept yet." in client.text
    assert await world.waiting("spend.reread") == 0
    await client.post(path, column_payee="5", act="save")
    assert client.status == 303, client.text
    (ended,) = await world.run_jobs()
    assert ended["state"] == "done", ended
    assert ended["result"]["replaced"] == 1
    await client.open(f"/spend/files/{await world.file_id('April 2025.csv')}")
    assert "It was read under a person’s correction" in client.text
    assert "4 lines added" in client.text
    forget = f"/spend/files/{await world.file_id('April 2025.csv')}/columns/remove"
    await client.submit_after(forget)
    (ended,) = await world.run_jobs()
    assert ended["result"]["replaced"] == 1
    await client.open(f"/spend/files/{await world.file_id('April 2025.csv')}")
    assert "It was read under a person’s correction" not in client.text
    states = await world.owner.fetch("select state from published_file order by id")
    assert [each["state"] for each in states] == ["replaced", "replaced", "current"]


async def test_a_correction_that_reads_nothing_is_refused(client, db, world):
    await world.publish("April 2025.csv", ordinary(4))
    await signed_in(client, db, Role.OFFICER)
    path = f"/spend/files/{await world.file_id('April 2025.csv')}/columns"
    await client.open(path)
    await client.post(path, column_amount_net="none", act="save")
    assert client.status == 422
    assert "No column of amounts was found" in client.errors()[0]
    await client.post(path, column_payee="77", act="save")
    assert client.errors() == ["Choose one of the answers that are offered"]
    await client.post(path, header_line="first", act="save")
    assert "Enter the number of the line with the headings" in client.errors()[0]
    assert await world.owner.fetchval("select count(*) from column_mapping") == 0


async def test_a_file_is_withdrawn_with_a_reason_and_restored(client, db, world):
    await world.publish("April 2025.csv", ordinary(4))
    file_id = await world.file_id("April 2025.csv")
    await signed_in(client, db, Role.OFFICER)
    path = f"/spend/files/{file_id}/withdraw"
    await client.submit_after(path, reason=" ")
    assert client.errors() == ["Enter why the file should no longer count"]
    await client.submit_after(path, reason="It holds payments of another year")
    assert client.status == 303
    (ended,) = await world.run_jobs()
    assert ended["state"] == "done", ended
    await client.open(f"/spend/files/{file_id}")
    assert "This file was withdrawn" in client.text
    assert await world.waiting("insights.release") == 1
    await client.open(path)
    await client.submit(f"/spend/files/{file_id}/restore")
    await world.run_jobs()
    assert await world.state(file_id) == "current"
    actions = await world.owner.fetch("select action from audit_entry where subject_id = $1", str(file_id))
    assert {"file.withdrawn", "file.restored"} <= {each["action"] for each in actions}


async def test_officers_of_other_councils_change_nothing(client, db, world):
    await world.publish("April 2025.csv", ordinary(4))
    await signed_in(client, db, Role.OFFICER, code=BRADFORD)
    path = f"/spend/files/{await world.file_id('April 2025.csv')}"
    for page in ("columns", "columns/remove", "withdraw"):
        assert (await client.open(f"{path}/{page}")).status_code == 403
        assert (await client.post(f"{path}/{page}", reason="x", act="save")).status_code == 403
    assert (await client.post(f"{path}/restore")).status_code == 403
    await client.open(path)
    assert "Download the original" not in client.text


# Kept out


async def test_what_was_kept_out_is_shown_with_its_reasons(client, world):
    await client.open("/spend/kept-out")
    assert "No lines have been sorted yet." in client.text
    await private_world(world)
    await make_release(Work(world.sessions, OPERATOR), world.lake, "duckdb://")
    await client.open("/spend/kept-out")
    assert "It adds up: the register of files has 7 lines read" in client.text
    assert "Payments to residents" in client.text
    await client.open("/spend/kept-out?body=LDS&year=2025")
    assert client.status == 200
    assert "2025 to 2026" in client.text
    answer = await client.open("/spend/kept-out.csv")
    assert answer.text.splitlines()[1].startswith("LDS,Leeds,2025,7,")
