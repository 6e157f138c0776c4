"""Lines set aside, corrected columns, withdrawn files, what was kept out."""

from __future__ import annotations

from insights.actions.releasing import make_release
from store.jobs import Work
from tests.spend.pages import BRADFORD, private_world, signed_in
from tests.spend.published import OPERATOR, ordinary, row
from values.actors import Role

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
