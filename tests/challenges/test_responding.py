"""A firm that nobody knows: from the challenge to its receipt in half an hour, without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.main import create_app
from challenges.rules.content import FIRST_SECTIONS
from challenges.rules.effort import PROMISED_MINUTES, Effort
from tests.challenges import made
from tests.conformance import Node, parse
from tests.plain_browser import ADDRESS, Browser
from values.dates import day
from values.years import london_today

PASSWORD = "violin harbour mitten"

# A supplier of payments that has the company number which the firm declares later.
PAID = """
with one as (insert into supplier (id, name) values (gen_random_uuid(), 'Dampometer Ltd') returning id)
insert into supplier_identifier (id, supplier_id, scheme, identifier, seen_in)
  select gen_random_uuid(), id, 'GB-COH', '01234567', 'LDS' from one
"""


class Reader:
    """Counts what a person meets on the pages that they pass."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.read, self.fields = browser, 0, 0

    async def open(self, path):
        await self.browser.open(path)
        self.look()

    def look(self):
        main = parse(self.browser.text).all("main")[0]
        self.read += len(words(main).split())
        for field in main.all("input", "select"):
            self.fields += field.attrs.get("type") != "hidden"


def words(node: Node) -> str:
    return " ".join(child if isinstance(child, str) else words(child) for child in node.children)


async def token_of(owner, email):
    body = await owner.fetchval("select body from mail where to_address = $1", email)
    return re.search(r"/register/(\S+)", body)[1]


async def test_a_new_firm_gets_through_in_under_half_an_hour(hidden, application, owner):
    async with Browser(application, ADDRESS) as browser:
        person = Reader(browser)
        place = f"/challenges/{hidden}"
        await person.open(place)
        assert "not known yet" in browser.text
        await person.open("/register")
        await browser.submit("/register", firm="Bright Idea Ltd", email="new@example.org")
        person.look()
        token = await token_of(owner, "new@example.org")
        await person.open(f"/register/{token}")
        await browser.submit(f"/register/{token}", name="Nia New", password=PASSWORD)
        assert browser.status == 303
        await person.open(f"/sign-in?next={place}/response")
        await browser.submit("/sign-in", email="new@example.org", password=PASSWORD)
        await person.open(f"{place}/response")
        await browser.submit(f"{place}/response")
        await person.open(f"{place}/response/write")
        written = {f"answer{n}": "word " * each.most_words for n, each in enumerate(FIRST_SECTIONS, 1)}
        await browser.submit(
            f"{place}/response/write",
            **written,
            product="Bright Idea",
            price_high="25,000",
            readiness="6",
        )
        await browser.follow()
        await browser.submit(f"{place}/response/submit")
        await browser.follow()
        person.look()
        assert "Response submitted" in browser.text
        composed = sum(each.most_words for each in FIRST_SECTIONS)
        effort = Effort(person.read, person.fields, composed)
        assert effort.minutes < PROMISED_MINUTES, effort
        receipt = re.search(rf"{place}/response/receipts/[\w-]+/receipt.txt", browser.text)[0]
        text = (await browser.open(receipt)).text
        await browser.submit_after("/challenges/receipts", text=text)
        assert "This receipt is ours" in browser.text
        await browser.submit("/challenges/receipts", text=text.replace("SHA-256: ", "SHA-256: 0"))
        assert "not ours" in browser.text


async def test_a_draft_that_is_too_long_is_kept_and_not_handed_in(browse, hidden, owner):
    firm = await browse("author")
    place = f"/challenges/{hidden}/response"
    await firm.submit_after(place)
    await firm.submit_after(f"{place}/write", answer1="word " * 130, price_low="9", price_high="8")
    assert firm.errors() == ["The highest price must not be below the lowest"]
    await firm.submit(f"{place}/write", answer1="word " * 200, price_low="", price_high="8")
    await firm.open(place)
    assert "“What you would do” has 200 words" in firm.text
    assert "Submit the response" not in firm.text
    await firm.open("/responses")
    assert "Damp is found" in firm.text
    await firm.submit_after(
        "/assurance", **{"cyber-essentials": "yes", "cyber-essentials-evidence": "x" * 501}
    )
    assert len(firm.errors()) == 1
    await firm.submit("/assurance", **{"cyber-essentials": "yes"})
    await firm.open(place)
    assert "Cyber Essentials: yes" in firm.text
    assert "Not declared" in firm.text
    await firm.submit_after("/firm", voluntary="no")
    assert firm.errors() == ["Choose the size of your firm"]
    for size, voluntary in (("small", "no"), ("medium", "yes")):
        await firm.submit("/firm", size=size, voluntary=voluntary)
        await firm.open("/firm")
    said = "medium-sized; voluntary, community or social enterprise"
    assert f"Declared {day(london_today())} by Asha Author: {said}." in firm.text
    assert "Asha Author: Declared: Small" in firm.text
    assert "£44,000,000" in firm.text
    await firm.open(place)
    assert "Medium-sized; voluntary" in firm.text
    await owner.execute(PAID)
    await firm.open("/firm")
    await firm.submit("/firm/numbers", company_number="12")
    assert firm.errors()[0].startswith("Enter the company number as Companies House writes it")
    await firm.submit("/firm/numbers", company_number=" 1234567 ")
    await firm.open("/firm")
    assert "Asha Author: Companies House 01234567." in firm.text
    assert "Dampometer Ltd" in firm.text
    rival = await browse("rival")
    await rival.open("/firm")
    await rival.submit("/firm/numbers", company_number="01234567")
    assert len(rival.errors()) == 1
    assert "Another firm that is registered here has said this number" in rival.errors()[0]
    assert "Small Firm" not in rival.text
    await rival.submit("/firm/numbers", none_because="A sole trader")
    officer = await browse("officer")
    assert (await officer.open("/firm")).status_code == 403


async def test_sponsors_read_responses_after_the_deadline_without_names(browse, hidden, owner):
    firm = await browse("author")
    place = f"/challenges/{hidden}"
    await firm.submit_after(f"{place}/response")
    answers = {f"answer{n}": f"Words of section {n}" for n in range(1, 5)}
    await firm.submit_after(
        f"{place}/response/write", **answers, product="Dampometer", price_high="25,000", readiness="6"
    )
    await firm.open(f"{place}/response")
    await firm.submit(f"{place}/response/submit")
    await firm.open(f"{place}/response")
    await firm.submit(f"{place}/response/withdraw")
    await firm.open(f"{place}/response")
    await firm.submit(f"{place}/response/submit")
    officer = await browse("officer")
    await officer.open(f"{place}/responses")
    assert "Nobody but the firms themselves reads responses" in officer.text
    await made.close(owner, hidden)
    await officer.open(f"{place}/responses")
    assert "Words of section 4" in officer.text
    assert "Dampometer" not in officer.text
    assert "Small Firm" not in officer.text
    await firm.open(place)
    assert "Being judged" in firm.text
    assert (await firm.open(f"{place}/response/write")).status_code == 422


async def test_a_firm_asks_without_a_name_and_all_read_the_answer(browse, hidden, owner):
    firm, officer = await browse("author"), await browse("officer")
    place = f"/challenges/{hidden}/questions"
    await firm.submit_after(f"{place}/ask", words="How thick are the walls?", follow="y")
    await officer.open(place)
    assert "How thick are the walls?" in officer.text
    assert "Small Firm" not in officer.text
    question = await owner.fetchval("select id from question")
    await officer.submit_after(
        f"{place}/{question}", words="How thick?", answer="Thirty centimetres", ground=""
    )
    await officer.submit_after(f"{place}/publish", only=str(question))
    public = await browse("public")
    await public.open(place)
    assert "Thirty centimetres" in public.text
    await firm.submit_after(f"{place}/ask", words="And the roof?")
    second = await owner.fetchval("select id from question where words like 'And%'")
    await firm.submit_after(f"{place}/{second}/withdraw")
    await firm.open(place)
    await firm.submit(f"/challenges/{hidden}/unfollow")
    assert firm.status == 303


async def test_firms_look_for_partners_without_names_and_councils_do_not_see_it(browse, hidden):
    firm, rival, officer = await browse("author"), await browse("rival"), await browse("officer")
    place = f"/challenges/{hidden}/partners"
    until = london_today() + timedelta(days=5)
    await firm.submit_after(place, brings="", seeks="Somebody who fits sensors")
    assert firm.errors()
    boxes = {"until-day": until.day, "until-month": until.month, "until-year": until.year}
    await firm.submit(place, brings="We read walls", seeks="Somebody who fits sensors", aware="y", **boxes)
    assert firm.status == 303, firm.errors()
    await rival.open(place)
    assert "Somebody who fits sensors" in rival.text
    assert "Small Firm" not in rival.text
    assert (await officer.open(place)).status_code == 403


async def test_a_registration_is_used_once_and_a_name_is_taken_once(cast, application, owner):
    async with Browser(application, ADDRESS) as browser:
        await browser.submit_after("/register", firm="see www.example.com", email="x")
        assert browser.errors() == [
            "Enter a name, without an address",
            "Enter an e-mail address in the correct format, like name@example.com",
        ]
        await browser.submit("/register", firm="small firm ltd", email="late@example.org")
        token = await token_of(owner, "late@example.org")
        await browser.submit_after(f"/register/{token}", name="Late", password=PASSWORD)
        assert browser.errors()[0].startswith("A firm of this name is registered already")
        await browser.submit_after("/register", firm="Other Ltd", email=cast["rival"].email)
        token = await token_of(owner, cast["rival"].email)
        # Somebody who is known keeps name and password.
        await browser.submit_after(f"/register/{token}")
        assert browser.status == 303
        assert (await browser.open(f"/register/{token}")).status_code == 404
        rows = await owner.fetch(
            "select o.name from membership m join organisation o on o.id = m.organisation_id"
            " where m.person_id = $1 order by 1",
            cast["rival"].id,
        )
        assert [row["name"] for row in rows] == ["Other Ltd", "Rival Ltd"]
        for _ in range(3):
            await browser.submit_after("/register", firm="Many Ltd", email="many@example.org")
        await browser.submit_after("/register", firm="Many Ltd", email="many@example.org")
        assert browser.status == 429


async def test_nobody_reads_who_asked_to_register(ask, cast, application, owner):
    async with Browser(application, ADDRESS) as browser:
        await browser.submit_after("/register", firm="Quiet Ltd", email="quiet@example.org")
    assert await owner.fetchval("select count(*) from registration") == 1
    for who in ("operator", "officer", "author", "public"):
        with pytest.raises(Exception, match="permission denied"):
            await ask(who, "select * from registration")


async def test_where_registration_is_switched_off_an_operator_registers_a_firm(
    application, assets, database, cast, owner
):
    settings = replace(application.state.settings, registration=False, contact="0113 496 0000")
    closed = create_app(settings, database_url=database.app, assets=assets)
    async with closed.lifespan(), Browser(closed, ADDRESS) as firm:
        assert "Register your firm" not in (await firm.open("/challenges")).text
        assert "How a firm is registered" in (await firm.open("/sign-in")).text
        assert "0113 496 0000" in (await firm.open("/register")).text
        answer = await firm.client.post("/register", data={"firm": "Shut Ltd", "email": "x@example.org"})
        assert answer.status_code == 403
        assert await owner.fetchval("select count(*) from registration") == 0
        async with Browser(closed, ADDRESS) as operator:
            await operator.sign_in(cast["operator"])
            assert "Register a firm" in (await operator.open("/people")).text
            await operator.submit_after("/register", firm="Let In Ltd", email="in@example.org")
        token = await token_of(owner, "in@example.org")
        await firm.submit_after(f"/register/{token}", name="Ina In", password=PASSWORD)
        assert firm.status == 303
