from __future__ import annotations

import hashlib
import re

import pytest
from argon2 import PasswordHasher

from tests import build
from tests.accounts.conftest import running_app
from tests.plain_browser import Browser
from values.actors import Role


@pytest.fixture
async def officer(db):
    built = await build.person(db, name="Olivia Marsh")
    await db.commit()
    return built


async def test_somebody_signs_in_and_out(browser, officer):
    await browser.sign_in(officer)
    assert browser.place == "/private"
    assert (await browser.follow()).text == "Olivia Marsh: officer"
    await browser.post("/sign-out")
    assert (await browser.open("/private")).headers["location"] == "/sign-in?next=/private"
    assert (await browser.open("/open")).text == "the public"


async def test_the_public_is_led_to_sign_in_and_back_with_the_whole_address(browser, officer):
    answer = await browser.open("/people?q=a&page=2")
    assert answer.headers["location"] == "/sign-in?next=/people%3Fq%3Da%26page%3D2"
    await browser.follow()
    await browser.submit("/sign-in", email=officer.email, password=officer.password)
    assert browser.place == "/people?q=a&page=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "evil",
        "javascript:alert(1)",
    ],
)
async def test_sign_in_never_leads_to_another_site(browser, officer, wanted):
    await browser.open("/sign-in")
    await browser.post(
        "/sign-in", next=wanted.replace("%09", "\t"), email=officer.email, password=officer.password
    )
    assert browser.status == 303
    assert browser.place == "/"


async def test_the_address_is_taken_in_any_spelling(browser, officer):
    await browser.open("/sign-in")
    await browser.submit("/sign-in", email=f"  {officer.email.upper()} ", password=officer.password)
    assert browser.status == 303


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser, officer):
    pages = []
    for email in (officer.email, "nobody@example.org"):
        await browser.open("/sign-in")
        await browser.submit("/sign-in", email=email, password="wrong wrong wrong")
        assert browser.status == 422
        assert browser.token is None
        pages.append(browser.text.replace(email, "…"))
    assert pages[0] == pages[1]
    assert browser.errors() == ["Enter the e-mail address and password of your account"]


async def test_an_unknown_address_costs_the_same_hashing(small_app, officer):
    passwords = small_app.state.entrance.passwords
    done = []
    verify = passwords._verify
    passwords._verify = lambda stored, typed: done.append(stored[:20]) or verify(stored, typed)
    async with Browser(small_app) as browser:
        for email in (officer.email, "nobody@example.org"):
            await browser.post("/sign-in", email=email, password="wrong wrong wrong")
    assert len(done) == 2
    assert done[0] == done[1]  # the same algorithm and parameters


async def test_an_empty_form_says_what_to_enter(browser):
    await browser.open("/sign-in")
    await browser.submit("/sign-in", email="", password="")
    assert browser.status == 422
    assert browser.errors() == ["Enter an e-mail address", "Enter your password"]
    assert "<title>Error: Sign in" in browser.text


async def test_a_session_that_was_planted_is_not_taken_over(browser, officer):
    browser.client.cookies.set("bt", "A" * 43, domain="127.0.0.1")
    planted = browser.token
    await browser.open("/sign-in")
    await browser.submit("/sign-in", email=officer.email, password=officer.password)
    browser.client.cookies.clear()
    browser.client.cookies.set("bt", planted, domain="127.0.0.1")
    assert (await browser.open("/private")).status_code == 303


async def test_every_sign_in_gets_a_new_token_and_ends_the_old_one(browser, officer, owner):
    await browser.sign_in(officer)
    first = browser.token
    await browser.post("/sign-in", email=officer.email, password=officer.password)
    assert browser.token != first
    assert await owner.fetchval("select count(*) from session") == 1
    browser.client.cookies.clear()
    browser.client.cookies.set("bt", first, domain="127.0.0.1")
    assert (await browser.open("/private")).status_code == 303


async def test_the_database_holds_only_the_hash_of_a_token(browser, officer, owner):
    await browser.sign_in(officer)
    stored = await owner.fetchval("select token_hash from session")
    assert stored == hashlib.sha256(browser.token.encode()).digest()


@pytest.mark.parametrize(
    ("change", "alive"),
    [
        ("seen_at = now() - interval '59 minutes'", True),
        ("seen_at = now() - interval '61 minutes'", False),
        ("created_at = now() - interval '11 hours 59 minutes'", True),
        ("created_at = now() - interval '12 hours 1 second'", False),
    ],
)
async def test_a_session_ends_when_idle_for_an_hour_or_twelve_hours_old(
    browser, officer, owner, change, alive
):
    await browser.sign_in(officer)
    await owner.execute(f"update session set {change}")
    assert ((await browser.open("/private")).status_code == 200) is alive


async def test_reading_a_page_writes_that_at_most_once_a_minute(browser, officer, owner):
    await browser.sign_in(officer)
    await owner.execute("update session set seen_at = now() - interval '30 seconds'")
    before = await owner.fetchval("select seen_at from session")
    await browser.open("/private")
    assert await owner.fetchval("select seen_at from session") == before
    await owner.execute("update session set seen_at = now() - interval '61 seconds'")
    await browser.open("/private")
    assert await owner.fetchval("select seen_at from session") > before


async def test_signing_out_everywhere_ends_all_sessions_and_nobody_elses(
    browser, other_browser, officer, db, owner
):
    somebody = await build.person(db)
    await db.commit()
    await browser.sign_in(officer)
    await other_browser.sign_in(officer)
    await browser.open("/account")
    await browser.submit("/account/sign-out-everywhere")
    assert (await other_browser.open("/private")).status_code == 303
    await other_browser.sign_in(somebody)
    assert (await other_browser.open("/private")).status_code == 200
    assert await owner.fetchval("select count(*) from session") == 1


async def test_one_session_is_ended_by_its_owner_alone(browser, other_browser, officer, db, owner):
    somebody = await build.person(db)
    await db.commit()
    await browser.sign_in(officer)
    session_id = await owner.fetchval("select id from session")
    await other_browser.sign_in(somebody)
    assert (await other_browser.post(f"/account/sessions/{session_id}/end")).status_code == 404
    assert (await browser.open("/private")).status_code == 200


async def test_too_many_tries_for_an_address_are_refused_even_with_the_right_password(browser, officer):
    for _ in range(10):
        await browser.post("/sign-in", email=officer.email, password="wrong wrong wrong")
        assert browser.status == 422
    await browser.post("/sign-in", email=officer.email, password=officer.password)
    assert browser.status == 429
    assert browser.errors() == ["There were too many tries. Wait 15 minutes, then try again"]
    assert browser.token is None


async def test_tries_are_forgotten_after_a_quarter_of_an_hour_and_after_success(browser, officer, owner):
    for _ in range(9):
        await browser.post("/sign-in", email=officer.email, password="wrong wrong wrong")
    await browser.sign_in(officer)
    await browser.post("/sign-out")
    for _ in range(10):
        await browser.post("/sign-in", email=officer.email, password="wrong wrong wrong")
    await owner.execute("update throttle set until = now() - interval '1 second'")
    await browser.sign_in(officer)


async def test_a_network_cannot_try_many_addresses(browser, small_app, owner):
    await browser.post("/sign-in", email="a@example.org", password="wrong wrong wrong")
    await owner.execute("update throttle set hits = 200 where key like 'sign-in-network:%'")
    await browser.post("/sign-in", email="b@example.org", password="wrong wrong wrong")
    assert browser.status == 429
    async with Browser(small_app, network="198.51.100.7") as elsewhere:
        await elsewhere.post("/sign-in", email="b@example.org", password="wrong wrong wrong")
        assert elsewhere.status == 422


async def test_the_counts_name_nobody(browser, officer, owner):
    await browser.post("/sign-in", email=officer.email, password="wrong wrong wrong")
    keys = [row["key"] for row in await owner.fetch("select key from throttle")]
    assert len(keys) == 2
    assert all(re.fullmatch(r"[a-z-]+:[0-9a-f]{32}", key) for key in keys)


async def test_a_person_without_an_organisation_cannot_sign_in(browser, officer, owner):
    await owner.execute("delete from membership")
    await browser.post("/sign-in", email=officer.email, password=officer.password)
    assert browser.status == 422


async def test_a_session_ends_with_the_membership_and_with_the_person(browser, officer, owner):
    await browser.sign_in(officer)
    await owner.execute("update person set disabled_at = now()")
    assert (await browser.open("/private")).status_code == 303
    await owner.execute("update person set disabled_at = null")
    assert (await browser.open("/private")).status_code == 200
    await owner.execute("delete from membership")
    assert (await browser.open("/private")).status_code == 303


async def test_a_person_acts_for_one_of_their_organisations_at_a_time(browser, officer, db):
    await build.membership(db, officer.id, build.council("CMD"), Role.SECTOR_LEAD)
    await db.commit()
    await browser.sign_in(officer)
    first = (await browser.open("/private")).text
    await browser.open("/account")
    other = re.search(r'action="(/account/act-for/[^"]+)"', browser.text)[1]
    await browser.submit(other)
    assert {first, (await browser.open("/private")).text} == {
        "Olivia Marsh: officer",
        "Olivia Marsh: sector_lead",
    }
    await browser.post(f"/account/act-for/{build.council('BNS')}")
    assert browser.status == 404


async def test_a_password_with_weak_parameters_is_hashed_anew_at_sign_in(browser, officer, owner):
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(officer.password)
    await owner.execute("update credential set password_hash = $1", weak)
    await browser.sign_in(officer)
    assert await owner.fetchval("select password_hash from credential") != weak
    await browser.post("/sign-out")
    await browser.sign_in(officer)


async def test_sign_ins_are_in_the_audit_trail_without_secrets(browser, officer, owner):
    await browser.post("/sign-in", email=officer.email, password="wrong wrong wrong")
    await browser.sign_in(officer)
    entries = await owner.fetch("select * from audit_entry where action <> 'register.loaded' order by id")
    assert [row["action"] for row in entries] == ["sign-in.refused", "session.opened"]
    assert entries[1]["person_id"] == officer.id
    said = " ".join(str(value) for row in entries for value in row.values())
    assert officer.password not in said
    assert browser.token not in said


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(database, officer):
    for address, name, extra in (
        ("https://buy.example.org", "__Host-bt", {"secure"}),
        ("http://127.0.0.1", "bt", set()),
    ):
        async with running_app(database, address) as app, Browser(app, address) as browser:
            answer = await browser.post("/sign-in", email=officer.email, password=officer.password)
            [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}=")]
            marks = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert marks == {"path=/", "httponly", "samesite=lax"} | extra
            assert (await browser.open("/private")).status_code == 200
