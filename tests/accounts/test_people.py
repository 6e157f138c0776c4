from __future__ import annotations

import re

import pytest

from accounts.rules import roles
from store.db import transaction
from tests import build
from tests.accounts.worker import link_in_mail
from values.actors import Actor, Role


@pytest.fixture
async def approver(db):
    built = await build.person(db, Role.APPROVER, second_factor=True, name="Arthur Penrose")
    await db.commit()
    return built


@pytest.fixture
async def operator(db):
    built = await build.person(
        db, Role.OPERATOR, organisation_id=build.council("LGA"), second_factor=True, name="Oona Fairweather"
    )
    await db.commit()
    return built


async def invite(browser, email: str, role: str, code: str = "LDS") -> None:
    await browser.open("/people/invite")
    await browser.submit("/people/invite", email=email, organisation=str(build.council(code)), role=role)


async def test_an_approver_invites_an_officer_who_joins(browser, other_browser, approver, owner):
    await browser.sign_in(approver)
    await invite(browser, "New.Officer@Example.org", "officer")
    assert browser.place == "/people", browser.errors()
    await browser.follow()
    assert "new.officer@example.org" in browser.text
    link = await link_in_mail(owner, "/invitation")
    await other_browser.open(link)
    assert "Leeds City Council" in other_browser.text
    await other_browser.submit(link, name="Nora Ashdown", password="saddle comet thimble")
    assert other_browser.place == "/sign-in"
    await other_browser.post(
        "/sign-in", email="new.officer@example.org", password="saddle comet thimble", next="/private"
    )
    assert (await other_browser.follow()).text == "Nora Ashdown: officer"
    assert (await other_browser.open(link)).status_code == 404
    assert await owner.fetchval("select count(*) from job where kind = 'accounts.send_mail'") == 1


async def test_an_invitation_works_once_and_for_a_week(browser, other_browser, approver, owner):
    await browser.sign_in(approver)
    await invite(browser, "new@example.org", "officer")
    link = await link_in_mail(owner, "/invitation")
    await owner.execute("update token set expires_at = now() - interval '1 second'")
    assert (await other_browser.post(link, name="Nora", password="saddle comet thimble")).status_code == 404
    await owner.execute("update token set expires_at = created_at + interval '7 days'")
    assert (await other_browser.post(link, name="Nora", password="saddle comet thimble")).status_code == 303
    assert (await other_browser.post(link, name="Eve", password="saddle comet thimble")).status_code == 404
    assert await owner.fetchval("select count(*) from person where email = 'new@example.org'") == 1


async def test_somebody_known_joins_without_a_new_password(browser, other_browser, approver, db, owner):
    known = await build.person(db, organisation_id=build.council("CMD"))
    await db.commit()
    await browser.sign_in(approver)
    await invite(browser, known.email, "officer")
    link = await link_in_mail(owner, "/invitation")
    await other_browser.open(link)
    await other_browser.post(link, name="Eve", password="another password of eve")
    assert other_browser.status == 303
    row = await owner.fetchrow("select name from person where id = $1", known.id)
    assert row["name"] == known.name
    await other_browser.post("/sign-in", email=known.email, password="another password of eve")
    assert other_browser.status == 422
    await other_browser.post("/sign-in", email=known.email, password=known.password)
    assert other_browser.status == 303
    assert await owner.fetchval("select count(*) from membership where person_id = $1", known.id) == 2


async def test_a_withdrawn_invitation_opens_nothing(browser, other_browser, approver, owner):
    await browser.sign_in(approver)
    await invite(browser, "new@example.org", "officer")
    link = await link_in_mail(owner, "/invitation")
    await browser.open("/people")
    await browser.submit(re.search(r'action="(/people/invitations/[^"]+)"', browser.text)[1])
    assert browser.place == "/people"
    assert (await other_browser.open(link)).status_code == 404


async def test_inviting_again_replaces_the_invitation_that_waits(browser, approver, owner):
    await browser.sign_in(approver)
    await invite(browser, "new@example.org", "officer")
    await invite(browser, "new@example.org", "officer")
    assert await owner.fetchval("select count(*) from token") == 1


async def test_nobody_is_invited_to_a_role_that_they_have(browser, approver, db):
    officer = await build.person(db)
    await db.commit()
    await browser.sign_in(approver)
    await invite(browser, officer.email, "officer")
    assert browser.status == 422
    assert browser.errors() == ["Somebody with this e-mail address has this role already"]


@pytest.mark.parametrize(
    ("role", "organisation"), [("operator", "LDS"), ("sector_lead", "LDS"), ("officer", "CMD")]
)
async def test_an_approver_gives_only_what_is_theirs_to_give(browser, approver, owner, role, organisation):
    await browser.sign_in(approver)
    await browser.open("/people/invite")
    await browser.post(
        "/people/invite", email="x@example.org", organisation=str(build.council(organisation)), role=role
    )
    assert browser.status == 422
    assert await owner.fetchval("select count(*) from token") == 0


async def test_an_officer_invites_nobody(browser, db, owner):
    officer = await build.person(db)
    await db.commit()
    await browser.sign_in(officer)
    assert (await browser.open("/people/invite")).status_code == 403
    await browser.post(
        "/people/invite", email="x@example.org", organisation=str(build.council()), role="officer"
    )
    assert browser.status == 403
    assert await owner.fetchval("select count(*) from token") == 0
    assert (await browser.open("/mail")).status_code == 403


async def test_an_operator_invites_to_any_organisation_that_has_the_role(browser, operator, owner):
    await browser.sign_in(operator)
    await invite(browser, "a@example.org", "approver", "BNS")
    assert browser.status == 303
    await invite(browser, "b@example.org", "supplier", "BNS")
    assert browser.status == 422
    assert browser.errors() == ["Nobody in such an organisation is called supplier. Choose another role."]
    await browser.open("/mail")
    assert "/invitation/" in browser.text


async def test_roles_are_changed_and_the_session_follows_at_once(browser, other_browser, approver, db):
    officer = await build.person(db, name="Olivia Marsh")
    await db.commit()
    await other_browser.sign_in(officer)
    await browser.sign_in(approver)
    member = f"/people/{build.council()}/{officer.id}"
    await browser.open(member)
    await browser.submit(member, roles=["officer", "approver"])
    assert browser.place == "/people"
    # Now an approver, and so without the second factor that approvers need.
    assert (await other_browser.open("/private")).headers["location"].startswith("/second-factor")
    await browser.submit_after(member, roles=["officer"])
    assert (await other_browser.open("/private")).text == "Olivia Marsh: officer"
    await browser.submit_after(member)
    assert browser.errors() == ["Choose at least one role, or remove the person"]


async def test_removing_asks_first_and_ends_sessions(browser, other_browser, approver, db, owner):
    officer = await build.person(db, name="Olivia Marsh")
    await db.commit()
    await other_browser.sign_in(officer)
    await browser.sign_in(approver)
    member = f"/people/{build.council()}/{officer.id}"
    await browser.open(f"{member}/remove")
    assert browser.heading() == "Remove Olivia Marsh?"
    assert (await other_browser.open("/private")).status_code == 200
    await browser.submit(f"{member}/remove")
    assert (await other_browser.open("/private")).status_code == 303
    actions = await owner.fetch("select action from audit_entry where action like 'member.%'")
    assert [row["action"] for row in actions] == ["member.removed"]


async def test_nobody_changes_their_own_roles(browser, approver, operator):
    for person in (approver, operator):
        await browser.sign_in(person)
        member = f"/people/{person.organisation_id}/{person.id}"
        await browser.post(member, roles=["officer"])
        assert browser.status == 403
        await browser.post(f"{member}/remove")
        assert browser.status == 403
        await browser.post("/sign-out")


async def test_people_of_another_council_are_not_there(browser, approver, db):
    stranger = await build.person(db, organisation_id=build.council("CMD"), name="Owen Achterberg")
    await db.commit()
    await browser.sign_in(approver)
    await browser.open("/people")
    assert "Owen" not in browser.text
    member = f"/people/{stranger.organisation_id}/{stranger.id}"
    for path in (member, f"{member}/remove"):
        assert (await browser.open(path)).status_code == 404
        assert (await browser.post(path, roles=["officer"])).status_code == 404


async def test_an_approver_cannot_touch_an_operator_in_the_same_body(browser, approver, db):
    operator = await build.person(db, Role.OPERATOR)
    await db.commit()
    await browser.sign_in(approver)
    member = f"/people/{build.council()}/{operator.id}"
    assert (await browser.post(member, roles=["officer"])).status_code == 403
    assert (await browser.post(f"{member}/remove")).status_code == 403


async def test_operators_find_people_by_name_address_and_organisation(browser, operator, approver, db):
    await build.person(db, organisation_id=build.council("CMD"), name="Owen Achterberg")
    await db.commit()
    await browser.sign_in(operator)
    for words, found, missing in (
        ("achter", "Owen", "Arthur"),
        ("leeds", "Arthur", "Owen"),
        ("%", "", "Owen"),
    ):
        await browser.open(f"/people?q={words}")
        assert found in browser.text
        assert missing not in browser.text


async def test_the_database_and_the_rules_agree_on_who_gives_what(sessions_app):
    for role in Role:
        actor = Actor(build.council(), build.council(), frozenset({role}), "x")
        async with transaction(sessions_app, actor) as db:
            theirs = (await db.connection()).exec_driver_sql("select app.grantable_roles()")
            assert set((await theirs).scalar_one()) == roles.grantable(actor), role
