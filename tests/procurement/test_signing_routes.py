"""The agreement, signing and limits as people walk them; the second factor is asked for each signature."""

from __future__ import annotations

import asyncio
import hashlib
import re

import pytest

from procurement.rules.pools.agreement import Choices
from procurement.rules.pools.states import PoolState, Stage
from tests import build
from tests.plain_browser import Browser
from tests.procurement.pools import build_pool
from tests.procurement.signing import UNTIL, approver, day, make_version
from values.actors import Role

CHOICES = {
    "cost_sharing": "shapley",
    "liability_pence": "250,000",
    "leave_days": "14",
    "data_role": "joint",
}


@pytest.fixture
async def cast(db):
    pool_id = await build_pool(db, state=PoolState.AGREEING, stage=Stage.CONDITIONAL)
    made = {
        "officer": await build.person(db, name="Olga Officer"),
        "leeds": await approver(db, name="Lena Leeds", limit_pence=95_000_000),
        "second": await approver(db, name="Sam Second", limit_pence=None),
        "camden": await approver(db, "CMD", name="Cara Camden"),
        "outside": await build.person(db, organisation_id=build.council("MAN")),
        "lead": await build.person(
            db, Role.SECTOR_LEAD, organisation_id=build.council("LGA"), second_factor=True
        ),
        "operator": await build.person(
            db, Role.OPERATOR, organisation_id=build.council("LGA"), second_factor=True, name="Ola Operator"
        ),
    }
    await db.commit()
    return f"/pools/{pool_id}", made


@pytest.fixture
async def versioned(cast, sessions_app):
    place, made = cast
    await make_version(sessions_app, made["officer"].actor, place.split("/")[-1])
    return place, made


async def fresh(owner, person):
    """Let the code of this half minute count again: signing in used it up."""
    await owner.execute("update credential set totp_last_step = null where person_id = $1", person.id)


async def sign(client: Browser, place: str, **typed: str):
    await client.open(f"{place}/sign")
    form = {"sum_pence": "900,000", **day(UNTIL), **typed}
    return await client.submit(f"{place}/sign", **form)


async def test_the_lead_previews_makes_and_changes_a_version(client, cast):
    place, people = cast
    await client.sign_in(people["officer"])
    await client.open(f"{place}/agreement")
    assert "There is no version yet" in client.text
    await client.open(f"{place}/agreement/new")
    await client.submit(f"{place}/agreement/new", **CHOICES, then="preview")
    assert client.status == 200
    assert "Preview of version 1" in client.text
    assert "up to £250,000 in all" in client.text
    await client.submit(f"{place}/agreement/new", **CHOICES, then="make")
    assert client.place == f"{place}/agreement"
    await client.follow()
    assert "Version 1 was made" in client.text
    await client.open(f"{place}/agreement/new")
    changed = {**CHOICES, "leave_days": "7", "reason": "Leeds asked for a week"}
    await client.submit(f"{place}/agreement/new", **changed, then="preview")
    assert re.search(r"<del>7\.2 .*14 days", client.text)
    assert re.search(r"<ins>7\.2 .*7 days", client.text)
    assert "Signatures under version 1 end" in client.text
    await client.submit(f"{place}/agreement/new", **{**changed, "leave_days": "8"}, then="make")
    assert client.status == 422
    assert client.errors() == [
        "The pool or your choices changed since this preview. Read it again, then make the version."
    ]
    await client.submit(f"{place}/agreement/new", **{**changed, "leave_days": "8"}, then="make")
    assert client.status == 303
    await client.open(f"{place}/agreement/2")
    assert "Leeds asked for a week" in client.text
    assert re.search(r"<ins>7\.2 .*8 days", client.text)


async def test_choices_are_checked_at_their_fields(client, cast):
    place, people = cast
    await client.sign_in(people["officer"])
    await client.open(f"{place}/agreement/new")
    await client.submit(
        f"{place}/agreement/new", **{**CHOICES, "liability_pence": "-1", "leave_days": "400"}, then="preview"
    )
    assert client.status == 422
    assert client.errors() == ["The sum must be 0 or more", "Enter a whole number of days from 0 to 365"]
    await client.post(f"{place}/agreement/new", liability_pence="1", leave_days="1", then="make", seen="zz")
    assert client.errors() == ["Choose one of the answers that are offered"] * 2


async def test_the_download_has_the_hash_that_is_shown(client, versioned):
    place, people = versioned
    await client.sign_in(people["camden"])
    await client.open(f"{place}/agreement/1")
    shown = re.search(r"\b[0-9a-f]{64}\b", client.text)[0]
    answer = await client.open(f"{place}/agreement/1/text")
    assert hashlib.sha256(answer.content).hexdigest() == shown
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="agreement-')


async def test_members_and_sector_leads_read_and_others_do_not(client, versioned, owner):
    place, people = versioned
    for who, status in (("camden", 200), ("lead", 200), ("outside", 404), ("operator", 403)):
        await client.sign_in(people[who])
        for path in ("/agreement", "/agreement/1", "/agreement/1/text"):
            assert (await client.open(place + path)).status_code == status, (who, path)
        await client.post("/sign-out")
    await client.sign_in(people["officer"])
    assert (await client.open(f"{place}/agreement/9")).status_code == 404
    assert (await client.open(f"{place}/sign")).status_code == 403
    await client.post("/sign-out")
    await fresh(owner, people["camden"])
    await client.sign_in(people["camden"])
    assert (await client.open(f"{place}/agreement/new")).status_code == 403


async def test_an_approver_signs_and_the_sum_stays_with_the_council(client, versioned, owner):
    place, people = versioned
    await client.sign_in(people["leeds"])
    await client.open(f"{place}/sign")
    assert "£950,000.00" in client.text
    assert "By the estimates, in this pool your council would pay about" in client.text
    await fresh(owner, people["leeds"])
    await sign(client, place, code=people["leeds"].code())
    assert client.status == 303, client.errors()
    await client.follow()
    assert "Your council is committed up to £900,000.00" in client.text
    await client.open(f"{place}/sign")
    assert "Lena Leeds signed version 1 for your council already" in client.text
    await client.post("/sign-out")
    for who in ("camden", "lead"):
        await client.sign_in(people[who])
        for path in ("/agreement", "/agreement/1"):
            await client.open(place + path)
            assert "Lena Leeds" in client.text
            assert "900,000.00" not in client.text
        await client.post("/sign-out")


async def test_a_wrong_and_a_replayed_code_sign_nothing(client, versioned, owner):
    place, people = versioned
    leeds = people["leeds"]
    await client.sign_in(leeds)
    await sign(client, place, code=leeds.code())  # signing in used it up
    assert client.errors() == ["Enter the code that your app shows now"]
    await fresh(owner, leeds)
    right = leeds.code()
    await sign(client, place, code="000000" if right != "000000" else "111111")
    assert client.errors() == ["Enter the code that your app shows now"]
    assert await owner.fetchval("select count(*) from pool_signature") == 0
    assert (
        await owner.fetchval("select count(*) from audit_entry where action = 'second-factor.refused'") == 2
    )
    await sign(client, place, code=leeds.code())
    assert client.status == 303
    await client.open(f"{place}/sign/take-back")
    await client.submit(f"{place}/sign/take-back", reason="A slip")
    await client.follow()
    assert "The signature was taken back" in client.text
    await sign(client, place, code=leeds.code())  # and the first signature used up this one
    assert client.errors() == ["Enter the code that your app shows now"]
    await client.open(f"{place}/agreement/1")
    assert "A slip" in client.text


async def test_a_code_binds_one_council_once_when_it_is_sent_twice_at_once(client, versioned, owner):
    place, people = versioned
    leeds = people["leeds"]
    await client.sign_in(leeds)
    await fresh(owner, leeds)
    await client.open(f"{place}/sign")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.text)[1]
    form = {"seen": seen, "sum_pence": "900,000", **day(UNTIL), "code": leeds.code()}
    done = await asyncio.gather(*(client.client.post(f"{place}/sign", data=form) for _ in range(2)))
    assert sorted(answer.status_code for answer in done) == [303, 422]
    assert await owner.fetchval("select count(*) from pool_signature") == 1


async def test_codes_cannot_be_tried_out_on_the_form(client, versioned, owner):
    place, people = versioned
    leeds = people["leeds"]
    await client.sign_in(leeds)
    await fresh(owner, leeds)
    await client.open(f"{place}/sign")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.text)[1]
    form = {"seen": seen, "sum_pence": "900,000", **day(UNTIL)}
    wrong = "000000" if leeds.code() != "000000" else "111111"
    for _ in range(10):
        await client.post(f"{place}/sign", **form, code=wrong)
        assert client.status == 422
    await client.post(f"{place}/sign", **form, code=leeds.code())
    assert client.status == 429
    assert await owner.fetchval("select count(*) from pool_signature") == 0


async def test_what_is_refused_for_another_reason_uses_no_code_up(client, versioned, owner):
    place, people = versioned
    leeds = people["leeds"]
    await client.sign_in(leeds)
    await fresh(owner, leeds)
    code = leeds.code()
    await sign(client, place, code=code, sum_pence="950,000.01")
    assert client.errors() == ["You may commit your council up to £950,000. Enter that or less."]
    await sign(client, place, code=code, sum_pence="1,000")
    assert client.errors() == ["Check the sum: it is below what your council would pay by the estimates"]
    await client.submit(f"{place}/sign", code=code, sum_pence="1,000", **day(UNTIL), below="y")
    assert client.status == 303


async def test_a_version_made_while_the_form_was_open_is_told(client, versioned, owner, sessions_app):
    place, people = versioned
    leeds = people["leeds"]
    await client.sign_in(leeds)
    await client.open(f"{place}/sign")
    pool_id = place.split("/")[-1]
    await make_version(
        sessions_app, people["officer"].actor, pool_id, reason="Shorter", choices=Choices(leave_days=7)
    )
    await fresh(owner, leeds)
    await client.submit(f"{place}/sign", sum_pence="900,000", **day(UNTIL), code=leeds.code())
    assert client.errors() == ["A new version was made: version 2. Read it, then sign."]
    await client.submit(f"{place}/sign", sum_pence="900,000", **day(UNTIL), code=leeds.code())
    assert client.status == 303, client.errors()


async def test_without_a_limit_an_approver_reads_who_sets_it_and_then_signs(client, versioned, owner):
    place, people = versioned
    await client.sign_in(people["second"])
    await client.open(f"{place}/sign")
    assert "Nobody has set up to which sum you may commit your council." in client.text
    assert "Lena Leeds" in client.text
    own = f"/authority/{people['second'].organisation_id}/{people['second'].id}"
    await client.open(own)
    assert "Nobody sets their own limit" in client.text
    assert (await client.post(own, limit_pence="5")).status_code == 403
    await client.post("/sign-out")
    await client.sign_in(people["leeds"])
    await client.open("/account")
    assert 'href="/authority"' in client.text
    await client.open("/authority")
    await client.submit_after(own, limit_pence="-1")
    assert client.errors() == ["The sum must be 0 or more"]
    await client.submit_after(own, limit_pence="2,000,000")
    assert client.place == "/authority"
    await client.open(own)
    assert "£2,000,000.00" in client.text
    assert "Lena Leeds" in client.text
    await client.post("/sign-out")
    await fresh(owner, people["second"])
    await client.sign_in(people["second"])
    await fresh(owner, people["second"])
    await sign(client, place, code=people["second"].code())
    assert client.status == 303, client.errors()


async def test_an_operator_sets_limits_of_all_councils_and_the_council_reads_it(client, cast):
    _, people = cast
    await client.sign_in(people["operator"])
    await client.open("/authority?q=Camden")
    assert "Cara Camden" in client.text
    assert "Lena Leeds" not in client.text
    own = f"/authority/{people['camden'].organisation_id}/{people['camden'].id}"
    await client.submit_after(own, limit_pence="0")
    assert client.status == 303
    await client.post("/sign-out")
    await client.sign_in(people["camden"])
    await client.open(own)
    assert "Ola Operator" in client.text
    assert (
        await client.open(f"/authority/{people['leeds'].organisation_id}/{people['leeds'].id}")
    ).status_code == 404
    await client.post("/sign-out")
    await client.sign_in(people["lead"])
    assert (await client.open("/authority")).status_code == 403


async def test_an_officer_of_the_council_reads_limits_and_sets_none(client, cast):
    _, people = cast
    await client.sign_in(people["officer"])
    await client.open("/authority")
    assert "Lena Leeds" in client.text
    assert "Cara Camden" not in client.text
    own = f"/authority/{people['leeds'].organisation_id}/{people['leeds'].id}"
    await client.open(own)
    assert "Another approver of the council sets this" in client.text
    assert (await client.post(own, limit_pence="5")).status_code == 403
