"""Pages of corrections as people walk them, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

from tests.tenders.test_routes import as_, fresh, typed_day
from values.years import london_today


async def test_a_correction_is_walked_from_its_reason_to_its_publication(client, bidding, cast, owner):
    tabs = f"/tenders/{bidding.tender}/corrections"
    place = f"{tabs}/1"
    await bidding.begin(cast["supplier"])
    await client.open(tabs)
    assert "Nothing of this tender was corrected" in client.text
    await client.sign_in(cast["officer"])
    await client.submit_after(tabs, reason=" ")
    assert client.errors() == ["Say why the tender is corrected"]
    await client.submit_after(tabs, reason="Two slips of the pen")
    assert client.place == place
    await client.open(f"{place}/choose")
    assert f'href="{place}/criterion/1/weight"' in client.text
    for value, typed in (
        ("lot/1/gross_pence", {"value": "2,400,000"}),
        ("tender/1/risks", {"value": "Councils may be merged\nThe old system ends in May"}),
        ("tender/1/starts_on", typed_day("value", london_today() + timedelta(days=130))),
    ):
        await client.submit_after(f"{place}/{value}", **typed)
        assert client.place == place, (value, client.errors())
    for value, typed in (("criterion/1/weight", "60"), ("lot/1/title", "")):
        await client.submit_after(f"{place}/{value}", value=typed)
        assert client.errors(), value
    await client.open(place)
    await client.submit(f"{place}/tender/1/starts_on/leave")
    assert client.place == place
    due = london_today() + timedelta(days=50)
    await client.submit_after(f"{place}/time", reason="Two slips", **typed_day("day", due), hour="12:00")
    assert client.place == place, client.errors()
    await client.follow()
    assert "<ins>The old system ends in May</ins>" in client.text
    await client.submit(f"{place}/submit")
    for who in ("leeds", "camden", "salford"):
        await as_(client, owner, cast[who])
        await client.open(f"{place}/approve")
        assert "The tender as it would stand" in client.text
        assert "£2,400,000.00" in client.text
        await fresh(owner, cast[who])
        await client.submit(f"{place}/approve", code=cast[who].code())
        assert client.place == place, client.errors()
        await client.follow()
        assert "Read and approve, or refuse" not in client.text
    await as_(client, owner, cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/prepare")
    await client.open(place)
    assert "Record the confirmation" in client.text
    await client.open(f"{place}/notice.txt")
    assert "The old system ends in May" in client.text
    await client.open(place)
    told = {"reference": "022345-2026", "published_time": "00:00"}
    await client.submit(f"{place}/confirm", **told, **typed_day("published_on", london_today()))
    assert client.place == place, client.errors()
    await client.post("/sign-out")
    await client.open(tabs)
    assert "The old system ends in May" in client.text
    await client.open(f"{place}/before")
    assert "The old system" not in client.text
    await client.sign_in(cast["supplier"])
    await client.open(f"/tenders/{bidding.tender}/bid")
    assert "The tender was corrected" in client.text
