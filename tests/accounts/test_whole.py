"""This slice's pages inside the whole application."""

from __future__ import annotations

from tests import build
from values.actors import Role


async def test_an_approver_signs_in_with_both_factors_and_reads_their_account(client, db):
    approver = await build.person(db, Role.APPROVER, second_factor=True, name="Arthur Penrose")
    await db.commit()
    await client.sign_in(approver, next_="/account")
    await client.follow()
    assert client.heading() == "Your account"
    assert "Arthur Penrose" in client.text
    assert client.answer.headers["cache-control"] == "no-store"
    await client.submit("/sign-out")
    await client.follow()
    assert "You are signed out" in client.text


async def test_another_site_cannot_post_for_a_person(client, db):
    officer = await build.person(db)
    await db.commit()
    await client.sign_in(officer, next_="/account")
    answer = await client.client.post(
        "/account/sign-out-everywhere",
        headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert (await client.open("/account")).status_code == 200
