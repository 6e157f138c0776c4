"""The life of a contract over the database, walked on pages; who is reminded of what it owes."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from notifications.tasks import tell
from ocds.queries import events, processes
from ocds.queries.events import Wanted
from ocds.rules.releases import releases
from store.db import transaction
from store.jobs import Work
from tenders.actions.contracts import noticing, reminding, signing
from tenders.queries import awards
from tests.ocds import schemas
from tests.ocds.made import PUBLISHER
from tests.tenders import signed
from tests.tenders.test_routes import as_, fresh, typed_day
from values.actors import PUBLIC, Actor
from values.refusals import NotAllowed, Refused
from values.years import london_today

TODAY = london_today()
CLOCK = Actor(name="clock")


class Walk:
    """Somebody on the pages of a contract."""

    def __init__(self, client, place):
        self.client, self.place = client, place

    async def step(self, path, **typed):
        """Open a page, send its form, and expect it to be taken."""
        await self.client.open(f"{self.place}/{path}")
        await self.client.submit(f"{self.place}/{path}", **typed)
        assert self.client.status == 303, (path, self.client.errors())

    async def tell(self, code, about, reference):
        """Prepare a notice, export it, and record that the platform published it."""
        await self.client.open(self.place)
        await self.client.post(f"{self.place}/notices/new", code=code, about=str(about))
        assert self.client.status == 303, self.client.errors()
        notice = self.client.place
        for end in ("notice.json", "notice.txt"):
            assert (await self.client.open(f"{notice}/{end}")).status_code == 200
        await self.client.open(notice)
        said = {"reference": reference, **typed_day("published_on", TODAY), "published_time": "00:00"}
        await self.client.submit(f"{notice}/confirm", **said)
        assert self.client.status == 303, self.client.errors()


async def open_data(running):
    """Everybody reads what was published of the contract as data, and nothing of what was not."""
    async with transaction(running.bidding.sessions, PUBLIC) as db:
        (process,) = await processes.processes(db, [running.tender])
        listed = await events.events(db, Wanted(), limit=100)
    found = releases(PUBLISHER, process)
    assert {(each.name, each.at) for each in found} == {(each.name, each.at) for each in listed}
    for each in found:
        assert schemas.errors(each.body) == []
    (contract,) = found[-1].body["contracts"]
    performed = contract["implementation"]
    assert [each["observations"][0]["measure"] for each in performed["metrics"]] == ["99.5 %"] * 3
    assert [each["penaltyType"] for each in performed["performanceFailures"]] == ["imposed"]
    assert [each["value"]["amountGross"] for each in performed["transactions"]] == [40_000]
    (amendment,) = contract["amendments"]
    assert (contract["value"], contract["proposedAmendments"]) == (amendment["value"], [])
    assert contract["value"]["amountGross"] == 7_500_000
    assert contract["terminationRationaleClassifications"][0]["id"] == "agreed"
    text = json.dumps([each.body for each in found])
    # Evidence of readings, invoices, and who recorded what stay with the buyers.
    assert not any(f'"{secret}"' in text for secret in ("Log", "4711", "Olga Officer"))


async def test_a_contract_is_lived_on_pages_from_the_signature_to_its_end(
    client, running, cast, owner, tmp_path
):
    tender = f"/tenders/{running.tender}"
    await as_(client, owner, cast["officer"])
    (award,) = (await running.read(awards.page)).awards
    await client.open(f"{tender}/awarded")
    await client.submit(
        f"{tender}/awarded/contract/{award.lot_id}",
        reference="C-1",
        **typed_day("signed_on", TODAY),
        value_gross_pence="6,000,000",
        **typed_day("starts_on", TODAY),
        **typed_day("ends_on", TODAY + timedelta(days=1460)),
    )
    assert client.status == 303, client.errors()
    contract = await owner.fetchval("select id from tender_contract")
    walk = Walk(client, f"{tender}/contracts/{contract}")
    for path in (
        "",
        "/history",
        "/payments",
        "/changes/new",
        "/documents/new",
        "/end",
        "/breach",
        "/reading",
    ):
        assert (await client.open(f"{walk.place}{path}")).status_code == 200, path
    await client.open(f"{tender}/contracts")
    assert "C-1" in client.text
    await client.post("/sign-out")
    assert (await client.open(walk.place)).status_code == 404

    await as_(client, owner, cast["officer"])
    await client.open(walk.place)
    await client.submit(f"{walk.place}/take-on")
    await walk.tell("UK7", contract, "060001-2026")
    file = tmp_path / "contract.txt"
    file.write_text("The contract, without prices of parts")
    paper = await running.act(
        "officer",
        noticing.add_document,
        contract,
        kind="contract",
        about_id=contract,
        title="Contract",
        withheld="Prices of parts: sensitive commercial information (section 94(2))",
        file=("contract.txt", "text", file),
    )
    await walk.step(f"documents/{paper}/publish", reference="060002-2026", **typed_day("published_on", TODAY))
    await client.post("/sign-out")
    await client.open(walk.place)
    assert "060001-2026" in client.text
    assert "sensitive commercial information" in client.text
    assert "Looked after by" not in client.text
    assert (await client.open(f"{walk.place}/documents/{paper}/original")).text == file.read_text()

    await as_(client, owner, cast["officer"])
    days = {**typed_day("from_on", TODAY), **typed_day("until_on", TODAY)}
    await client.open(f"{walk.place}/assess")
    await client.submit(f"{walk.place}/assess", **days)
    assert "Indicator 1, Indicator 2, Indicator 3" in client.text
    for number in (1, 2, 3):
        more = {"kpi_number": str(number), "value": "99.5 %", "rating": "good", "evidence": "Log"}
        await walk.step("reading", **days, **more)
    await walk.step("assess", **days)
    await walk.tell("UK9", await owner.fetchval("select id from contract_assessment"), "060003-2026")
    said = {"consequence": "damages", "words": "It was down for a week"}
    await walk.step("breach", **typed_day("applies_on", TODAY), **said)
    await walk.tell("UK9", await owner.fetchval("select id from contract_breach"), "060004-2026")

    asked = {"words": "A second reading room", "reason": "It opened"}
    await client.open(f"{walk.place}/changes/new")
    await client.submit(f"{walk.place}/changes/new", **asked, value_pence="3,000,001", widens_scope="y")
    assert client.status == 422
    assert "The law does not permit this change" in client.text
    await walk.step("changes/new", **asked, value_pence="1,500,000", widens_scope="y", ground="unforeseeable")
    change = await owner.fetchval("select id from contract_change")
    place = f"{walk.place}/changes/{change}"
    await client.open(place)
    assert "A contract change notice (UK10) comes before it" in client.text
    await as_(client, owner, cast["leeds"])
    await fresh(owner, cast["leeds"])
    await client.open(place)
    await client.submit(f"{place}/approve", code=cast["leeds"].code())
    assert client.status == 303, client.errors()
    await as_(client, owner, cast["officer"])
    await client.open(place)
    await client.submit(f"{place}/make", **typed_day("made_on", TODAY))
    assert "published before the change" in client.text
    await walk.tell("UK10", change, "060005-2026")
    await client.open(place)
    await client.submit(f"{place}/make", **typed_day("made_on", TODAY))
    assert client.status == 303, client.errors()

    bill = {"invoice": "4711", "sum_pence": "40,000", **typed_day("received_on", TODAY)}
    await walk.step("payments", **bill)
    invoice = await owner.fetchval("select id from contract_payment")
    await walk.step(f"payments/{invoice}/paid", **typed_day("paid_on", TODAY))
    await client.open(f"{walk.place}/payments")
    assert "Information about 1 payment is still to be published" in client.text
    published = {"reference": "060009-2026", **typed_day("published_on", TODAY)}
    await walk.step("payments/published", **published)
    await client.open(f"{walk.place}/payments/published")
    await client.submit(f"{walk.place}/payments/published", **published)
    assert client.errors() == [
        "No payment was made by that day of which information is still to be published."
    ]
    assert (await client.open("/duties/payments")).status_code == 200
    (paid,) = csv.DictReader(
        io.StringIO((await client.open("/duties/payments.csv")).content.decode("utf-8-sig"))
    )
    assert (paid["invoice"], paid["over_30_000"], paid["fields_of_section_70"]) == (
        "4711",
        "yes",
        "not verified",
    )

    await walk.step(
        "end", kind="agreed", whole="whole", **typed_day("ended_on", TODAY), words="The councils merged"
    )
    await walk.tell("UK11", await owner.fetchval("select id from contract_ending"), "060006-2026")
    await open_data(running)
    await client.open("/duties?state=all&mine=yes")
    assert "Looked after by Olga Officer" in client.text
    rows = csv.DictReader(
        io.StringIO((await client.open("/duties.csv?state=all")).content.decode("utf-8-sig"))
    )
    own = {(row["notice"], row["state"]): row["reference"] for row in rows if row["contract"] == "C-1"}
    assert own["UK7", "Done"] == "060001-2026"
    assert own["UK11", "Done"] == "060006-2026"
    assert own["UK10", "Done"] == "060005-2026"
    await as_(client, owner, cast["camden officer"])
    assert (await client.open(walk.place)).status_code == 200
    assert "Propose a change" not in client.text
    assert (await client.open(f"{walk.place}/end")).status_code == 403


async def test_a_contract_over_five_million_is_not_signed_without_indicators(running, owner):
    await owner.execute("set session_replication_role = replica")
    await owner.execute("delete from tender_kpi")
    await owner.execute("set session_replication_role = origin")
    with pytest.raises(Refused, match="at least three key performance indicators"):
        await signed.sign(running, value_gross_pence=500_000_001)
    await signed.sign(running, value_gross_pence=500_000_000)


async def test_a_council_is_reminded_once_as_a_day_comes_near_and_of_nothing_that_was_done(
    running, owner, sessions_jobs
):
    async def remind(day):
        async with transaction(sessions_jobs, CLOCK) as db:
            return await reminding.remind(db, CLOCK, day)

    contract = await signed.sign(running)
    assert await remind(TODAY) == 0
    due = await owner.fetchval("select details_due_on from tender_contract")
    assert await remind(due - timedelta(days=3)) == 1
    assert await remind(due) == 0
    resources = {"settings": SimpleNamespace(public_url="https://buy.example.org")}
    await tell(Work(sessions_jobs, CLOCK, resources=resources))
    told = await owner.fetch(
        "select p.name, n.text, n.href from notice n join person p on p.id = n.person_id"
        " join audit_entry a on a.id = n.entry_id where a.action = 'contract.duty_near'"
    )
    # Officers of Leeds, whose contract it is, and nobody of Camden.
    assert [row["name"] for row in told] == ["Olga Officer"]
    assert "reminds of the contract C-1: Contract details notice (UK7), due by" in told[0]["text"]
    assert told[0]["href"].endswith(f"/contracts/{contract}")


async def test_a_council_is_reminded_of_what_it_owes_whatever_it_buys_where_a_contract_touches_it(
    running, sessions_jobs, owner
):
    await signed.sign(running)
    year = TODAY.year + (date(TODAY.year, 3, 31) < TODAY)
    async with transaction(sessions_jobs, CLOCK) as db:
        await reminding.remind(db, CLOCK, date(year, 4, 20))
        assert await reminding.remind(db, CLOCK, date(year, 4, 27)) > 0
        assert await reminding.remind(db, CLOCK, date(year, 4, 27)) == 0
    rows = await owner.fetch(
        "select details ->> 'body_code' as body, details ->> 'duty' as duty, details ->> 'trigger' as why"
        " from audit_entry where action = 'council.duty_near'"
    )
    assert {row["body"] for row in rows} == {"LDS"}
    told = {row["duty"]: row["why"] for row in rows}
    assert "under a public contract in a half-year" in told["Payments compliance notice (UK17)"]


async def test_who_may_not_do_what_on_a_contract_is_told_so(running, cast):
    contract = await signed.sign(running)
    for who in ("camden officer", "leeds"):
        with pytest.raises(NotAllowed, match="Only an officer of"):
            await running.act(who, signing.take_on, contract)
