"""Uploading files and watching what comes of it, in the whole application."""

from __future__ import annotations

import re

import pytest

from tests.spend.pages import BRADFORD, send, signed_in
from tests.spend.published import ordinary, row, written
from values.actors import Role

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
    for said in ("April 2025.csv", "The amount is not a number: 1 line", "£10.10"):
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
