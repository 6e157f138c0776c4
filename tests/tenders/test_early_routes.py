"""Pages of notices before the tender notice: prepared by the lead, read, found and followed by everybody."""

from __future__ import annotations

from datetime import datetime

from tests.tenders import made
from tests.tenders.test_routes import as_, typed_day
from values.years import LONDON, london_today

ASKED = {"about": "Which interfaces do you offer?", "how": "Write to us"}


async def test_from_the_notices_of_a_draft_to_a_supplier_who_follows(client, cast, owner, sessions_app):
    tender_id = await made.make(sessions_app, cast)
    place, plan, today = f"/tenders/{tender_id}", f"/tenders/planned/{tender_id}", london_today()
    await client.sign_in(cast["officer"])
    await client.open(f"{place}/notices")
    assert f'href="{place}/early/UK2"' in client.text
    # What is missing is said before anybody presses the button, and after.
    await client.open(f"{place}/early/UK3")
    assert "Missing: it stands in the way" in client.text
    assert "No day of the tender notice is planned yet" in client.text
    await client.submit(f"{place}/early/UK3")
    assert client.status == 422
    assert "The notice lacks: Lead contracting authority" in client.text
    await made.complete(sessions_app, cast, tender_id)
    await client.open(f"{place}/early/UK3")
    assert "it would not shorten the period for tenders" in client.text
    assert "Missing" not in client.text
    await client.submit_after(f"{place}/early/UK2", **ASKED)
    assert (client.status, len(client.errors())) == (422, 2)
    days = typed_day("starts_on", today) | typed_day("ends_on", today)
    await client.submit_after(f"{place}/early/UK2", **ASKED, **days)
    assert client.status == 303, client.errors()
    notice = client.place
    assert (await client.open(plan)).status_code == 404
    await client.open(f"{notice}/notice.txt")
    assert "UK2: Preliminary market engagement notice" in client.text
    assert "Which interfaces do you offer?" in client.text
    await client.open(notice)
    await client.submit(f"{notice}/send")
    assert "No interface to the central platform" in client.text
    now = datetime.now(LONDON)
    said = {"reference": "000201-2026", "published_time": f"{now:%H:%M}"} | typed_day("published_on", today)
    await client.open(notice)
    await client.submit(f"{notice}/confirm", **said)
    assert client.status == 303, client.errors()
    # What the notice settled is asked no more.
    await client.open(f"{place}/edit/procedure")
    assert "000201-2026" not in client.text
    assert "are as it was confirmed" in client.text
    assert 'name="engagement"' not in client.text
    await client.open(f"{place}/timetable")
    assert "Suppliers are asked from" in client.text
    await as_(client, owner, cast["supplier"])
    assert (await client.open(place)).status_code == 404
    assert (await client.open(notice)).status_code == 404
    await client.open("/tenders")
    assert "1 plan" in client.text
    await client.open("/tenders/planned?q=interfaces")
    assert f'href="{plan}"' in client.text
    await client.open("/tenders/planned.ics?q=interfaces")
    assert "Suppliers are asked until: Library" in client.text
    assert "Tender notice planned: Library" in client.text
    assert "Library" not in (await client.open("/tenders/planned.ics?q=wombats")).text
    await client.open("/tenders/planned?q=wombats")
    assert "No planned procurement matches" in client.text
    await client.open(plan)
    assert "Which interfaces do you offer?" in client.text
    assert cast["officer"].name not in client.text
    await client.submit(f"{plan}/follow")
    await client.follow()
    assert "You follow this procurement" in client.text
    assert (await client.open(f"{notice}/notice.json")).json()["reference"] == "000201-2026"
    assert (await client.open(f"{place}/record.json")).status_code == 303
    await client.open("/open-data")
    assert "Early engagement" in client.text
