from __future__ import annotations

import pytest

from accounts.rules import passwords as rules
from tests import build
from tests.accounts.worker import link_in_mail, run_jobs
from values.refusals import Refused

NEW = "saddle comet thimble"


@pytest.fixture
async def officer(db):
    built = await build.person(db, name="Olivia Marsh", email="olivia.marsh@example.org")
    await db.commit()
    return built


async def asked(browser, owner, sessions_jobs, email: str) -> str:
    await browser.open("/forgotten-password")
    await browser.submit("/forgotten-password", email=email)
    assert browser.status == 200
    await run_jobs(sessions_jobs, owner)
    return await link_in_mail(owner, "/reset")


async def test_a_forgotten_password_is_chosen_anew(browser, other_browser, officer, owner, sessions_jobs):
    await other_browser.sign_in(officer)
    link = await asked(browser, owner, sessions_jobs, officer.email.upper())
    await browser.open(link)
    await browser.open(link)
    await browser.submit(link, password=NEW)
    assert browser.place == "/sign-in"
    assert (await other_browser.open("/private")).status_code == 303, "all sessions end"
    await browser.post("/sign-in", email=officer.email, password=officer.password)
    assert browser.status == 422
    await browser.post("/sign-in", email=officer.email, password=NEW)
    assert browser.status == 303


async def test_a_reset_works_once(browser, officer, owner, sessions_jobs):
    link = await asked(browser, owner, sessions_jobs, officer.email)
    await browser.post(link, password=NEW)
    assert browser.status == 303
    await browser.post(link, password="another saddle comet")
    assert browser.status == 404
    assert (await browser.open(link)).status_code == 404
    await browser.post("/sign-in", email=officer.email, password=NEW)
    assert browser.status == 303


async def test_a_reset_works_for_an_hour(browser, officer, owner, sessions_jobs):
    link = await asked(browser, owner, sessions_jobs, officer.email)
    await owner.execute("update token set expires_at = now() - interval '1 second'")
    assert (await browser.open(link)).status_code == 404
    assert (await browser.post(link, password=NEW)).status_code == 404
    assert await owner.fetchval("select expires_at - created_at < interval '61 minutes' from token")


async def test_an_invented_token_opens_nothing(browser, officer):
    for token in ("A" * 43, "short", "A" * 2000):
        assert (await browser.open(f"/reset/{token}")).status_code == 404
        assert (await browser.open(f"/invitation/{token}")).status_code == 404


async def test_asking_says_and_does_the_same_for_an_unknown_address(browser, officer, owner, sessions_jobs):
    pages, jobs = [], []
    for email in (officer.email, "nobody@example.org"):
        await browser.post("/forgotten-password", email=email)
        pages.append((browser.status, browser.text.replace(email, "…")))
        jobs.append(await owner.fetchval("select count(*) from job"))
    assert pages[0] == pages[1]
    assert jobs == [1, 2]
    assert await owner.fetchval("select count(*) from mail") == 0, "the worker looks, not the request"
    await run_jobs(sessions_jobs, owner)
    assert [row["to_address"] for row in await owner.fetch("select * from mail")] == [officer.email]


async def test_nobody_is_flooded_with_resets(browser, officer):
    for _ in range(5):
        await browser.post("/forgotten-password", email=officer.email)
        assert browser.status == 200
    await browser.post("/forgotten-password", email=officer.email)
    assert browser.status == 429


async def test_changing_the_password_ends_the_other_sessions_and_the_resets(
    browser, other_browser, officer, owner, sessions_jobs
):
    link = await asked(browser, owner, sessions_jobs, officer.email)
    await other_browser.sign_in(officer)
    await browser.sign_in(officer)
    await browser.open("/account/password")
    await browser.submit("/account/password", current=officer.password, password=NEW)
    assert browser.place == "/account"
    await browser.follow()
    assert (await other_browser.open("/private")).status_code == 303
    assert (await other_browser.open(link)).status_code == 404
    assert await owner.fetchval("select count(*) from mail where subject like '%was changed'") == 1


async def test_changing_the_password_needs_the_current_one(browser, officer):
    await browser.sign_in(officer)
    await browser.post("/account/password", current="wrong wrong wrong", password=NEW)
    assert browser.status == 422
    assert browser.errors() == ["Enter your current password"]


async def test_an_easy_password_is_refused_where_it_is_chosen(browser, officer):
    await browser.sign_in(officer)
    await browser.open("/account/password")
    await browser.submit("/account/password", current=officer.password, password="Olivia.Marsh2026")
    assert browser.status == 422
    assert browser.errors() == ["Choose a password that is harder to guess, such as three random words"]
    assert officer.password not in browser.text


@pytest.mark.parametrize(
    "easy",
    [
        "passwordpassword",
        "P@ssw0rd12345",
        "Password1234!",
        "123456789012",
        "qwertyuiop12",
        "qwertyuiopasdfghjkl",
        "abcdefghijkl",
        "aaaaaaaaaaaaaa",
        "ababababababab",
        "letmein123456",
        "Welcome-2026-!!",
        "liverpoolfootball1",
        "buytogether2026",
        "Council-Password-1",
        "olivia marsh 1990",
        "olivia.marsh@example",
    ],
)
def test_what_is_tried_first_is_refused(easy):
    with pytest.raises(Refused, match="harder to guess"):
        rules.check(easy, about=("olivia.marsh@example.org", "Olivia Marsh"))


@pytest.mark.parametrize(
    "good",
    [
        "violin harbour mitten",
        "saddlecometthimble",
        "correct horse battery staple",
        "xK9#mQ2$vL7!pR",
        "ʻōlelo makuahine nui",
        "пароль длинный очень",
        "password of my grandmother's cat",
        "🎷 jazz at midnight",
    ],
)
def test_three_random_words_and_what_a_manager_makes_are_taken(good):
    rules.check(good, about=("olivia.marsh@example.org", "Olivia Marsh"))


@pytest.mark.parametrize(
    ("text", "match"), [("short words", "12 characters or more"), ("x y" * 100, "256 characters")]
)
def test_length_has_two_ends(text, match):
    with pytest.raises(Refused, match=match):
        rules.check(text)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert rules.normal("café ﬁsh") == rules.normal("cafe\u0301 fish")
