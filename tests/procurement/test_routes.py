"""Pages of needs and contracts, as people walk them; every page is checked as it comes."""

from __future__ import annotations

import csv
import io

import pytest

from values.years import london_today

FORM = {
    "title": "Maps",
    "category": "gis-systems",
    "outcomes": "Staff find assets",
    "earliest_start_on-day": "1",
    "earliest_start_on-month": "4",
    "earliest_start_on-year": "2027",
    "latest_start_on-day": "30",
    "latest_start_on-month": "9",
    "latest_start_on-year": "2027",
    "must": "Esri maps",
    "budget_low_pence": "1,000",
    "budget_high_pence": "2,000",
}


async def test_a_need_is_recorded_opened_changed_copied_and_archived(client, people):
    await client.sign_in(people["officer"])
    await client.open("/needs")
    assert "No needs have been recorded yet" in client.text
    await client.open("/needs/new")
    await client.submit("/needs/new", **FORM)
    assert client.status == 303, client.text
    place = client.place
    await client.follow()
    assert client.heading() == "Maps"
    assert "£1,000.00 to £2,000.00" in client.text
    assert "Procurement Act 2023, section 56" in client.text
    await client.submit(f"{place}/open")
    await client.follow()
    await client.open(f"{place}/edit")
    await client.submit(f"{place}/edit", **{**FORM, "must": "Maps of any maker"})
    await client.open(place)
    assert "<del>Esri maps</del>" in client.text
    assert "<ins>Maps of any maker</ins>" in client.text
    await client.submit(f"{place}/copy")
    await client.follow()
    assert client.heading() == "Change Copy of Maps"
    await client.open(f"{place}/archive")
    await client.submit(f"{place}/archive")
    await client.open("/needs")
    assert f'href="{place}"' not in client.text
    await client.open("/needs?state=archived")
    assert f'href="{place}"' in client.text


async def test_errors_stand_at_their_fields(client, people):
    await client.sign_in(people["officer"])
    await client.open("/needs/new")
    await client.submit("/needs/new", **{**FORM, "title": "", "latest_start_on-year": "2026"})
    assert client.status == 422
    assert client.errors() == ["Enter a title"]
    await client.submit("/needs/new", **{**FORM, "latest_start_on-year": "2026"})
    assert client.errors() == ["The latest start must be the same as or after the earliest start"]


async def test_what_somebody_saved_in_the_meantime_is_not_overwritten(client, people, needs):
    await client.sign_in(people["officer"])
    place = f"/needs/{needs['draft']}/edit"
    await client.post(place, **FORM, seen="1")
    assert client.status == 303
    await client.post(place, **{**FORM, "title": "Late"}, seen="1")
    assert client.status == 422
    assert "Somebody else saved this need" in client.errors()[0]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 100_000, "Up to £1,000.00"),
        (100_000, None, "At least £1,000.00"),
        (100_000, 200_000, "£1,000.00 to £2,000.00"),
        (None, None, "Not said yet"),
    ],
)
async def test_a_budget_reads_well_where_one_end_is_not_said(client, people, needs, owner, low, high, said):
    await owner.execute("update need_detail set budget_low_pence = $1, budget_high_pence = $2", low, high)
    await client.sign_in(people["officer"])
    await client.open(f"/needs/{needs['draft']}")
    budget = " ".join(client.text.split("Budget</dt>")[1].split("</dd>")[0].split(">")[1:])
    assert budget.strip() == said


async def test_another_council_sees_the_open_need_without_its_budget(client, people, needs):
    await client.sign_in(people["stranger"])
    await client.open(f"/needs/{needs['draft']}")
    assert client.status == 404
    await client.open(f"/needs/{needs['open']}")
    assert client.heading() == "Library system"
    assert "Works offline" in client.text
    for hidden in ("1,234.56", "6,543.21", "Seen only by your council"):
        assert hidden not in client.text
    await client.open("/needs.csv?category=library-systems")
    rows = list(csv.DictReader(io.StringIO(client.text.lstrip("\ufeff"))))
    assert [row["id"] for row in rows] == [str(needs["open"])]
    assert "1234" not in client.text
    await client.post(f"/needs/{needs['open']}/archive")
    assert client.status == 403


async def test_suppliers_and_the_public_are_kept_out(client, people):
    await client.open("/needs")
    assert client.status == 303
    await client.sign_in(people["supplier"])
    await client.open("/needs")
    assert client.status == 403


async def test_a_register_is_imported_and_a_need_proposed(client, people):
    await client.sign_in(people["officer"])
    year = london_today().year + 1
    register = (
        f"Contract Title,Supplier,End Date\nMaps,Invented Ltd,{year}-03-31\nBins,Invented Ltd,TBC\n,x,\n"
    )
    for new in (2, 0):
        await client.open("/contracts/import")
        client.answer = await client.client.post(
            "/contracts/import", files={"files": ("register.csv", register.encode())}
        )
        client._check()
        assert client.status == 200
        assert "The line has no title" in client.text
        assert f'<dd class="govuk-summary-list__value">{new}</dd>' in client.text
    await client.open("/contracts")
    propose = [part.split('"')[0] for part in client.text.split('action="')[1:] if "/propose" in part[:60]]
    assert len(propose) == 2
    await client.submit(propose[0])
    await client.follow()
    assert client.heading() == "Change Maps"
    await client.post(propose[1])
    await client.follow()
    assert client.heading() == "When does Bins end?"
    path = propose[1].replace("/propose", "/end")
    await client.submit(path)
    assert client.errors() == ["Enter when the contract ends"]
    await client.submit(path, **{"end_on-day": "31", "end_on-month": "3", "end_on-year": str(year)})
    await client.follow()
    assert client.heading() == "Change Bins"


async def test_the_template_is_offered_and_read_back(client, people):
    await client.sign_in(people["officer"])
    await client.open("/needs/template.csv")
    lines = client.answer.content.decode("utf-8-sig").splitlines()
    content = "\r\n".join([*lines, lines[1].replace("Invented example: replace this line", "Loans")])
    await client.open("/needs/import")
    client.answer = await client.client.post("/needs/import", files={"files": ("n.csv", content.encode())})
    client._check()
    assert "The example of the template was left in" in client.text
    await client.open("/needs?q=Loans")
    assert "120,000 × loan" in client.text
