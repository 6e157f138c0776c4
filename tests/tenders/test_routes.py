"""Pages of tenders as people walk them: from the pool to publication, without JavaScript."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest

from tests.conformance import parse
from values.years import LONDON, london_today

DAYS = ("day", "month", "year")
PARTS = {
    "basics": {"title": "Ours", "description": "A library system"},
    "procedure": {
        "procedure": "open",
        "model": "parallel",
        "contract_kind": "goods-or-services",
        "engagement": "none",
    },
    "requirements": {"must": "Works offline\nOpens early", "option": "Training"},
    "considered": {"small_firms": "None", "conflicts": "Nobody"},
    "dates": {
        "starts_on-day": "1",
        "starts_on-month": "4",
        "starts_on-year": "2027",
        "due_on-day": "1",
        "due_on-month": "2",
        "due_on-year": "2027",
        "due_hour": "17:00",
    },
}
ROWS = {
    "lots": {
        "title": "Second",
        "gross_pence": "1,200",
        "low_weight": "1",
        "expected_weight": "1",
        "full_weight": "1",
        "tiers": "0 1,000",
        "counting": "units in tier",
        "must": "Speaks Welsh",
    },
    "conditions": {"title": "Turnover", "reason": "Twice the contract at most"},
    "award": {"title": "Ease", "weight": "12.5 %", "highest": "5"},
    "kpis": {"title": "Uptime", "measure": "Each month", "target": "99.9 %"},
}


def typed_day(name, value):
    return dict(zip((f"{name}-{part}" for part in DAYS), (value.day, value.month, value.year), strict=True))


async def fresh(owner, person):
    """Let the code of this half minute count again: signing in used it up."""
    await owner.execute("update credential set totp_last_step = null where person_id = $1", person.id)


async def as_(client, owner, person):
    """Sign out whoever is there and sign somebody in."""
    await client.post("/sign-out")
    if person.totp_secret:
        await fresh(owner, person)
    await client.sign_in(person)


async def walk_to_draft(client, cast):
    await client.sign_in(cast["officer"])
    await client.open(f"/pools/{cast.pool}")
    assert f'href="/tenders/by-pool/{cast.pool}"' in client.text
    place = f"/tenders/by-pool/{cast.pool}"
    await client.open(place)
    assert "Works offline" in client.text
    await client.submit(place)
    assert client.status == 303, client.text
    return client.place


async def test_every_page_of_a_draft_opens_and_every_part_is_saved(client, cast, owner):
    place = await walk_to_draft(client, cast)
    await client.follow()
    assert "thing is" in client.text or "things are" in client.text
    for part, typed in PARTS.items():
        await client.submit_after(f"{place}/edit/{part}", **typed)
        assert client.status == 303, (part, client.errors())
    await client.open(f"{place}/edit/considered")
    shown = [field.text.strip() for field in parse(client.text).all("textarea")]
    assert shown == ["None", "", "Nobody", ""]
    for part, typed in ROWS.items():
        await client.submit_after(f"{place}/{part}/new", **typed)
        assert client.status == 303, (part, client.errors())
        await client.follow()
        row = re.findall(rf'href="({place}/{part}/[0-9a-f-]{{36}})"', client.text)[-1]
        await client.submit_after(row, **typed)
        assert client.status == 303, (part, client.errors())
        await client.open(row)
        await client.submit(f"{row}/remove")
        assert client.status == 303, (part, client.errors())
    assert await owner.fetchval("select starts_on from tender") == date(2027, 4, 1)
    for path in (
        "lots",
        "conditions",
        "award",
        "kpis",
        "buyers",
        "buyers/CMD",
        "documents",
        "documents/new",
        "all",
        "timetable",
        "approval",
        "notices",
        "history",
        "terminate",
    ):
        answer = await client.open(f"{place}/{path}")
        assert answer.status_code == 200, path
    for path in ("lots/new", "conditions/new", "award/new", "kpis/new"):
        assert (await client.open(f"{place}/{path}")).status_code == 200, path
    for path in ("/tenders", "/tenders.csv", "/tenders?q=nothing", "/tenders?state=draft&whose=own"):
        assert (await client.open(path)).status_code == 200, path


@pytest.fixture
def complete(complete):
    """Where the complete tender stands."""
    return f"/tenders/{complete}"


async def approve(client, owner, person, place):
    await as_(client, owner, person)
    await fresh(owner, person)
    await client.open(f"{place}/approve")
    return await client.submit(f"{place}/approve", code=person.code())


async def approved(client, cast, owner, place):
    await as_(client, owner, cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/submit")
    assert client.status == 303, client.errors()
    for who in ("leeds", "camden", "salford"):
        await approve(client, owner, cast[who], place)
        assert client.status == 303, client.errors()
    await client.follow()
    assert "It was the last: the tender is approved" in client.text


async def test_every_buyer_approves_and_the_platform_confirms_before_the_public_sees_it(
    client, cast, complete, owner
):
    await approved(client, cast, owner, complete)
    await client.post("/sign-out")
    assert (await client.open(complete)).status_code == 404
    assert "There is no tender to see" in (await client.open("/tenders")).text
    await as_(client, owner, cast["officer"])
    await client.open(f"{complete}/notices")
    await client.submit(f"{complete}/notices/UK4")
    notice = client.place
    await client.follow()
    assert "1 Square, CMD" in client.text
    assert "Entry 7" not in client.text
    text = (await client.open(f"{notice}/notice.txt")).text
    assert text.startswith("UK4: Tender notice")
    assert (await client.open(f"{notice}/notice.json")).json()["notice"] == "UK4"
    await client.open(notice)
    await client.submit(f"{notice}/send")
    assert client.status == 422
    assert "No interface to the central platform is set up here" in client.text
    today = london_today()
    typed = {"reference": "012345-2026", "published_time": "00:00", **typed_day("published_on", today)}
    await client.submit(f"{notice}/confirm", **typed)
    assert client.status == 303, client.errors()
    await client.open(f"{complete}/edit/basics")
    assert "cannot be changed here" in client.text
    await client.open(f"{complete}/history")
    assert "Approved version" in client.text
    await client.post("/sign-out")
    await client.open("/tenders")
    assert "Library systems together" in client.text
    await client.open(complete)
    assert "012345-2026" in client.text
    assert "Kept by the buyers" not in client.text
    for path in ("all", "timetable", "documents", "notices"):
        assert (await client.open(f"{complete}/{path}")).status_code == 200, path
    for path in ("approval", "history", "buyers"):
        assert (await client.open(f"{complete}/{path}")).status_code in (303, 404), path


async def test_a_refusal_returns_it_to_draft_with_the_reason(client, cast, complete, owner):
    await as_(client, owner, cast["officer"])
    await client.open(complete)
    await client.submit(f"{complete}/submit")
    await approve(client, owner, cast["leeds"], complete)
    await as_(client, owner, cast["camden"])
    await client.open(f"{complete}/refuse")
    await client.submit(f"{complete}/refuse", reason="")
    assert client.errors() == ["Say what would have to change"]
    await client.submit(f"{complete}/refuse", reason="The price weighs too much")
    await client.follow()
    assert "The price weighs too much" in client.text
    assert "A buyer refused it" in client.text
    assert await owner.fetchval("select state from tender") == "draft"


async def test_a_change_ends_approvals_and_says_so(client, cast, complete, owner):
    await approved(client, cast, owner, complete)
    await as_(client, owner, cast["officer"])
    await client.open(f"{complete}/edit/basics")
    assert "Saving a change ends every approval" in client.text
    await client.submit(f"{complete}/edit/basics", title="Libraries", risks="None")
    assert client.status == 303, client.errors()
    await client.open(f"{complete}/approval")
    assert len(re.findall(r"The tender was changed\.", client.text)) == 3
    await client.open(f"{complete}/history")
    assert "Ended the approvals of" in client.text


async def test_a_wrong_code_approves_nothing(client, cast, complete, owner):
    await as_(client, owner, cast["officer"])
    await client.open(complete)
    await client.submit(f"{complete}/submit")
    await as_(client, owner, cast["camden"])
    await client.open(f"{complete}/approve")
    await client.submit(f"{complete}/approve", code="000000")
    assert client.status == 422
    assert await owner.fetchval("select count(*) from tender_approval") == 0


async def test_whoever_has_approved_is_not_asked_again(client, cast, complete, owner):
    await as_(client, owner, cast["camden"])
    await client.open(complete)
    assert "What you can do now" not in client.text
    await as_(client, owner, cast["officer"])
    await client.open(complete)
    await client.submit(f"{complete}/submit")
    asked, done = "Read and approve, or refuse", "Your council has approved it."
    await as_(client, owner, cast["camden"])
    for place in (complete, f"{complete}/approval"):
        await client.open(place)
        assert (asked in client.text, done in client.text) == (True, False)
    await approve(client, owner, cast["camden"], complete)
    for place in (complete, f"{complete}/approval"):
        await client.open(place)
        assert (asked in client.text, done in client.text) == (False, True)


async def test_documents_are_added_and_handed_out_as_attachments(client, cast, complete, owner):
    await as_(client, owner, cast["officer"])
    place = f"{complete}/documents/new"
    sent = {"files": ("contract.pdf", b"%PDF-1.7 contract", "text/html")}
    answer = await client.client.post(place, data={"title": "Draft contract"}, files=sent)
    assert answer.status_code == 303, answer.text
    await client.open(f"{complete}/documents")
    file = re.search(r'href="([^"]+/1/original)"', client.text)[1]
    answer = await client.open(file)
    assert answer.content == b"%PDF-1.7 contract"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    web_page = {"files": ("a.html", b"<html><script>", "text/plain")}
    answer = await client.client.post(place, data={"title": "Page"}, files=web_page)
    assert answer.status_code == 422
    answer = await client.client.post(place, data={"title": "Nothing"}, files={"files": ("", b"", "")})
    assert "Choose a file" in answer.text
    await client.post("/sign-out")
    assert (await client.open(file)).status_code == 404


async def test_an_officer_sets_a_day_in_their_name_and_withdraws_it(client, cast, complete, owner):
    await as_(client, owner, cast["officer"])
    early = london_today() + timedelta(days=10)
    due = datetime.combine(early, time(12), LONDON)
    await owner.execute("update tender set tenders_due_at = $1", due)
    await client.open(f"{complete}/timetable")
    assert "There is no lawful timetable with these days" in client.text
    await client.open(f"{complete}/override")
    typed = {"code": "tenders-due", **typed_day("day", early)}
    await client.submit(f"{complete}/override", **typed, reason="")
    assert client.errors() == ["Enter a reason"]
    await client.submit(f"{complete}/override", **typed, reason="Only framework suppliers may tender")
    assert client.status == 303, client.errors()
    await client.follow()
    assert "Set by Olga Officer" in client.text
    await client.open(f"{complete}/override/tenders-due")
    await client.submit(f"{complete}/override/tenders-due", reason="It was a mistake")
    await client.follow()
    assert "Withdrawn by Olga Officer" in client.text
    assert "There is no lawful timetable with these days" in client.text
    await client.open(f"{complete}/history")
    assert "in place of the law’s tables" in client.text


async def test_a_longer_list_takes_no_more_statements(client, cast, complete, owner, statements):
    numbers = []
    for count in (10, 20):
        await owner.execute(
            "insert into tender (id, pool_id, lead_code, title, category, procedure, model, contract_kind,"
            " state, published_at)"
            " select gen_random_uuid(), pool_id, 'LDS', 'x', 'gis-systems', 'open', 'one', 'works',"
            " 'terminated', now() from tender, generate_series(1, 10) limit 10"
        )
        statements.clear()
        await client.open("/tenders")
        assert client.text.count('<a class="govuk-link" href="/tenders/') == count
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 4, statements
