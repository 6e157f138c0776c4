from __future__ import annotations

import re

import pytest
from pyotp.totp import TOTP

from tests import build
from tests.plain_browser import Browser
from values.actors import Role


@pytest.fixture
async def approver(db):
    built = await build.person(db, Role.APPROVER, second_factor=True, name="Arthur Penrose")
    await db.commit()
    return built


@pytest.fixture
async def newcomer(db):
    built = await build.person(db, Role.OPERATOR, organisation_id=build.council("LGA"))
    await db.commit()
    return built


async def half_way(browser: Browser, person: build.Built) -> None:
    await browser.open("/sign-in?next=/private")
    await browser.submit("/sign-in", email=person.email, password=person.password)
    assert browser.status == 303


async def enrol(browser: Browser) -> tuple[str, list[str], str]:
    """Set a second factor up from the page; return the secret, the recovery codes and the code used."""
    await browser.open("/second-factor")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.text)[1].replace(" ", "")
    code = TOTP(secret).now()
    await browser.submit("/second-factor", code=code)
    assert browser.status == 200, browser.errors()
    return secret, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", browser.text), code


async def test_a_password_alone_shows_nothing_of_what_needs_more(browser, approver):
    await half_way(browser, approver)
    for path in ("/private", "/account", "/people", "/mail", "/account/password"):
        answer = await browser.open(path)
        assert answer.headers["location"].startswith("/sign-in/second-factor?next="), path
    assert (await browser.open("/open")).text == "the public"


async def test_the_right_code_completes_the_sign_in_under_a_new_token(browser, approver, owner):
    await half_way(browser, approver)
    before = browser.token
    await browser.open("/sign-in/second-factor?next=/private")
    await browser.submit("/sign-in/second-factor", code=approver.code())
    assert browser.place == "/private"
    assert browser.token != before
    assert (await browser.follow()).text == "Arthur Penrose: approver"
    browser.client.cookies.clear()
    browser.client.cookies.set("bt", before, domain="127.0.0.1")
    assert (await browser.open("/private")).headers["location"].startswith("/sign-in?")
    assert await owner.fetchval("select count(*) from session") == 1


async def test_the_page_that_was_asked_for_comes_after_both_steps_with_its_whole_address(browser, approver):
    await browser.open("/people?q=a&page=2")
    await browser.follow()
    await browser.submit("/sign-in", email=approver.email, password=approver.password)
    assert browser.place == "/sign-in/second-factor?next=/people%3Fq%3Da%26page%3D2"
    await browser.follow()
    await browser.submit("/sign-in/second-factor", code=approver.code())
    assert browser.place == "/people?q=a&page=2"


async def test_a_code_is_taken_once(browser, other_browser, approver):
    code = approver.code()
    await half_way(browser, approver)
    await browser.post("/sign-in/second-factor", code=code)
    assert browser.status == 303
    await half_way(other_browser, approver)
    await other_browser.post("/sign-in/second-factor", code=code)
    assert other_browser.status == 422
    assert other_browser.errors() == ["Enter the code that your app shows now"]
    await other_browser.post("/sign-in/second-factor", code=approver.code(steps=1))
    assert other_browser.status == 303


@pytest.mark.parametrize("steps", [-3, 3])
async def test_a_code_from_another_time_is_refused(browser, approver, steps):
    await half_way(browser, approver)
    await browser.post("/sign-in/second-factor", code=approver.code(steps=steps))
    assert browser.status == 422


@pytest.mark.parametrize("code", ["000", "abcdef", "１２３４５６", "1234567"])
async def test_what_is_no_code_is_refused(browser, approver, code):
    await half_way(browser, approver)
    await browser.post("/sign-in/second-factor", code=code)
    assert browser.status == 422


async def test_codes_cannot_be_tried_out(browser, approver):
    await half_way(browser, approver)
    wrong = "000000" if approver.code() != "000000" else "111111"
    for _ in range(10):
        await browser.post("/sign-in/second-factor", code=wrong)
    await browser.post("/sign-in/second-factor", code=approver.code())
    assert browser.status == 429
    await browser.post("/sign-in/recovery-code", recovery_code="abcde-fghjk")
    assert browser.status == 429


async def test_an_operator_reaches_nothing_before_setting_one_up(browser, newcomer):
    await half_way(browser, newcomer)
    for path in ("/private", "/people", "/mail", "/account"):
        assert (await browser.open(path)).headers["location"].startswith("/second-factor"), path
    await enrol(browser)
    assert (await browser.open("/private")).text.endswith(": operator")


async def test_recovery_codes_work_once_each(browser, newcomer):
    await half_way(browser, newcomer)
    _, codes, _ = await enrol(browser)
    assert len(set(codes)) == 8
    await browser.post("/sign-out")
    await half_way(browser, newcomer)
    await browser.open("/sign-in/recovery-code")
    await browser.submit("/sign-in/recovery-code", recovery_code=codes[0].upper().replace("-", " "))
    assert browser.status == 303
    assert (await browser.open("/private")).status_code == 200
    await browser.post("/sign-out")
    await half_way(browser, newcomer)
    await browser.post("/sign-in/recovery-code", recovery_code=codes[0])
    assert browser.status == 422
    assert browser.errors() == ["Enter one of your recovery codes that you did not use before"]


async def test_the_code_that_enrolled_does_not_sign_in_as_well(browser, newcomer):
    await half_way(browser, newcomer)
    _, _, code = await enrol(browser)
    await browser.post("/sign-out")
    await half_way(browser, newcomer)
    await browser.post("/sign-in/second-factor", code=code)
    assert browser.status == 422


async def test_a_wrong_first_code_keeps_the_same_picture(browser, newcomer):
    await half_way(browser, newcomer)
    await browser.open("/second-factor")
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.text)[1]
    right = TOTP(key.replace(" ", "")).now()
    await browser.submit("/second-factor", code="000000" if right != "000000" else "111111")
    assert browser.status == 422
    assert key in browser.text
    await browser.submit("/second-factor", code=right)
    assert browser.status == 200


async def test_a_secret_offered_to_one_person_does_not_enrol_another(browser, other_browser, newcomer, db):
    other = await build.person(db, Role.OPERATOR, organisation_id=build.council("LGA"))
    await db.commit()
    await half_way(browser, newcomer)
    await browser.open("/second-factor")
    sealed = re.search(r'name="sealed" value="([^"]+)"', browser.text)[1]
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.text)[1].replace(" ", "")
    await half_way(other_browser, other)
    await other_browser.post("/second-factor", sealed=sealed, code=TOTP(secret).now())
    assert other_browser.status == 422


async def test_the_picture_has_no_style_and_no_script(browser, newcomer):
    await half_way(browser, newcomer)
    await browser.open("/second-factor")
    svg = re.search(r"<svg.*?</svg>", browser.text, re.DOTALL)[0]
    assert "style" not in svg
    assert "script" not in svg
    assert browser.answer.headers["cache-control"] == "no-store"


async def test_the_secret_is_encrypted_in_the_database(browser, newcomer, owner):
    await half_way(browser, newcomer)
    secret, codes, _ = await enrol(browser)
    row = await owner.fetchrow("select * from credential where person_id = $1", newcomer.id)
    assert secret.encode() not in row["totp_secret"]
    assert build.SEALER.open(row["totp_secret"], newcomer.id) == secret
    assert build.SEALER.open(row["totp_secret"], build.council()) is None
    assert not {code.encode() for code in codes} & set(row["recovery_hashes"])


async def test_setting_up_another_app_needs_a_code_shown_lately_and_ends_other_sessions(
    browser, other_browser, approver, owner
):
    await other_browser.sign_in(approver)
    await owner.execute("update credential set totp_last_step = null")
    await browser.sign_in(approver)
    await owner.execute("update session set second_factor_at = now() - interval '11 minutes'")
    assert (await browser.open("/second-factor")).headers["location"].startswith("/sign-in/second-factor")
    await owner.execute("update session set second_factor_at = now()")
    await enrol(browser)
    assert (await browser.open("/private")).status_code == 200
    assert (await other_browser.open("/private")).status_code == 303


async def test_an_approver_cannot_turn_it_off_and_an_officer_can(browser, approver, db, owner):
    await browser.sign_in(approver)
    assert (await browser.post("/second-factor/turn-off")).status_code == 403
    await browser.post("/sign-out")
    officer = await build.person(db, second_factor=True)
    await db.commit()
    await browser.sign_in(officer)
    await browser.open("/second-factor/turn-off")
    await browser.submit("/second-factor/turn-off")
    assert browser.status == 303
    row = await owner.fetchrow("select * from credential where person_id = $1", officer.id)
    assert row["totp_secret"] is None


async def test_an_approver_elsewhere_cannot_turn_it_off_here(browser, db):
    officer = await build.person(db, second_factor=True)
    await build.membership(db, officer.id, build.council("CMD"), Role.APPROVER)
    await db.commit()
    await browser.sign_in(officer)
    assert (await browser.post("/second-factor/turn-off")).status_code == 403
